/** Messages and their attempts, as the storage thread works on them. */
import type { SQLInputValue } from 'node:sqlite'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { Backlog, Lane, MessageState } from '../../model/notification.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'
import { RANKS } from './item-table.ts'

/** A message on its way into the table, its content as JSON. */
export interface NewMessage {
  readonly id: string
  readonly channel: string
  readonly target: string
  readonly severity: Severity
  readonly at: Instant
  readonly items: readonly number[]
  readonly body: string
}

export interface MessageRow {
  readonly n: number
  readonly channel: string
  readonly target: string
  readonly state: MessageState
  readonly attempts: number
  readonly created: Instant
  readonly next: Instant
  readonly tried: Instant | null
  readonly answer: string | null
  readonly items: number
  readonly body: string
  /** Where it is about one only. */
  readonly alarm: string | null
}

export interface ListQuery {
  readonly state?: readonly MessageState[]
  readonly channel?: string
  readonly alarm?: string
  readonly before?: number
  readonly limit: number
}

export interface NextQuery {
  readonly channel: string
  readonly lane: Lane
  readonly now: Instant
  readonly busy: readonly string[]
}

export interface Settlement {
  readonly id: string
  readonly state: MessageState
  readonly answer: string
  readonly now: Instant
  readonly next: Instant
}

/** Rates are per hour at most, so older attempts are of no use. */
const REMEMBERED = HOUR
const MOST = 1_000
/** Rows removed in one transaction, so that what is urgent does not wait for a clean-up. */
const PRUNED = 5_000
const MESSAGES = `SELECT *, CASE items WHEN 1 THEN (SELECT alarm FROM item WHERE item.message = message.n) END AS alarm FROM message`

