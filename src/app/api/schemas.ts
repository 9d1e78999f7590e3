/** Every body that crosses the HTTP API, once: JSON schema for validation and OpenAPI, and the static types the page is written against. */
import Type, { type Static } from 'typebox'
import { ALARM_STATES, CAUSES, SEVERITIES } from '../../model/alarm.ts'
import { POINT_KINDS } from '../../model/point.ts'
import { SITE_KINDS, SITE_STATUSES } from '../../model/site.ts'
import { AttachmentBody, HandlingBody } from './schemas-desk.ts'
import { DataQualityBody, LinkBody } from './schemas-links.ts'
import { DeliveryBody } from './schemas-notifications.ts'

const closed = { additionalProperties: false } as const
const maybe = Type.Optional
const list = Type.Array
const words = <const W extends readonly string[]>(values: W, description: string) =>
  Type.Enum(values as unknown as string[], { description }) as unknown as ReturnType<typeof Type.Unsafe<W[number]>>
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ description, minimum: 0 })
const time = (description: string) =>
  Type.String({ description: `${description}. ISO 8601 with the site's offset`, format: 'date-time' })

/** What people read, in both languages. */
export const TextBody = Type.Object({ zh: text('Chinese'), en: text('English') }, { description: 'Both languages' })
export type TextBody = Static<typeof TextBody>

const severity = words(SEVERITIES, 'Red, orange, yellow, blue: critical, major, minor, notice')
const state = words(
  ALARM_STATES,
  'ISA-18.2 state; `rtn-unacked`: returned to normal and nobody has acknowledged it yet',
)
const quality = words(['good', 'uncertain', 'bad'], 'OPC UA grade')
const value = Type.Unknown({
  description: 'Number (in the unit), boolean, word or object by the kind; null: no value',
})

/** Who is signed in. */
export const SessionBody = Type.Object({
  user: text('User name'),
  role: words(['viewer', 'operator', 'supervisor', 'admin', 'source'], 'What the user may do'),
  site: maybe(text('`source` only: the one site it may send readings for')),
  expires: maybe(Type.String({ format: 'date-time', description: 'When the session ends unless used, ISO 8601 UTC' })),
})
export type SessionBody = Static<typeof SessionBody>

export const LoginBody = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 100, description: 'User name' }),
    password: Type.String({ minLength: 1, maxLength: 1000, description: 'Password' }),
  },
  closed,
)
export type LoginBody = Static<typeof LoginBody>

export const LoginReply = Type.Object({
  token: text('Bearer token: `Authorization: Bearer …`'),
  ...SessionBody.properties,
})
export type LoginReply = Static<typeof LoginReply>

export const ShiftBody = Type.Object({
  id: text("Shift, the site's own word"),
  work: text('`production`, `maintenance`, …'),
  from: time('When the shift began'),
  until: time('When it ends'),
})
export type ShiftBody = Static<typeof ShiftBody>

/** An area now: head count against its limit, worst alarm, whether it is watched. */
export const AreaBody = Type.Object({
  id: text('Area'),
  name: TextBody,
  kind: text('`coal-face`, `heading-face`, `maintenance-point`, `restricted`, `underground`, …'),
  in: maybe(text('The enclosing area')),
  count: count('Distinct persons in the area and its sub-areas'),
  limit: maybe(
    Type.Number({ description: 'Most persons allowed now; absent where no rule sets a limit in this shift' }),
  ),
  worst: maybe(severity),
  monitoring: words(
    ['watched', 'blind', 'unwatched', 'unequipped'],
    'By what the `unmonitored` items require of the area, or without one by what is declared there. `unwatched`: work goes on and a required camera or gas point is missing, or none is declared; `blind`: missing, nobody at work; `unequipped`: none required',
  ),
})
export type AreaBody = Static<typeof AreaBody>

const alarmTotals = Type.Object({
  active: count('Alarms whose condition holds'),
  unacknowledged: count('Alarms nobody has acknowledged'),
  worst: maybe(severity),
})

/** One line of the list of sites. */
export const SiteSummary = Type.Object({
  site: text('Site'),
  name: TextBody,
  region: maybe(text('Administrative region, e.g. `henan/xuchang/yuzhou`')),
  kind: words(SITE_KINDS, 'What the site is'),
  status: words(SITE_STATUSES, 'Whether it works'),
  timezone: text("IANA zone of the site's times"),
  at: time('When this was so'),
  shift: maybe(ShiftBody),
  lastShift: maybe(ShiftBody),
  people: count('Persons on site, by card and gate'),
  underground: count('Those of them below ground'),
  alarms: alarmTotals,
})
export type SiteSummary = Static<typeof SiteSummary>

export const SiteList = Type.Object({ sites: list(SiteSummary) })
export type SiteList = Static<typeof SiteList>

/** A site with its areas: what the `counts` event of the stream carries. */
export const SiteView = Type.Object({ ...SiteSummary.properties, areas: list(AreaBody) })
export type SiteView = Static<typeof SiteView>

