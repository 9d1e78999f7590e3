/** Writing rows and sightings into the history's tables; twice is as good as once. */
import type { Database } from '../sqlite/database.ts'
import type { Generation, Row, Seen } from './generation.ts'

/** Must be called within a transaction. */
export interface HistoryWriter {
  /** The rows of one point, in order of arrival. A row that is there already, by point, time and value, stays as it was. */
  rows(rows: Row[]): void
  /** The sightings of one card. */
  seen(card: readonly Seen[]): void
}

export function historyWriter(database: Database): HistoryWriter {
  const insert = database.prepare('INSERT INTO reading VALUES (?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const same = database.prepare('SELECT 1 FROM reading WHERE point = ? AND ts = ? AND value IS ?')
  const another = database.prepare(`INSERT INTO reading
    SELECT ?1, ?2, max(seq) + 1, ?3, ?4, ?5, ?6, ?7 FROM reading WHERE point = ?1 AND ts = ?2`)
  const see = database.prepare(
    'INSERT INTO sighting VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET gone = max(gone, excluded.gone)',
  )
  const findCard = database.prepare('SELECT id FROM card WHERE site = ? AND card = ?')
  const addCard = database.prepare('INSERT INTO card (site, card) VALUES (?, ?) RETURNING id')

  return {
    rows(rows) {
      for (const row of rows) {
        if (insert.run(...row).changes === 0 && !same.get(row[0], row[1], row[2])) another.run(...row)
      }
    },
    seen(sightings) {
      const first = sightings[0]
      if (!first) return
      const card = (findCard.get(first.site, first.card) ?? addCard.get(first.site, first.card))!.id as number
      for (const { ts, point, gone } of sightings) see.run(card, ts, point, gone ? 1 : 0)
    },
  }
}

/** Writes about `piece` rows of a generation in one transaction, point after point, and takes them out of it; with the last of
 *  them its offset. Whether everything is written. */
export function writePiece(
  generation: Generation,
  { database, writer, piece }: { database: Database; writer: HistoryWriter; piece: number },
): boolean {
  const points: number[] = []
  const cards: string[] = []
  let done = false
  database.transaction(() => {
    let written = 0
    for (const [point, rows] of generation.rows) {
      if (written >= piece) return
      writer.rows(rows)
      points.push(point)
      written += rows.length
    }
    for (const [card, seen] of generation.seen) {
      if (written >= piece) return
      writer.seen(seen)
      cards.push(card)
      written += seen.length
    }
    if (generation.upTo !== undefined) database.setMeta('offset', generation.upTo)
    done = true
  })
  for (const point of points) generation.rows.delete(point)
  for (const card of cards) generation.seen.delete(card)
  return done
}
