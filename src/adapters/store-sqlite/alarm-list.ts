/** The alarm list as a query: filters and a cursor made into SQL that an index answers in order. */
import type { SQLInputValue } from 'node:sqlite'
import { ALARM_STATES, type AlarmState, SEVERITIES, type Severity } from '../../model/alarm.ts'
import { DavyError } from '../../model/errors.ts'
import type { AlarmQuery } from '../../model/ports.ts'

/** Where nothing else is asked for. */
const DEFAULT_LIMIT = 100
/** However much is asked for. */
const MOST = 1_000

export interface AlarmRow {
  readonly id: number
  readonly alarm: string
  readonly episode: number
  readonly state: string
  readonly severity: string
  readonly raised: number
  readonly cleared: number | null
  readonly withdrawn: number | null
  readonly body: string
  /** Its branch, where urgency decides; 0 where only the time of the rise does. */
  readonly turn: number
}

/** What holds before what is over, and of that what nobody has acknowledged first (ISA-18.2). */
const URGENT: readonly AlarmState[] = ['unacked', 'acked', 'rtn-unacked', 'normal']

export interface ListStatement {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
  readonly limit: number
}

/** Newest rise first, or by urgency. One branch for every wanted state and severity, each of them a walk along one index from the cursor
 *  on; `limit` is one more than the page, to see whether there is a next one. Throws `cursor-unreadable`. */
export function listStatement(query: AlarmQuery): ListStatement {
  const limit = Math.min(Math.max(1, Math.floor(query.limit ?? DEFAULT_LIMIT)), MOST)
  const common: string[] = []
  const commonValues: SQLInputValue[] = []
  const also = (condition: string, ...values: SQLInputValue[]) => {
    common.push(condition)
    commonValues.push(...values)
  }
  if (query.site !== undefined) also('site = ?', query.site)
  if (query.rule !== undefined) also('rule = ?', query.rule)
  if (query.from !== undefined) also('raised >= ?', query.from)
  if (query.to !== undefined) also('raised < ?', query.to)
  const after = query.cursor === undefined ? undefined : place(query.cursor, query.order)

  const branches: string[] = []
  const values: SQLInputValue[] = []
  for (const { state, severity, turn } of branchesOf(query)) {
    if (after && turn < after.turn) continue
    const conditions = [...common]
    const own = [...commonValues]
    if (after?.turn === turn) {
      conditions.push('(raised, id) < (?, ?)')
      own.push(after.raised, after.id)
    }
    for (const [column, value] of [
      ['state', state],
      ['severity', severity],
    ] as const) {
      if (value === undefined) continue
      conditions.push(`${column} = ?`)
      own.push(value)
    }
    const where = conditions.length ? ` WHERE ${conditions.join(' AND ')}` : ''
    const index = indexFor({ site: query.site, rule: query.rule, state, severity })
    branches.push(
      `SELECT *, ${turn} AS turn FROM (SELECT * FROM alarm INDEXED BY ${index}${where} ORDER BY raised DESC, id DESC LIMIT ${limit + 1})`,
    )
    values.push(...own)
  }
  // A filter that nothing can pass.
  if (!branches.length) branches.push('SELECT *, 0 AS turn FROM alarm WHERE 0')
  const rows =
    branches.length === 1
      ? branches[0]!
      : `${branches.join(' UNION ALL ')} ORDER BY turn, raised DESC, id DESC LIMIT ${limit + 1}`
  const sql = `SELECT a.id, a.alarm, a.episode, a.state, a.severity, a.raised, a.cleared, a.turn, t.body, w.alarm AS withdrawn
    FROM (${rows}) a CROSS JOIN transition t ON t.seq = a.last LEFT JOIN alarm_withdrawn w ON w.alarm = a.id`
  return { sql, values, limit }
}

/** The order of a list, row against row. */
export function byTurn(a: AlarmRow, b: AlarmRow): number {
  return a.turn - b.turn || b.raised - a.raised || b.id - a.id
}

/** States and severities to walk, and whose turn each is; where the time of the rise decides, they share one. */
function branchesOf({ state, severity, order }: AlarmQuery) {
  if (order !== 'urgency') {
    return wanted(state, ALARM_STATES).flatMap((one) =>
      wanted(severity, SEVERITIES).map((grade) => ({ state: one, severity: grade, turn: 0 })),
    )
  }
  return URGENT.flatMap((one, i) =>
    SEVERITIES.map((grade: Severity, j) => ({ state: one, severity: grade, turn: i * SEVERITIES.length + j })),
  ).filter((one) => (state?.includes(one.state) ?? true) && (severity?.includes(one.severity) ?? true))
}

/** What the next page begins after. */
export function cursorAfter({ raised, id }: Pick<AlarmRow, 'raised' | 'id'>): string {
  return `${raised.toString(36)}.${id.toString(36)}`
}

/** The same of a list by urgency: `{turn}-` stands before it. */
export function cursorAfterTurn(row: AlarmRow): string {
  return `${row.turn.toString(36)}-${cursorAfter(row)}`
}

/** Throws `cursor-unreadable`, also for the cursor of a list in another order. */
function place(cursor: string, order: AlarmQuery['order']): { turn: number; raised: number; id: number } {
  const [, turn, rest] = (order === 'urgency' && /^([0-9a-f])-(.+)$/.exec(cursor)) || []
  const [raised, id] = readCursor(order === 'urgency' ? (rest ?? '') : cursor)
  return { turn: turn === undefined ? 0 : Number.parseInt(turn, 36), raised, id }
}

/** Throws `cursor-unreadable`. */
export function readCursor(cursor: string): [number, number] {
  const parts = /^(-?[0-9a-z]{1,11})\.([0-9a-z]{1,11})$/.exec(cursor)
  if (!parts) {
    throw new DavyError('cursor-unreadable', {
      message: `the cursor ${JSON.stringify(cursor.slice(0, 40))} is not one that a list gave`,
      remedy: 'take `next` of the page before, or begin without a cursor',
    })
  }
  return [Number.parseInt(parts[1]!, 36), Number.parseInt(parts[2]!, 36)]
}

/** The values to branch over; one branch without a condition where all are wanted. */
function wanted<T>(asked: readonly T[] | undefined, every: readonly T[]): readonly (T | undefined)[] {
  if (asked === undefined) return [undefined]
  const known = every.filter((value) => asked.includes(value))
  return known.length === every.length ? [undefined] : known
}

/** The narrowest index: what is outstanding is little, whatever the list's age; what has ended is nearly all of it. */
function indexFor({
  site,
  rule,
  state,
  severity,
}: Record<'site' | 'rule' | 'state' | 'severity', string | undefined>): string {
  if (state !== undefined && state !== 'normal') return site === undefined ? 'alarm_by_state' : 'alarm_by_site_state'
  if (site !== undefined && rule !== undefined) return 'alarm_by_site_rule'
  if (site !== undefined && severity !== undefined) return 'alarm_by_site_severity'
  if (rule !== undefined) return severity === undefined ? 'alarm_by_rule' : 'alarm_by_rule_severity'
  if (site !== undefined) return state === undefined ? 'alarm_by_site' : 'alarm_by_site_state'
  if (severity !== undefined) return 'alarm_by_severity'
  return state === undefined ? 'alarm_by_time' : 'alarm_by_state'
}
