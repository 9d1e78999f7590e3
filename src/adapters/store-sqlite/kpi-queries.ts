/** Figures of past alarms: one walk along the alarm list in the order of time. */
import type { SQLInputValue } from 'node:sqlite'
import type { AlarmState, Severity } from '../../model/alarm.ts'
import { type AlarmFigures, type KpiQuery, RESPONSE_CLOCK, type Spread } from '../../model/alarm-kpi.ts'
import { HOUR, type Instant, MINUTE } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'

/** Rises of one alarm that are chatter: so many within a minute, or within an hour. */
const QUICK = 3
const STEADY = 6
const LISTED = 50

type Row = readonly [
  alarm: string,
  raised: Instant,
  cleared: Instant | null,
  acked: Instant | null,
  severity: Severity,
  rule: string,
  state: AlarmState,
]

/** What is remembered of one alarm on the way: its last rises. */
interface Rises {
  raised: number
  last: Instant[]
  chatters: boolean
}

/** Everything at one state of the file, so that the figures agree with each other. */
export function figuresOf(database: Database, query: KpiQuery): AlarmFigures {
  const { desk } = query
  const walk = walkOf(database, query)

  const minutes: [number, number][] = []
  const severities = new Map<Severity, number>()
  const states = new Map<AlarmState, number>()
  const rules = new Map<string, number>()
  const alarms = new Map<string, Rises>()
  const answered: number[] = []
  const over: number[] = []
  let raised = 0
  for (const [alarm, at, cleared, acked, severity, rule, state] of walk) {
    raised += 1
    const minute = Math.floor(at / MINUTE)
    const running = minutes.at(-1)
    if (running?.[0] === minute) running[1] += 1
    else minutes.push([minute, 1])
    severities.set(severity, (severities.get(severity) ?? 0) + 1)
    states.set(state, (states.get(state) ?? 0) + 1)
    rules.set(rule, (rules.get(rule) ?? 0) + 1)
    // What was acknowledged before it came to this desk, the desk did not answer.
    const came = (end: Instant | null): end is Instant => end !== null && (desk === undefined || end >= at)
    if (came(acked)) answered.push(Math.max(0, acked - at))
    if (came(cleared)) over.push(Math.max(0, cleared - at))
    let rises = alarms.get(alarm)
    if (!rises) {
      rises = { raised: 0, last: [], chatters: false }
      alarms.set(alarm, rises)
    }
    note(rises, at)
  }
  const often = [...alarms]
    .map(([alarm, { raised: times, chatters }]) => ({ alarm, raised: times, chatters }))
    .sort((a, b) => b.raised - a.raised || (a.alarm < b.alarm ? -1 : 1))
  const plain = ({ alarm, raised: times }: { alarm: string; raised: number }) => ({ alarm, raised: times })
  const [acknowledge, clear] = [spread(answered), spread(over)]
  return {
    raised,
    minutes,
    bySeverity: Object.fromEntries(severities),
    byState: Object.fromEntries(states),
    byRule: [...rules]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .map(([rule, times]) => ({ rule, raised: times })),
    top: often.slice(0, 10).map(plain),
    chattering: often
      .filter(({ chatters }) => chatters)
      .slice(0, LISTED)
      .map(plain),
    ...(acknowledge && { acknowledge }),
    ...(clear && { clear }),
    breaches: desk === undefined ? (rules.get(RESPONSE_CLOCK) ?? 0) : breachesOf(database, { ...query, desk }),
  }
}

/** Along the time, along each site's own time, or along that of a desk, in which an alarm begins as it comes to it. */
function walkOf(database: Database, { from, to, sites, desk }: KpiQuery): Iterable<Row> {
  const rows =
    desk === undefined
      ? `alarm a INDEXED BY ${sites ? 'alarm_by_site' : 'alarm_by_time'}`
      : 'alarm_desk d CROSS JOIN alarm a ON a.id = d.alarm'
  const at = desk === undefined ? 'a.raised' : 'd.at'
  const among = sites ? 'a.site IN (SELECT value FROM json_each(?)) AND' : ''
  const walk = database.prepare(`SELECT a.alarm, ${at}, a.cleared, k.at, a.severity, a.rule, a.state
    FROM ${rows} LEFT JOIN alarm_ack k ON k.alarm = a.id
    WHERE ${desk === undefined ? '' : 'd.desk = ? AND'} ${among} a.id NOT IN (SELECT alarm FROM alarm_withdrawn) AND ${at} >= ? AND ${at} < ? ORDER BY ${at}`)
  walk.setReturnArrays(true)
  const values: SQLInputValue[] = [from, to]
  if (sites) values.unshift(JSON.stringify(sites))
  if (desk !== undefined) values.unshift(desk)
  return walk.iterate(...values) as Iterable<unknown> as Iterable<Row>
}

function breachesOf(database: Database, { from, to, sites, desk }: KpiQuery & { readonly desk: string }): number {
  const among = sites ? 'AND site IN (SELECT value FROM json_each(?))' : ''
  const count = database.prepare(
    `SELECT count(*) AS count FROM desk_breach WHERE desk = ? AND at >= ? AND at < ? ${among}`,
  )
  return count.get(desk, from, to, ...(sites ? [JSON.stringify(sites)] : []))?.count as number
}

function note(rises: Rises, at: Instant): void {
  rises.raised += 1
  if (rises.chatters) return
  const { last } = rises
  last.push(at)
  if (last.length > STEADY) last.shift()
  const within = (times: number, span: number) => last.length >= times && at - last[last.length - times]! < span
  rises.chatters = within(QUICK, MINUTE) || within(STEADY, HOUR)
}

function spread(durations: readonly number[]): Spread | undefined {
  const count = durations.length
  if (count === 0) return undefined
  const sorted = Float64Array.from(durations).sort()
  const at = (place: number) => sorted[place - 1]!
  return { count, median: at(Math.floor((count + 1) / 2)), p90: at(Math.floor((count * 9 + 9) / 10)), max: at(count) }
}
