/** Bodies about rules as they are configured, back-tests of them, and evidence. */
import Type, { type Static } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import { TextBody } from './schemas.ts'

const maybe = Type.Optional
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ description, minimum: 0 })
const time = (description: string) => Type.String({ format: 'date-time', description })
const severity = Type.Unsafe<Severity>({
  type: 'string',
  enum: [...SEVERITIES],
  description: 'critical, major, minor or notice',
})
const closed = { additionalProperties: false } as const

export const RuleBody = Type.Object({
  id: text('Rule item; part of the ids of its alarms'),
  rule: text('Which rule judges'),
  title: TextBody,
  regulation: text('Regulation pack'),
  clause: maybe(text('Clause of the regulation')),
  severity,
  raiseAfter: text('How long it must be so: `60s`'),
  clearAfter: text('How long it must be over'),
  work: maybe(text('Only in shifts of this kind of work')),
  match: Type.Unknown({ description: 'Attributes of the areas or points it is keyed by' }),
  params: Type.Unknown({ description: "The rule's own parameters, defaults included, durations as `90s`" }),
  schema: Type.Unknown({ description: 'JSON schema of the parameters; `format: duration` is written `90s`' }),
  sites: Type.Array(Type.String(), { description: 'Sites where it has something to judge' }),
  unit: maybe(text('Unit of the points it judges, where they share one')),
})
export type RuleBody = Static<typeof RuleBody>

export const RuleList = Type.Object({ rules: Type.Array(RuleBody) })
export type RuleList = Static<typeof RuleList>

export const BacktestBody = Type.Object(
  {
    rule: Type.String({ minLength: 1, description: 'Rule item, see `GET /api/v1/rules`' }),
    params: maybe(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Parameters in the place of its own, each as a whole',
      }),
    ),
    raiseAfter: maybe(text('In the place of its own: `60s`')),
    clearAfter: maybe(text('In the place of its own: `60s`')),
    severity: maybe(text('In the place of its own')),
    from: maybe(text('Event time, ISO 8601 with an offset. Default: a day before `to`')),
    to: maybe(text('Default: now. What arrived later is not known')),
  },
  closed,
)
export type BacktestBody = Static<typeof BacktestBody>

export const EpisodeBody = Type.Object({
  alarm: text('Alarm'),
  site: text('Site'),
  rule: text('Rule'),
  instance: text('Rule item'),
  key: text('What it is about'),
  clause: maybe(text('Clause')),
  severity,
  raised: time('When it was raised, event time'),
  cleared: maybe(time('When it returned to normal; absent: not within the range')),
  found: maybe(time('Found afterwards, in a backlog, at this time')),
  value: maybe(Type.Number({ description: 'At the rise' })),
  limit: maybe(Type.Number({ description: 'The limit it broke' })),
  text: TextBody,
})
export type EpisodeBody = Static<typeof EpisodeBody>

export const ShiftedBody = Type.Object({
  alarm: text('Alarm'),
  was: Type.Array(EpisodeBody, { description: 'As it was raised' }),
  would: Type.Array(EpisodeBody, { description: 'As it would be' }),
  raisedBy: Type.Integer({ description: 'It would rise so much later, milliseconds; negative: earlier' }),
  clearedBy: maybe(Type.Integer({ description: 'It would clear so much later; absent where only one of them clears' })),
  same: Type.Boolean({ description: 'Nothing differs' }),
})
export type ShiftedBody = Static<typeof ShiftedBody>

const sides = { was: count('Raised then'), would: count('Raised under the proposal') }

export const ComparisonBody = Type.Object({
  from: time('Beginning of the range'),
  to: time('End of the range'),
  totals: Type.Object({
    ...sides,
    onlyThen: count('Raised then, not under the proposal'),
    onlyNow: count('Raised under the proposal, not then'),
    shifted: count('In both, but earlier, later or of another severity'),
    same: count('In both, the same'),
  }),
  onlyThen: Type.Array(EpisodeBody),
  onlyNow: Type.Array(EpisodeBody),
  both: Type.Array(ShiftedBody, { description: 'What differs comes first' }),
  counts: Type.Array(Type.Object({ rule: text('Rule'), severity, ...sides })),
  days: Type.Array(Type.Object({ day: text("`YYYY-MM-DD` of the site's calendar"), ...sides })),
  cut: maybe(Type.Boolean({ description: 'There is more than is listed; the totals are whole' })),
})
export type ComparisonBody = Static<typeof ComparisonBody>

export const BacktestJob = Type.Object({
  job: text('Ask for it again under this name; nobody asking for a minute ends it'),
  state: Type.Unsafe<'running' | 'done' | 'failed'>({ type: 'string', enum: ['running', 'done', 'failed'] }),
  rule: text('Rule item'),
  progress: Type.Object({ done: count('Entries of the journal read'), of: count('Entries there are') }),
  result: maybe(ComparisonBody),
  problem: maybe(
    Type.Object({ code: text('Stable code'), detail: text('What went wrong'), remedy: maybe(text('What to do')) }),
  ),
})
export type BacktestJob = Static<typeof BacktestJob>

export const EvidenceQuery = Type.Object(
  { episode: maybe(Type.Integer({ minimum: 1, description: '`…/evidence`: which episode. Default: the latest' })) },
  closed,
)
export type EvidenceQuery = Static<typeof EvidenceQuery>
