/** Rows gathered by point before they are written, for each point has a page of its own to be written to. */
import type { Offset } from '../../model/entry.ts'
import type { Instant } from '../../model/time.ts'
import type { RowBatch, RowText } from './batch.ts'

/** Point, time, value, flags, lag, status, ref: as the table has them, without `seq`. */
export type Row = [number, Instant, number | string, number, number, string | null, string | null]

/** A card at a reader. */
export interface Seen {
  readonly site: string
  readonly card: string
  readonly ts: Instant
  readonly point: number
  readonly gone: boolean
}

const NO_TEXT: Partial<RowText> = {}

/** What will be written together. Its offset counts once all of it is. */
export class Generation {
  readonly rows = new Map<number, Row[]>()
  readonly seen = new Map<string, Seen[]>()
  size = 0
  upTo: Offset | undefined

  add({ point, ts, received, value, flags, texts }: RowBatch, upTo: Offset | undefined): void {
    let next = 0
    for (let i = 0; i < point.length; i++) {
      const text = texts[next]?.row === i ? texts[next++]! : NO_TEXT
      const id = point[i]!
      const at = ts[i]!
      const { status = null, ref = null, sighting } = text
      push(this.rows, id, [id, at, text.value ?? value[i]!, flags[i]!, received[i]! - at, status, ref])
      if (sighting) push(this.seen, cardKey(sighting), { ...sighting, ts: at, point: id })
    }
    this.size += point.length
    if (upTo !== undefined) this.upTo = upTo
  }

  /** In the tables' own order, so that writing goes through them once. */
  sort(): void {
    const points = [...this.rows].sort(([a], [b]) => a - b)
    this.rows.clear()
    for (const [point, rows] of points) this.rows.set(point, rows)
  }
}

export function cardKey({ site, card }: { site: string; card: string }): string {
  return `${site}/${card}`
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
