/** What `duty.yaml` may say: the duty desks, how long each may take to answer, and how alarms come to them. */
import Type, { type Static } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import { CLOCKS, DUTY_LEVELS, type DutyLevel } from '../../model/duty.ts'
import { PRACTICE } from '../../model/handling.ts'
import { formatDuration } from '../../model/time.ts'
import { TextSchema, TimeOfDay, WordSchema } from './site-schema.ts'

const count = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000, default: fallback, description })
const span = (fallback: number, description: string) =>
  DurationSchema({ default: formatDuration(fallback), description })

const DeskSchema = Type.Object({
  id: Type.Unsafe<string>({
    ...WordSchema,
    description: 'Names the desk in alarms, in the shift log, and in notification.',
  }),
  name: Type.Optional(TextSchema),
  level: Type.Unsafe<DutyLevel>({ enum: DUTY_LEVELS, description: 'Its level in the duty tree.' }),
  sites: Type.Optional(
    Type.Array(Type.String(), { minItems: 1, description: 'It hears of the alarms of these sites first.' }),
  ),
  region: Type.Optional(
    Type.String({ minLength: 1, description: 'Or of every site in this region that no other desk hears of first.' }),
  ),
  parent: Type.Optional(
    Type.Unsafe<string>({
      ...WordSchema,
      description: 'The desk above it, to which it hands on what it does not answer in time.',
    }),
  ),
  contacts: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description:
      'Who sits there: names of recipients of `notify:` in davy.yaml. Routes with `contacts: true` tell them.',
  }),
  quiet: Type.Optional(
    Type.Object(
      { from: Type.Unsafe<string>({ ...TimeOfDay }), to: Type.Unsafe<string>({ ...TimeOfDay }) },
      { description: 'Hours of the day in which a notice, the lowest severity and no other, waits for the morning.' },
    ),
  ),
  timezone: Type.String({ default: 'Asia/Shanghai', description: 'IANA name of the zone of `quiet`.' }),
})

const clock = (severity: Severity) =>
  Type.Object(
    {
      ack: span(CLOCKS[severity].ack, 'Acknowledged within so long by each desk in turn.'),
      clear: span(CLOCKS[severity].clear, 'Disposed of within so long after it rose.'),
    },
    { description: `Of ${severity} alarms. Not confirmed.` },
  )
type Clocks = Record<Severity, ReturnType<typeof clock>>

/** The whole file. Its numbers are as others quote IEC 62682 and ISA-18.2, or a beginning; none was checked against a text. */
export const DutySchema = Type.Object(
  {
    desks: Type.Array(DeskSchema, {
      default: [],
      description: 'From the mine upwards. With none, nobody is called and nothing is late.',
    }),
    clocks: Type.Object(Object.fromEntries(SEVERITIES.map((severity) => [severity, clock(severity)])) as Clocks, {
      description: 'Response clocks. A breach is an alarm of its own, `response-clock`.',
    }),
    chatter: Type.Object(
      {
        transitions: count(PRACTICE.chatter.transitions, 'So many rises and returns'),
        within: span(PRACTICE.chatter.within, 'within so long'),
      },
      { description: 'Marks an alarm as chattering, where its rule item does not say otherwise. Not confirmed.' },
    ),
    firstUp: span(
      PRACTICE.firstUp,
      'An alarm is first-up where none rose in its area for so long before it. Not confirmed.',
    ),
    flood: Type.Object(
      {
        from: count(PRACTICE.flood.from, 'So many alarms'),
        within: span(PRACTICE.flood.within, 'within so long begin a flood;'),
        until: count(PRACTICE.flood.until, 'fewer than so many end it. Not confirmed.'),
      },
      {
        description:
          'Counted for each desk. From there on one alarm, `alarm-flood`, stands for its members; critical ones are told all the same.',
      },
    ),
  },
  { description: 'The duty desks: `duty.yaml`. Without the file alarms are told one by one, none marked.' },
)
export type DutyDeclared = Static<typeof DutySchema>
export type DeskDeclared = Static<typeof DeskSchema>
