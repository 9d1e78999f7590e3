/** Transitions that wait to be told, as the storage thread works on them. */
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { DeliveryState, Lane, MessageState, OutboxCursor } from '../../model/notification.ts'
import type { Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'

/** An item on its way into the table, its transition as JSON. */
export interface ItemRow {
  readonly channel: string
  readonly target: string
  readonly origin: string
  readonly alarm: string
  readonly severity: Severity
  readonly group: string
  readonly due: Instant
  readonly body: string
}

export interface StoredItem {
  readonly n: number
  readonly channel: string
  readonly target: string
  readonly severity: Severity
  readonly id: string
  readonly body?: string
}

export interface LastWordRow {
  readonly alarm: string
  readonly channel: string
  readonly target: string
  readonly body: string
}

export interface DueQuery {
  readonly channel: string
  readonly lane: Lane
  readonly now: Instant
  readonly digest: boolean
  readonly most: number
  readonly whole: number
  readonly open: number
}

/** Deliveries of one alarm that are looked at. */
const MOST_DELIVERIES = 1_000
const WAITING = 'FROM item WHERE message IS NULL AND channel = ? AND rank BETWEEN ? AND ? AND target = ?'
const ORDERED = 'ORDER BY rank, n LIMIT ?'

/** The first and last rank of a lane. */
export const RANKS: Readonly<Record<Lane, readonly [number, number]>> = {
  urgent: [0, 0],
  other: [1, SEVERITIES.length - 1],
}

export function itemTable(database: Database) {
  const insert = database.prepare(`INSERT INTO item
    (channel, target, transition_id, alarm, rank, grouped, created, due, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, target, transition_id) DO NOTHING`)
  const groups = database.prepare(`SELECT target, grouped, min(due) AS due, min(rank) AS worst, min(n) AS first
    FROM item INDEXED BY item_waiting WHERE message IS NULL AND channel = ?1 AND rank BETWEEN ?2 AND ?3
    AND target NOT IN (SELECT target FROM message WHERE channel = ?1 AND state IN ('queued', 'failed')
      AND rank BETWEEN ?2 AND ?3 GROUP BY target HAVING count(*) >= ?4)
    GROUP BY target, grouped`)
  /** Two ways to choose, each in two forms: the bodies of a storm would not fit through the thread at once. */
  const select = (condition: string) => ({
    light: database.prepare(`SELECT n, rank, transition_id AS id ${WAITING} AND ${condition} ${ORDERED}`),
    bodies: database.prepare(`SELECT body ${WAITING} AND ${condition} ${ORDERED}`),
  })
  const ofGroup = select('grouped = ?')
  const ofTarget = select('due <= ?')
  const known = database.prepare('SELECT 1 FROM item WHERE transition_id = ? LIMIT 1')
  /** What is critical may be taken before what lies before it in the journal. */
  const lastWords = database.prepare(`SELECT channel, target, body FROM
    (SELECT n, channel, target, body,
      row_number() OVER (PARTITION BY channel, target ORDER BY json_extract(body, '$.offset') DESC, n DESC) AS place
      FROM (SELECT n, channel, target, body FROM item WHERE alarm = ? ORDER BY n DESC LIMIT ${MOST_DELIVERIES}))
    WHERE place = 1 ORDER BY n DESC`)
  const deliveries =
    database.prepare(`SELECT i.channel, json_extract(i.body, '$.id') AS transition, i.created, i.target,
    m.id, m.state, m.tried, m.attempts FROM item i LEFT JOIN message m ON m.n = i.message
    WHERE i.alarm = ? ORDER BY i.n LIMIT ${MOST_DELIVERIES}`)

  return {
    cursor(): OutboxCursor | undefined {
      const seq = database.meta('seq') as number | undefined
      if (seq === undefined) return undefined
      const past = database.meta('past') as string | null | undefined
      return { seq, offset: database.meta('offset') as number, ...(past && { past: JSON.parse(past) }) }
    },
    take({ items, cursor, now }: { items: readonly ItemRow[]; cursor?: OutboxCursor; now: Instant }): void {
      database.transaction(() => {
        const origins = [...new Set(items.map(({ origin }) => origin))]
        const taken = new Set(origins.filter((origin) => known.get(origin)))
        for (const { channel, target, origin, alarm, severity, group, due, body } of items) {
          if (taken.has(origin)) continue
          insert.run(channel, target, origin, alarm, SEVERITIES.indexOf(severity), group, now, due, body)
        }
        if (!cursor) return
        database.setMeta('seq', cursor.seq)
        database.setMeta('offset', cursor.offset)
        database.setMeta('past', cursor.past ? JSON.stringify(cursor.past) : null)
      })
    },
    lastWords: (alarms: readonly string[]): readonly LastWordRow[] =>
      alarms.flatMap((alarm) =>
        lastWords.all(alarm).map(({ channel, target, body }) => {
          return { alarm, channel: channel as string, target: target as string, body: body as string }
        }),
      ),
    due({ channel, lane, now, digest, most, whole, open }: DueQuery): {
      items: readonly StoredItem[]
      groups: number
      next?: Instant
    } {
      const [low, high] = RANKS[lane]
      const all = groups.all(channel, low, high, open) as unknown as readonly GroupRow[]
      const ready = all.filter(({ due }) => due <= now).sort((a, b) => a.worst - b.worst || a.first - b.first)
      const first = ready[0]
      if (!first)
        return { items: [], groups: 0, ...(all.length > 0 && { next: Math.min(...all.map(({ due }) => due)) }) }
      const chosen = digest ? ofTarget : ofGroup
      const which = [channel, low, high, first.target, digest ? now : first.grouped] as const
      const bodies = chosen.bodies.all(...which, Math.min(whole, most))
      const items = chosen.light.all(...which, most).map(
        ({ n, rank, id }, i): StoredItem => ({
          n: n as number,
          channel,
          target: first.target,
          severity: SEVERITIES[rank as number]!,
          id: id as string,
          ...(bodies[i] && { body: bodies[i].body as string }),
        }),
      )
      return { items, groups: ready.length }
    },
    deliveries: (alarm: string): readonly DeliveryState[] =>
      deliveries.all(alarm).map((row) => ({
        channel: row.channel as string,
        transition: row.transition as string,
        state: (row.state as MessageState | null) ?? 'waiting',
        at: (row.tried ?? row.created) as Instant,
        ...(row.id !== null && { notification: row.id as string }),
        attempts: (row.attempts as number | null) ?? 0,
      })),
  }
}

interface GroupRow {
  readonly target: string
  readonly grouped: string
  readonly due: Instant
  readonly worst: number
  readonly first: number
}
