/** Bodies of the alarm desk's figures (报警管理指标). */
import Type, { type Static } from 'typebox'
import { SEVERITIES } from '../../model/alarm.ts'

const maybe = Type.Optional
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const number = (description: string) => Type.Number({ description })
const time = (description: string) => Type.String({ format: 'date-time', description: `${description}, ISO 8601 UTC` })

export const KpiQueryBody = Type.Object(
  {
    from: maybe(text('From, inclusive. Default: 24 hours before `to`')),
    to: maybe(text('To, exclusive. Default: now. At most 92 days after `from`')),
    site: maybe(text('Site; comma list')),
    region: maybe(text('Region, with what lies in it: `henan/xuchang`')),
    kind: maybe(text('Kind of site; comma list')),
    desk: maybe(
      text(
        'A duty desk: only what stood on it, each alarm from when it came to it (its rise at the desk that hears of its site first, or the handing on) to its end',
      ),
    ),
  },
  { additionalProperties: false },
)
export type KpiQueryBody = Static<typeof KpiQueryBody>

const each = Object.fromEntries(SEVERITIES.map((severity) => [severity, count('Alarms of that severity')])) as Record<
  (typeof SEVERITIES)[number],
  ReturnType<typeof count>
>
const words = (description: string) => Type.Object({ zh: text('Chinese'), en: text('English') }, { description })
/** An alarm among those that were counted. */
const counted = {
  alarm: text('Alarm'),
  title: maybe(words('Title of its rule item; absent where that is no more')),
  site: maybe(text('Site')),
  key: maybe(text('What it is about')),
  raised: count('Episodes'),
}
const spread = (description: string) =>
  Type.Object(
    {
      count: count('Episodes'),
      medianMs: number('Half of them were as quick'),
      p90Ms: number('Nine tenths of them were as quick'),
      maxMs: number('The slowest'),
    },
    { description },
  )
const rate = (description: string) =>
  Type.Object(
    { average: number('Over the whole time'), peak: number('Of a window that slides by the minute') },
    { description },
  )

export const AlarmKpi = Type.Object({
  at: time('When this was so'),
  from: time('Of what is counted of the past'),
  to: time('Of what is counted of the past'),
  active: count('Alarms whose condition holds now'),
  unacknowledged: count('Alarms that nobody has acknowledged'),
  worst: maybe(Type.Enum([...SEVERITIES], { description: 'Worst severity standing' })),
  bySeverity: Type.Object(each, { description: 'Standing now: active or unacknowledged' }),
  standing: count('Standing now'),
  stale: count('Of these, those active for more than 24 hours'),
  shelved: count('Of these, those shelved'),
  suppressed: count('Of these, those suppressed by design or within a window'),
  outOfService: count('Of these, those out of service'),
  raised: count('Episodes raised in the time'),
  raisedBySeverity: Type.Object(each, { description: 'Episodes raised in the time, by severity' }),
  perHour: Type.Array(Type.Object({ from: time('Begin of the hour'), raised: count('Episodes raised within it') }), {
    description: 'Hour by hour, oldest first, the last one running',
  }),
  rates: Type.Object({
    perHour: rate('Alarms an hour'),
    perTenMinutes: rate('Alarms in ten minutes'),
    flood: Type.Object(
      {
        share: number('Of the time, 0 to 1'),
        timeMs: number('Milliseconds in flood'),
        floods: count('How many began'),
      },
      { description: 'From ten alarms in ten minutes on, until below five' },
    ),
  }),
  top: Type.Array(Type.Object({ ...counted, share: number('Of all raised, 0 to 1') }), {
    description: 'Raised most often, at most ten',
  }),
  chattering: Type.Array(Type.Object(counted), {
    description: 'Raised three times within a minute, or more than five times within an hour; at most fifty',
  }),
  acknowledge: maybe(spread('From raised to first acknowledged')),
  clear: maybe(spread('From raised to cleared')),
  breaches: count('Response clocks that ran out; of a desk, its own'),
  benchmark: Type.Array(
    Type.Object({
      id: text('rate, peak, flood, standing, stale, chattering, top-ten, priority-high'),
      title: words('Its name'),
      value: number('As it is'),
      target: number('At most'),
      unit: text('1/h, 1/10min, 1, share'),
      met: Type.Boolean({ description: 'Whether it is at most that' }),
      confirmed: Type.Boolean({ description: 'False: the number was not read in the text of the standard' }),
      source: words('Where the number is from'),
    }),
  ),
  complete: Type.Boolean({ description: 'Always true: everything in the time is counted' }),
})
export type AlarmKpi = Static<typeof AlarmKpi>
