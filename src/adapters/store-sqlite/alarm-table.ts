/** The alarm store's tables, as the storage thread works on them. */
import type { AlarmState, Cause, Severity } from '../../model/alarm.ts'
import type { Offset } from '../../model/entry.ts'
import type { AlarmQuery } from '../../model/ports.ts'
import type { Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'
import { type AlarmRow, byTurn, cursorAfter, cursorAfterTurn, listStatement } from './alarm-list.ts'
import { deskTable } from './desk-table.ts'
import { reconciliation } from './reconciliation.ts'

/** A transition on its way into the tables: what they need to know of it, and all of it as JSON. */
export interface TransitionRow {
  readonly id: string
  readonly alarm: string
  readonly episode: number
  readonly revision: number
  readonly at: Instant
  readonly offset: Offset
  readonly site: string
  readonly rule: string
  readonly key: string
  readonly from: AlarmState
  readonly to: AlarmState
  readonly cause: Cause
  readonly severity: Severity
  /** The duty desk that is called. */
  readonly desk?: string | undefined
  readonly body: string
}

interface Known {
  readonly id: number
  readonly revision: number
  readonly cleared: Instant | null
}

export function alarmTable(database: Database) {
  const newest = database.prepare('SELECT max(seq) AS seq FROM transition')
  const insert = database.prepare('INSERT INTO transition VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const find = database.prepare('SELECT id, revision, cleared FROM alarm WHERE alarm = ? AND episode = ?')
  const begin = database.prepare(`INSERT INTO alarm
    (alarm, episode, revision, site, rule, state, severity, raised, cleared, last) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const advance = database.prepare(
    'UPDATE alarm SET revision = ?, state = ?, severity = ?, cleared = ?, last = ? WHERE id = ?',
  )
  const supersede = database.prepare(
    "UPDATE alarm SET state = 'normal' WHERE alarm = ? AND episode < ? AND state <> 'normal'",
  )
  const acknowledge = database.prepare('INSERT INTO alarm_ack VALUES (?, ?) ON CONFLICT (alarm) DO NOTHING')
  const placed = database.prepare(`SELECT body ->> 'offset' AS offset, body ->> 'to' AS "to", body ->> 'cause' AS cause,
    body ->> 'severity' AS severity FROM transition WHERE id = ?`)
  const drop = database.prepare('DELETE FROM transition WHERE id = ?')
  const rewind = database.prepare('UPDATE alarm SET revision = 0, cleared = NULL WHERE id = ?')
  const step = database.prepare('SELECT seq, body FROM transition WHERE id = ?')
  const forget = database.prepare('DELETE FROM alarm WHERE id = ?')
  const forgetAck = database.prepare('DELETE FROM alarm_ack WHERE alarm = ?')
  const move = database.prepare('UPDATE transition SET seq = ? WHERE seq = ?')
  const moveLast = database.prepare('UPDATE alarm SET last = ? WHERE last = ?')
  const bodies = database.prepare('SELECT body FROM transition WHERE alarm = ? ORDER BY seq')
  // No character comes after the bound's.
  const named = database.prepare(
    "SELECT alarm, rule FROM alarm WHERE alarm >= ?1 AND alarm < ?1 || '\u{10ffff}' GROUP BY alarm ORDER BY alarm",
  )
  const after = database.prepare('SELECT seq, body FROM transition WHERE seq > ? ORDER BY seq LIMIT ?')
  const desks = deskTable(database)
  let seq = (newest.get()?.seq as number | null) ?? 0

  function record(row: TransitionRow, last: number): void {
    const over = row.to === 'normal' || row.to === 'rtn-unacked'
    const known = find.get(row.alarm, row.episode) as Known | undefined
    if (!known) {
      const { alarm, episode, revision, site, rule, to, severity, at } = row
      begin.run(alarm, episode, revision, site, rule, to, severity, at, over ? at : null, last)
      // The new episode takes along what the one before still waited for (acknowledgement, confirmation, a reset).
      if (row.from !== 'normal') supersede.run(alarm, episode)
    } else if (row.revision > known.revision) {
      const cleared = over ? (known.cleared ?? row.at) : null
      advance.run(row.revision, row.to, row.severity, cleared, last, known.id)
      if (row.cause === 'acked') acknowledge.run(known.id, row.at)
      if (row.cause === 'withdrawn') withdrawals.mark({ ...row, id: known.id })
    }
  }

  /** Makes room where another event stands under the id: a newer program that judged the journal again counts episodes otherwise, and
   *  an event of now would pass for one of the past. */
  function makeRoom(row: TransitionRow): boolean {
    const { offset, to, cause, severity } = placed.get(row.id) as unknown as TransitionRow
    if (offset === row.offset && to === row.to && cause === row.cause && severity === row.severity) return false
    cut(row)
    return true
  }

  /** Takes away a step, with what followed it in its episode. */
  function cut({ alarm, episode, revision }: Pick<TransitionRow, 'alarm' | 'episode' | 'revision'>): void {
    const known = find.get(alarm, episode) as unknown as Known
    for (let each = revision; each <= known.revision; each++) {
      drop.run(`${alarm}/${episode}.${each}`)
      desks.forgetStep(`${alarm}/${episode}.${each}`)
    }
    forgetAck.run(known.id)
    withdrawals.forget(known.id)
    desks.forgetAlarm(known.id)
    if (revision > 1) {
      rewind.run(known.id)
      for (let each = 1; each < revision; each++) tellAgain(`${alarm}/${episode}.${each}`)
    } else forget.run(known.id)
  }

  /** What remains of an episode says anew when it was acknowledged and when it ended, and on which desks it stood. */
  function tellAgain(id: string): void {
    const found = step.get(id) as { readonly seq: number; readonly body: string } | undefined
    if (!found) return
    const row = JSON.parse(found.body) as TransitionRow
    record(row, found.seq)
    desks.note(row, found.seq)
  }

  const withdrawals = reconciliation(database, { desks, cut })
  return {
    reconcile: withdrawals.reconcile,
    /** The transitions of these ids, under new stream numbers; the first of them. */
    retell(ids: readonly string[]): { first: number; bodies: readonly string[] } {
      const first = seq + 1
      const told: string[] = []
      database.transaction(() => {
        for (const id of ids) {
          const found = step.get(id) as { readonly seq: number; readonly body: string } | undefined
          if (!found) continue
          const next = first + told.length
          move.run(next, found.seq)
          moveLast.run(next, found.seq)
          told.push(found.body)
        }
      })
      seq = first + told.length - 1
      return { first, bodies: told }
    },
    /** Which of them were new, and the stream number of the first; the others follow it without gaps. */
    put(rows: readonly TransitionRow[]): { first: number; fresh: readonly number[] } {
      const first = seq + 1
      const fresh: number[] = []
      let next = first
      database.transaction(() => {
        let upTo = (database.meta('offset') as number | undefined) ?? 0
        for (const [i, row] of rows.entries()) {
          upTo = Math.max(upTo, row.offset)
          const put = () => Number(insert.run(next, row.id, row.alarm, row.body).changes) > 0
          if (!put() && !(makeRoom(row) && put())) continue
          record(row, next)
          desks.note(row, next++)
          fresh.push(i)
        }
        database.setMeta('offset', upTo)
      })
      seq = next - 1
      return { first, fresh }
    },
    list(query: AlarmQuery): { rows: readonly AlarmRow[]; next?: string } {
      const { sql, values, limit } = listStatement(query)
      const rows = database.prepare(sql).all(...values) as unknown as AlarmRow[]
      // They come in order; SQL promises it only where the outermost query sorts, which would be a sort for nothing.
      rows.sort(byTurn)
      if (rows.length <= limit) return { rows }
      const last = rows[limit - 1]!
      return { rows: rows.slice(0, limit), next: query.order === 'urgency' ? cursorAfterTurn(last) : cursorAfter(last) }
    },
    timeline: (alarm: string) => bodies.all(alarm).map(({ body }) => body as string),
    beginning: (prefix: string) => named.all(prefix) as unknown as readonly { alarm: string; rule: string }[],
    since: ({ seq, limit }: { seq: number; limit: number }) =>
      after.all(seq, limit) as unknown as readonly { seq: number; body: string }[],
    last: () => seq,
    offset: () => (database.meta('offset') as number | undefined) ?? 0,
  }
}
