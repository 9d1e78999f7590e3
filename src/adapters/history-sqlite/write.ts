/** Writing a batch into the history's tables. */
import type { Offset } from '../../model/entry.ts'
import type { Database } from '../sqlite/database.ts'
import { pointWriter } from '../sqlite/points.ts'
import type { RowBatch, RowText } from './batch.ts'

const NO_TEXT: Partial<RowText> = {}

/** Writes a batch in one transaction, with the offset it completes. A row that is there already, by point, time and value, stays as it was. */
export function historyWriter(database: Database): (batch: RowBatch, upTo: Offset | undefined) => void {
  const writePoints = pointWriter(database)
  const insert = database.prepare('INSERT INTO reading VALUES (?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const same = database.prepare('SELECT 1 FROM reading WHERE point = ? AND ts = ? AND value IS ?')
  const another = database.prepare(`INSERT INTO reading
    SELECT ?1, ?2, max(seq) + 1, ?3, ?4, ?5, ?6, ?7 FROM reading WHERE point = ?1 AND ts = ?2`)
  const see = database.prepare(
    'INSERT INTO sighting VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET gone = max(gone, excluded.gone)',
  )
  const findCard = database.prepare('SELECT id FROM card WHERE site = ? AND card = ?')
  const addCard = database.prepare('INSERT INTO card (site, card) VALUES (?, ?) RETURNING id')

  const cardNumber = (site: string, card: string): number =>
    (findCard.get(site, card) ?? addCard.get(site, card))!.id as number

  return (batch, upTo) => {
    const { points, point, ts, received, value, flags, texts } = batch
    // In the table's own order neighbours fall into the same page; rows of one instant stay in order of arrival.
    const order = new Uint32Array(point.length)
    for (let i = 0; i < order.length; i++) order[i] = i
    order.sort((a, b) => point[a]! - point[b]! || ts[a]! - ts[b]! || a - b)
    const textOf = new Map(texts.map((text) => [text.row, text]))
    database.transaction(() => {
      writePoints(points)
      for (const i of order) {
        const text = textOf.get(i) ?? NO_TEXT
        const at = ts[i]!
        const row = [
          point[i]!,
          at,
          text.value ?? value[i]!,
          flags[i]!,
          received[i]! - at,
          text.status ?? null,
          text.ref ?? null,
        ] as const
        if (insert.run(...row).changes === 0 && !same.get(row[0], row[1], row[2])) another.run(...row)
        const { sighting } = text
        if (sighting) see.run(cardNumber(sighting.site, sighting.card), at, point[i]!, sighting.gone ? 1 : 0)
      }
      if (upTo !== undefined) database.setMeta('offset', upTo)
    })
  }
}