const pointState = words(
  ['unknown', 'live', 'late', 'silent', 'bad', 'calibrating', 'out-of-service'],
  '`unknown`: not heard since the journal began; `late`: what comes is too old to be used live',
)

export const SiteDetail = Type.Object({
  ...SiteView.properties,
  points: Type.Object({
    total: count('Points of the site'),
    live: count('Heard in time, with a good value'),
    late: count('Heard, but too late to be used live'),
    silent: count('No good reading for longer than allowed'),
    bad: count('Last value bad'),
    unknown: count('Never heard'),
    other: count('Calibrating or out of service'),
  }),
  data: DataQualityBody,
  sources: list(LinkBody),
})
export type SiteDetail = Static<typeof SiteDetail>

export const PersonBody = Type.Object({
  person: text('Person, or `card:…` for a card nobody is known to hold; masked below role operator'),
  name: maybe(text('Name; masked below role operator')),
  card: maybe(text('Card last seen; masked below role operator. Absent: known from a gate only')),
  role: maybe(text('Occupation')),
  team: maybe(text('Team')),
  area: text('Area where last seen'),
  reader: maybe(text('Reader (point id) that saw the card last')),
  since: time('In this area since'),
  ts: time('Last sighting or passage'),
})
export type PersonBody = Static<typeof PersonBody>

export const PeopleList = Type.Object({
  at: time('When this was so'),
  masked: Type.Boolean({ description: 'Whether names, numbers and cards are masked for this role' }),
  people: list(PersonBody),
})
export type PeopleList = Static<typeof PeopleList>

/** A limit of a point: what its value is held against. */
export const LevelBody = Type.Object({
  name: text('Level, as the rule names it'),
  title: TextBody,
  high: maybe(Type.Number({ description: "Active at or above, in the point's unit" })),
  low: maybe(Type.Number({ description: "Active at or below, in the point's unit" })),
  severity,
})
export type LevelBody = Static<typeof LevelBody>

/** A point with its last value. */
export const PointBody = Type.Object({
  id: text('Point, with its slashes'),
  name: maybe(TextBody),
  kind: words(Object.keys(POINT_KINDS) as (keyof typeof POINT_KINDS)[], 'Kind'),
  unit: maybe(text('Unit of numbers')),
  area: maybe(text('Area')),
  place: maybe(text('Place within the area, e.g. T1')),
  range: maybe(list(Type.Number(), { description: 'Lowest and highest believable value' })),
  levels: maybe(list(LevelBody, { description: 'Limits of the rules in force' })),
  silentAfter: maybe(text('Silent after this long without a good reading, e.g. `60s`')),
  state: pointState,
  value: maybe(value),
  quality: maybe(quality),
  status: maybe(text("The device's own word")),
  ts: maybe(time('Event time of the last live reading')),
  received: maybe(time('Its arrival')),
  lastGood: maybe(time('Event time of the last good reading')),
  clockAheadMs: maybe(
    Type.Number({
      description: "How far the device's clock runs ahead, in milliseconds; its readings are uncertain until it is set",
    }),
  ),
})
export type PointBody = Static<typeof PointBody>

export const PointList = Type.Object({ at: time('When this was so'), points: list(PointBody) })
export type PointList = Static<typeof PointList>

const from = maybe(text('From, inclusive: ISO 8601 with an offset, or integer milliseconds'))
const to = maybe(text('To, exclusive: ISO 8601 with an offset, or integer milliseconds. Default: now'))

export const RangeQuery = Type.Object({ from, to }, closed)
export type RangeQuery = Static<typeof RangeQuery>

export const HistoryQuery = Type.Object(
  { from, to, every: maybe(text('Width of a bucket, e.g. `10s`. Default: the finest with at most 1 000 buckets')) },
  closed,
)
export type HistoryQuery = Static<typeof HistoryQuery>

export const BucketBody = Type.Object({
  ts: time('Begin of the bucket'),
  min: maybe(Type.Number({ description: 'Lowest good value' })),
  max: maybe(Type.Number({ description: 'Highest good value' })),
  last: maybe(Type.Number({ description: 'Last good value' })),
  count: count('Good readings'),
  worst: quality,
})
export type BucketBody = Static<typeof BucketBody>

export const Series = Type.Object({
  site: text('Site'),
  point: text('Point'),
  kind: text('Kind'),
  unit: maybe(text('Unit of min, max and last')),
  from: time('From'),
  to: time('To'),
  every: text('Width of a bucket, e.g. `10s`'),
  buckets: list(BucketBody),
})
export type Series = Static<typeof Series>

export const Track = Type.Object({
  site: text('Site'),
  card: text('Card'),
  person: maybe(text('Its holder today')),
  from: time('From'),
  to: time('To'),
  steps: list(
    Type.Object({
      point: text('Reader'),
      area: maybe(text("The reader's area")),
      ts: time('First seen there'),
      until: time('Last seen there'),
      readings: count('Sightings'),
    }),
  ),
})
export type Track = Static<typeof Track>

