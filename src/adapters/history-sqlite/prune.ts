/** Taking out what is older than its retention, a piece at a time, so that writes and charts come in between. */
import type { Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'

/** Rows taken out in one piece, about. */
const PIECE = 10_000

/** Where the next piece begins; absent once everything was looked at. */
export interface PruneStep {
  readonly before: Instant
  readonly table: 'reading' | 'sighting'
  /** Of the point or card looked at last. */
  readonly after: number
}

export function pruner(database: Database): (step: PruneStep) => { removed: number; next?: PruneStep } {
  const tables = {
    reading: statements(database, { table: 'reading', key: 'point', keys: 'point' }),
    sighting: statements(database, { table: 'sighting', key: 'card', keys: 'card' }),
  }
  return ({ before, table, after }) => {
    const { nextKey, edge, remove } = tables[table]
    let removed = 0
    let at = after
    database.transaction(() => {
      while (removed < PIECE) {
        const key = nextKey.get(at)?.id as number | undefined
        if (key === undefined) {
          at = Number.POSITIVE_INFINITY
          break
        }
        const stop = edge.get(key, before, PIECE)?.ts as Instant | undefined
        let gone = Number(remove.run(key, stop ?? before).changes)
        let finished = stop === undefined
        if (!finished && gone === 0) {
          // One instant holds more rows than a piece, so the edge is no progress: all of them go.
          gone = Number(remove.run(key, before).changes)
          finished = true
        }
        removed += gone
        if (finished) at = key
      }
    })
    if (at !== Number.POSITIVE_INFINITY) return { removed, next: { before, table, after: at } }
    return table === 'reading' ? { removed, next: { before, table: 'sighting', after: 0 } } : { removed }
  }
}

function statements(database: Database, { table, key, keys }: { table: string; key: string; keys: string }) {
  return {
    nextKey: database.prepare(`SELECT id FROM ${keys} WHERE id > ? ORDER BY id LIMIT 1`),
    edge: database.prepare(`SELECT ts FROM ${table} WHERE ${key} = ? AND ts < ? ORDER BY ts LIMIT 1 OFFSET ?`),
    remove: database.prepare(`DELETE FROM ${table} WHERE ${key} = ? AND ts < ?`),
  }
}
