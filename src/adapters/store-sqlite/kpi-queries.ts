/** Figures of past alarms, counted by SQL over the alarm list. */
import type { SQLInputValue } from 'node:sqlite'
import type { Severity } from '../../model/alarm.ts'
import { type AlarmFigures, type KpiQuery, RESPONSE_CLOCK, type Spread } from '../../model/alarm-kpi.ts'
import { HOUR, MINUTE } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'

/** Rises of one alarm that are chatter: so many within a minute, or within an hour. */
const CHATTER = { minute: 3, hour: 6 } as const
const LISTED = 50

type Row = Record<string, number | string | null>

/** Everything at one state of the file, so that the figures agree with each other. */
export function figuresOf(database: Database, query: KpiQuery): AlarmFigures {
  database.exec('BEGIN')
  try {
    return read(database, query)
  } finally {
    database.exec('COMMIT')
  }
}

function read(database: Database, { from, to, sites }: KpiQuery): AlarmFigures {
  // Without sites the walk is along the time; with them, along each site's own time.
  const scope = sites
    ? { where: 'site IN (SELECT value FROM json_each(?)) AND raised >= ? AND raised < ?', index: 'alarm_by_site' }
    : { where: 'raised >= ? AND raised < ?', index: 'alarm_by_time' }
  const values: readonly SQLInputValue[] = sites ? [JSON.stringify(sites), from, to] : [from, to]
  const source = `alarm INDEXED BY ${scope.index} WHERE ${scope.where}`
  const all = (sql: string, ...more: SQLInputValue[]) => database.prepare(sql).all(...values, ...more) as Row[]

  const minutes = all(`SELECT raised / ${MINUTE} AS minute, count(*) AS raised FROM ${source} GROUP BY 1 ORDER BY 1`)
  const severities = all(`SELECT severity, count(*) AS raised FROM ${source} GROUP BY 1`)
  const rules = all(`SELECT rule, count(*) AS raised FROM ${source} GROUP BY 1 ORDER BY 2 DESC, 1`)
  const top = all(`SELECT alarm, count(*) AS raised FROM ${source} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`)
  // Only what rose often can have chattered: few alarms are left to be looked at rise by rise.
  const chatter = all(
    `WITH often AS (SELECT alarm FROM ${source} GROUP BY 1 HAVING count(*) >= ${CHATTER.minute}),
    rise AS (SELECT a.alarm, a.raised,
      lead(a.raised, ${CHATTER.minute - 1}) OVER one - a.raised < ${MINUTE} AS quick,
      lead(a.raised, ${CHATTER.hour - 1}) OVER one - a.raised < ${HOUR} AS steady
      FROM often CROSS JOIN alarm a ON a.alarm = often.alarm AND a.raised >= ?${values.length + 1} AND a.raised < ?${values.length + 2}
      WINDOW one AS (PARTITION BY a.alarm ORDER BY a.raised))
    SELECT alarm, count(*) AS raised FROM rise GROUP BY 1 HAVING max(quick) OR max(steady)
    ORDER BY 2 DESC, 1 LIMIT ${LISTED}`,
    from,
    to,
  )
  const raised = severities.reduce((sum, row) => sum + (row.raised as number), 0)
  const acknowledge = spread(
    all(
      spreadSql(`SELECT k.at - a.raised AS d FROM
    (SELECT id, raised FROM ${source}) a CROSS JOIN alarm_ack k ON k.alarm = a.id`),
    ),
  )
  const clear = spread(all(spreadSql(`SELECT cleared - raised AS d FROM ${source} AND cleared IS NOT NULL`)))
  const breaches = all(`SELECT count(*) AS raised FROM ${source} AND rule = '${RESPONSE_CLOCK}'`)[0]!.raised as number
  return {
    raised,
    minutes: minutes.map((row) => [row.minute as number, row.raised as number]),
    bySeverity: Object.fromEntries(severities.map((row) => [row.severity as Severity, row.raised as number])),
    byRule: rules as unknown as AlarmFigures['byRule'],
    top: top as unknown as AlarmFigures['top'],
    chattering: chatter as unknown as AlarmFigures['chattering'],
    ...(acknowledge && { acknowledge }),
    ...(clear && { clear }),
    breaches,
  }
}

/** The durations at the middle, at nine tenths and at the end of their order. */
function spreadSql(durations: string): string {
  return `SELECT d, r, n FROM (SELECT d, row_number() OVER (ORDER BY d) AS r, count(*) OVER () AS n FROM (${durations}))
    WHERE r IN ((n + 1) / 2, (n * 9 + 9) / 10, n) ORDER BY r`
}

function spread(rows: readonly Row[]): Spread | undefined {
  const count = rows.at(-1)?.n as number | undefined
  if (count === undefined) return undefined
  const at = (place: number) => Math.max(0, rows.find(({ r }) => r === place)!.d as number)
  return {
    count,
    median: at(Math.floor((count + 1) / 2)),
    p90: at(Math.floor((count * 9 + 9) / 10)),
    max: at(count),
  }
}