export function messageTable(database: Database) {
  const insert = database.prepare(`INSERT INTO message
    (id, channel, target, rank, state, created, next, items, body) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?)`)
  const assign = database.prepare('UPDATE item SET message = ? WHERE n = ? AND message IS NULL')
  const open = `channel = ? AND state IN ('queued', 'failed') AND rank BETWEEN ? AND ?
    AND target NOT IN (SELECT value FROM json_each(?))`
  const ready = database.prepare(`${MESSAGES} WHERE ${open} AND next <= ? ORDER BY rank, n LIMIT 1`)
  /** What failed before it of the same alarms, for the same target: people are not to hear that it is over, and then that it stands. Once
   *  that was tried since the later one may go, the later one goes: what a target never takes holds up nothing. */
  const earlier = database.prepare(`${MESSAGES} WHERE n IN
    (SELECT a.message FROM item b JOIN item a ON a.alarm = b.alarm AND a.message < b.message WHERE b.message = ?)
    AND channel = ? AND target = ? AND state = 'failed' AND rank BETWEEN ? AND ? AND tried < ? ORDER BY n LIMIT 1`)
  const soonest = database.prepare(`SELECT min(next) AS due FROM message WHERE ${open}`)
  const update = database.prepare(
    'UPDATE message SET state = ?, attempts = attempts + 1, answer = ?, tried = ?, next = ? WHERE id = ? RETURNING channel',
  )
  const attempted = database.prepare('INSERT INTO attempt VALUES (?, ?)')
  const forget = database.prepare('DELETE FROM attempt WHERE channel = ? AND at < ?')
  const since = database.prepare('SELECT at FROM attempt WHERE channel = ? AND at >= ? ORDER BY at')
  const one = database.prepare(`${MESSAGES} WHERE id = ?`)
  const again = database.prepare(
    "UPDATE message SET state = 'queued', attempts = 0, created = ?, next = ? WHERE id = ?",
  )
  const waiting = database.prepare(
    'SELECT channel, count(*) AS waiting, min(created) AS oldest FROM item INDEXED BY item_age WHERE message IS NULL GROUP BY channel',
  )
  const unsent = database.prepare(`SELECT channel, state, count(*) AS unsent, min(created) AS oldest FROM message
    WHERE state IN ('queued', 'failed', 'dead') GROUP BY channel, state`)
  const old = `SELECT n FROM message WHERE state IN ('sent', 'dead') AND tried < ? ORDER BY n LIMIT ${PRUNED}`
  const pruneItems = database.prepare(`DELETE FROM item WHERE message IN (${old})`)
  const prune = database.prepare(`DELETE FROM message WHERE n IN (${old})`)
  /** What nobody could be told of: it waits for a channel that is gone, or that has failed ever since. */
  const stuck = `SELECT n FROM message WHERE state IN ('queued', 'failed') AND created < ? ORDER BY n LIMIT ${PRUNED}`
  const dropWaiting = database.prepare(`DELETE FROM item WHERE n IN
    (SELECT n FROM item INDEXED BY item_age WHERE message IS NULL AND created < ? LIMIT ${PRUNED})`)
  const dropStuckItems = database.prepare(`DELETE FROM item WHERE message IN (${stuck})`)
  const dropStuck = database.prepare(`DELETE FROM message WHERE n IN (${stuck})`)

  return {
    write({ id, channel, target, severity, at, items, body }: NewMessage): void {
      database.transaction(() => {
        const rank = SEVERITIES.indexOf(severity)
        const n = insert.run(id, channel, target, rank, at, at, items.length, body).lastInsertRowid
        for (const item of items) assign.run(n, item)
      })
    },
    next({ channel, lane, now, busy }: NextQuery): {
      row?: MessageRow
      due?: Instant
    } {
      const [low, high] = RANKS[lane]
      const targets = JSON.stringify(busy)
      const row = ready.get(channel, low, high, targets, now) as MessageRow | undefined
      const first = row && (earlier.get(row.n, channel, row.target, low, high, row.next) as MessageRow | undefined)
      const { due } = soonest.get(channel, low, high, targets) as { due: Instant | null }
      return { ...(row && { row: first ?? row }), ...(due !== null && { due }) }
    },
    settle({ id, state, answer, now, next }: Settlement): void {
      database.transaction(() => {
        const channel = update.get(state, answer, now, next, id)?.channel as string | undefined
        if (channel === undefined) return
        attempted.run(channel, now)
        forget.run(channel, now - REMEMBERED)
      })
    },
    resend({ id, now }: { id: string; now: Instant }): MessageState | undefined {
      const state = one.get(id)?.state as MessageState | undefined
      if (state === 'dead' || state === 'failed') again.run(now, now, id)
      return state
    },
    get: (id: string) => one.get(id) as MessageRow | undefined,
    list({ state, channel, alarm, before = Number.MAX_SAFE_INTEGER, limit }: ListQuery): readonly MessageRow[] {
      const conditions = ['n < ?']
      const values: SQLInputValue[] = [before]
      if (state) {
        conditions.push(`state IN (${state.map(() => '?').join(', ')})`)
        values.push(...state)
      }
      if (channel !== undefined) {
        conditions.push('channel = ?')
        values.push(channel)
      }
      if (alarm !== undefined) {
        conditions.push('n IN (SELECT message FROM item WHERE alarm = ?)')
        values.push(alarm)
      }
      const sql = `${MESSAGES} WHERE ${conditions.join(' AND ')} ORDER BY n DESC LIMIT ?`
      return database.prepare(sql).all(...values, Math.min(limit, MOST)) as unknown as readonly MessageRow[]
    },
    backlog(): readonly Backlog[] {
      const found = new Map<
        string,
        { channel: string; waiting: number; unsent: number; dead: number; oldest?: Instant }
      >()
      const of = (channel: string) => {
        const known = found.get(channel) ?? { channel, waiting: 0, unsent: 0, dead: 0 }
        found.set(channel, known)
        return known
      }
      const older = (entry: { oldest?: Instant }, oldest: Instant) => {
        entry.oldest = Math.min(entry.oldest ?? oldest, oldest)
      }
      for (const row of waiting.all()) {
        const entry = of(row.channel as string)
        entry.waiting = row.waiting as number
        older(entry, row.oldest as number)
      }
      for (const row of unsent.all()) {
        const entry = of(row.channel as string)
        if (row.state === 'dead') entry.dead = row.unsent as number
        else {
          entry.unsent += row.unsent as number
          older(entry, row.oldest as number)
        }
      }
      return [...found.values()]
    },
    attempts: ({ channel, since: from }: { channel: string; since: Instant }) =>
      since.all(channel, from).map(({ at }) => at as Instant),
    prune: ({ over, waiting: since }: { over: Instant; waiting: Instant }): { gone: number; untold: number } =>
      database.transaction(() => {
        pruneItems.run(over)
        const gone = Number(prune.run(over).changes)
        const untold = Number(dropWaiting.run(since).changes) + Number(dropStuckItems.run(since).changes)
        dropStuck.run(since)
        return { gone: gone + untold, untold }
      }),
  }
}
