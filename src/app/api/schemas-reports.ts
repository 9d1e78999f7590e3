/** Bodies of the duty reports. */
import Type, { type Static } from 'typebox'
import { ALARM_STATES, SEVERITIES } from '../../model/alarm.ts'
import { REPORT_KINDS } from '../reports/period.ts'
import { AlarmKpi } from './schemas-kpi.ts'

const maybe = Type.Optional
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const time = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}. ISO 8601 with the site's offset` })
const both = (description: string) => Type.Object({ zh: text('Chinese'), en: text('English') }, { description })
const counts = (words: readonly string[], description: string) =>
  Type.Object(
    Object.fromEntries(words.map((word) => [word, count(description)])) as Record<string, ReturnType<typeof count>>,
  )

export const ReportQuery = Type.Object(
  {
    site: text('Site'),
    date: maybe(text("Day by the site's clocks, `2026-05-01`; of a month `2026-05`. Default: today")),
    shift: maybe(
      text('`shift` only: the shift that begins on that day. Default, without a date: the one that is running'),
    ),
    format: maybe(
      Type.Unsafe<'json' | 'csv' | 'xlsx'>(Type.Enum(['json', 'csv', 'xlsx'], { description: 'Default: json' })),
    ),
  },
  { additionalProperties: false },
)
export type ReportQuery = Static<typeof ReportQuery>

export const ReportBody = Type.Object({
  kind: Type.Enum([...REPORT_KINDS], { description: '班报, 日报, 月报' }),
  site: text('Site'),
  name: both("The site's name"),
  date: text('`2026-05-01`, of a month `2026-05`'),
  shift: maybe(text('Shift')),
  from: time('From'),
  to: time('To; now, where the time is still running'),
  complete: Type.Boolean({ description: 'False: the time is still running' }),
  headcount: Type.Array(
    Type.Object({
      area: text('Area'),
      name: both("The area's name"),
      max: count('Most persons, sub-areas included'),
      maxAt: time('When there were as many first'),
      min: count('Least'),
      limit: maybe(count('The over-crew limit in force when the most were there')),
    }),
  ),
  alarms: Type.Object({
    raised: count('Episodes'),
    bySeverity: counts(SEVERITIES, 'Episodes, by their severity now'),
    byState: counts(ALARM_STATES, 'Episodes, by their state now'),
    byRule: Type.Array(Type.Object({ rule: text('Rule'), raised: count('Episodes') })),
    top: Type.Array(Type.Object({ alarm: text('Alarm'), raised: count('Episodes') })),
    acknowledge: AlarmKpi.properties.acknowledge,
    clear: AlarmKpi.properties.clear,
    breaches: count('Response clocks that ran out'),
  }),
  hazards: Type.Object({
    opened: count('Found in the time'),
    closed: count('Closed in the time'),
    overdue: count('Whose deadline passed in the time'),
    standing: count('Not closed now'),
    overdueNow: count('Overdue now'),
  }),
  quality: Type.Array(
    Type.Object({
      kind: text('Kind of point'),
      points: count('Points of it'),
      good: count('Readings'),
      uncertain: count('Readings'),
      bad: count('Readings'),
      silent: Type.Array(text('Point without one good reading that must not be silent')),
    }),
  ),
  power: Type.Array(
    Type.Object({
      point: text('Meter'),
      load: maybe(text('What it measures')),
      energy: maybe(Type.Number({ description: 'kWh' })),
      mean: maybe(Type.Number({ description: 'kW' })),
      max: maybe(Type.Number({ description: 'kW' })),
    }),
  ),
})
export type ReportBody = Static<typeof ReportBody>
