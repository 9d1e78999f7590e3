/** What goes up at once: records in their order, as many as a peer takes, cut down as far as to a single reading where it takes less. */
import { Buffer } from 'node:buffer'

/** Something that goes up: readings of a site as a JSON array, or a transition. */
export interface Cuttable {
  readonly value: string
}

/** Bytes of what records carry. */
export function sizeOf(records: readonly Cuttable[]): number {
  return records.reduce((size, { value }) => size + Buffer.byteLength(value), 0)
}

/** Records in their order, in parts of at most `most` bytes, or of what cannot be cut. */
export function* partsOf<R extends Cuttable>(records: readonly R[], most: number): Generator<readonly R[]> {
  let part: R[] = []
  let room = most
  for (const record of records) {
    const size = sizeOf([record])
    if (size > room) {
      if (part.length > 0) yield part
      part = []
      room = most
    }
    const halves = size > most && halvesOf([record])
    if (halves) for (const half of halves) yield* partsOf(half, most)
    else {
      part.push(record)
      room -= size
    }
  }
  if (part.length > 0) yield part
}

/** The records in two, or the readings of the only one; `undefined` where there is but one. */
export function halvesOf<R extends Cuttable>(records: readonly R[]): readonly [readonly R[], readonly R[]] | undefined {
  const half = records.length >> 1
  if (half > 0) return [records.slice(0, half), records.slice(half)]
  const [record] = records
  // An array is readings of a site, a transition stands alone.
  const readings = record?.value.startsWith('[') ? (JSON.parse(record.value) as readonly unknown[]) : []
  const middle = readings.length >> 1
  if (middle === 0) return undefined
  const cut = (part: readonly unknown[]): readonly R[] => [{ ...record!, value: JSON.stringify(part) }]
  return [cut(readings.slice(0, middle)), cut(readings.slice(middle))]
}
