/** The alarm list as a query: filters and a cursor made into SQL that an index answers in order. */
import type { SQLInputValue } from 'node:sqlite'
import { ALARM_STATES, SEVERITIES } from '../../model/alarm.ts'
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
  readonly body: string
}

export interface ListStatement {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
  readonly limit: number
}

/** Newest rise first. One branch for every wanted state and severity, each of them a walk along one index from the cursor
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
  if (query.cursor !== undefined) also('(raised, id) < (?, ?)', ...readCursor(query.cursor))

  const branches: string[] = []
  const values: SQLInputValue[] = []
  for (const state of wanted(query.state, ALARM_STATES)) {
    for (const severity of wanted(query.severity, SEVERITIES)) {
      const conditions = [...common]
      const own = [...commonValues]
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
        `SELECT * FROM (SELECT * FROM alarm INDEXED BY ${index}${where} ORDER BY raised DESC, id DESC LIMIT ${limit + 1})`,
      )
      values.push(...own)
    }
  }
  // A filter that nothing can pass.
  if (!branches.length) branches.push('SELECT * FROM alarm WHERE 0')
  const rows =
    branches.length === 1
      ? branches[0]!
      : `${branches.join(' UNION ALL ')} ORDER BY raised DESC, id DESC LIMIT ${limit + 1}`
  const sql = `SELECT a.id, a.alarm, a.episode, a.state, a.severity, a.raised, a.cleared, t.body
    FROM (${rows}) a CROSS JOIN transition t ON t.seq = a.last`
  return { sql, values, limit }
}

/** What the next page begins after. */
export function cursorAfter({ raised, id }: Pick<AlarmRow, 'raised' | 'id'>): string {
  return `${raised.toString(36)}.${id.toString(36)}`
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