/** A reading as sources send it; the service checks each one and refuses by code. */
export const ReadingBody = Type.Object({
  point: text('Point, as configured'),
  ts: maybe(Type.Union([Type.String(), Type.Integer()], { description: 'Event time: ISO 8601 or milliseconds' })),
  value,
  unit: maybe(text("Of a number. Another one than the point's is converted (% and ppm) or refused")),
  quality: maybe(quality),
  status: maybe(text('`calibrating`, `over-range`, `fault`, `paused`, …: at best bad')),
  ref: maybe(text("The source's own id of the reading")),
})
export type ReadingBody = Static<typeof ReadingBody>

export const ReadingsBody = Type.Union([ReadingBody, list(ReadingBody)], { description: 'One reading or an array' })

export const Submitted = Type.Object({
  accepted: count('Readings on disk now'),
  duplicates: count('Readings known already'),
})
export type Submitted = Static<typeof Submitted>

export const EvidenceBody = Type.Object({
  point: text('Point'),
  ts: time('Event time'),
  value,
  ref: maybe(text("The source's own id")),
})
export type EvidenceBody = Static<typeof EvidenceBody>

/** One step of an alarm's life, exactly as every sink sees it. */
export const TransitionBody = Type.Object({
  id: text('`{alarm}/{episode}.{revision}`: derived, so publishing twice is harmless'),
  alarm: text('`{site}/{instance}/{key}`'),
  episode: count('Which rise of this alarm, from 1'),
  revision: count('Which step of the episode, from 1'),
  at: time('When the condition had held for its delay, or the command was given'),
  since: maybe(time('When the condition began')),
  received: time('Arrival clock when it was judged'),
  site: text('Site'),
  rule: text('Rule'),
  instance: text('Rule instance'),
  clause: maybe(text('`{regulation}/{clause}`')),
  key: text('What the alarm is about: area, point, card, `point:level`, …'),
  from: state,
  to: state,
  cause: words(CAUSES, 'Why'),
  severity,
  value: maybe(Type.Number({ description: 'The value that decided' })),
  limit: maybe(Type.Number({ description: 'What it was held against' })),
  text: TextBody,
  by: maybe(text('Who gave the command')),
  reason: maybe(text('The reason given; of a step that nobody took, `why` in English')),
  why: maybe(TextBody),
  ...HandlingBody.properties,
  evidence: list(EvidenceBody),
})
export type TransitionBody = Static<typeof TransitionBody>

/** An alarm as the desk lists it. */
export const AlarmBody = Type.Object({
  alarm: text('Alarm'),
  episode: count('Its latest episode'),
  state,
  severity,
  raised: time('When the episode was raised'),
  cleared: maybe(time('When its condition ended')),
  last: TransitionBody,
})
export type AlarmBody = Static<typeof AlarmBody>

export const AlarmsQuery = Type.Object(
  {
    state: maybe(text(`Any of ${ALARM_STATES.join(', ')}; comma list`)),
    severity: maybe(text(`Any of ${SEVERITIES.join(', ')}; comma list`)),
    site: maybe(text('Site; comma list')),
    rule: maybe(text('Rule; comma list')),
    from,
    to,
    order: maybe(
      words(
        ['newest', 'urgency'],
        'Default: newest rise first. `urgency`: what holds before what is over, unacknowledged before acknowledged, of these the worst, then the newest',
      ),
    ),
    cursor: maybe(text('`next` of the page before, in the same order')),
    limit: maybe(Type.Integer({ minimum: 1, maximum: 1000, description: 'Most items a page. Default 100' })),
  },
  closed,
)
export type AlarmsQuery = Static<typeof AlarmsQuery>

export const AlarmList = Type.Object({
  items: list(AlarmBody),
  next: maybe(text('`cursor` of the next page; absent at the end. A page may hold fewer items than `limit`')),
})
export type AlarmList = Static<typeof AlarmList>

const remarked = { at: text('When, by the service'), by: text('User') }
export const RemarkBody = Type.Union([
  Type.Object({ ...remarked, text: text('What was said') }),
  Type.Object({ ...remarked, assigned: text('To whom it was given') }),
  Type.Object({ ...remarked, attached: AttachmentBody }),
])
export type RemarkBody = Static<typeof RemarkBody>

export const AlarmDetail = Type.Object({
  ...AlarmBody.properties,
  timeline: list(TransitionBody, { description: 'Every transition, oldest first' }),
  remarks: list(RemarkBody, { description: 'Comments and assignments, oldest first; the last hundred' }),
  evidence: list(EvidenceBody, { description: 'Readings behind the latest episode' }),
  deliveries: list(DeliveryBody, { description: 'Who was told of it by which channel, oldest first' }),
})
export type AlarmDetail = Static<typeof AlarmDetail>

export const CommandReply = Type.Object({ transitions: list(TransitionBody) })
export type CommandReply = Static<typeof CommandReply>
