/** What `duty.yaml` may say: how the duty desks hear of alarms. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { PRACTICE } from '../../model/handling.ts'
import { formatDuration } from '../../model/time.ts'

const count = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 10_000, default: fallback, description })
const span = (fallback: number, description: string) =>
  DurationSchema({ default: formatDuration(fallback), description })

/** The whole file. Every number in it has a default; those are as others quote IEC 62682 and ISA-18.2, not checked against the texts. */
export const DutySchema = Type.Object(
  {
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
          'From there on one alarm, `alarm-flood`, stands for its members; critical ones are told all the same.',
      },
    ),
  },
  { description: 'The duty desks: `duty.yaml`. Without the file alarms are told one by one, none marked.' },
)
export type DutyDeclared = Static<typeof DutySchema>
