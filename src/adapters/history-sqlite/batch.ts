/** Rows on their way to the history's thread: columns that are transferred, not copied. */
import type { PointRef } from '../../model/point.ts'
import type { HistoryRow } from '../../model/ports.ts'
import type { NumberedPoint } from '../sqlite/points.ts'
import { QUALITIES, STAMPED, TIMING_SHIFT, TIMINGS } from './schema.ts'

/** What a row has beside numbers; most have nothing. */
export interface RowText {
  readonly row: number
  /** JSON, where the value is not a number. */
  readonly value?: string
  readonly status?: string
  readonly ref?: string
  /** The card that was seen here. */
  readonly sighting?: { readonly site: string; readonly card: string; readonly gone: boolean }
}

export interface RowBatch {
  readonly points: readonly NumberedPoint[]
  readonly point: Int32Array<ArrayBuffer>
  readonly ts: Float64Array<ArrayBuffer>
  readonly received: Float64Array<ArrayBuffer>
  readonly value: Float64Array<ArrayBuffer>
  readonly flags: Uint8Array<ArrayBuffer>
  /** In order of `row`. */
  readonly texts: readonly RowText[]
}

/** Packs rows, without the numbers of new points, which only the caller knows when all are given. */
export function packRows(
  rows: readonly HistoryRow[],
  pointNumber: (point: PointRef) => number,
): Omit<RowBatch, 'points'> {
  const count = rows.length
  const point = new Int32Array(count)
  const ts = new Float64Array(count)
  const received = new Float64Array(count)
  const value = new Float64Array(count)
  const flags = new Uint8Array(count)
  const texts: RowText[] = []
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    point[i] = pointNumber(row.point)
    ts[i] = row.ts
    received[i] = row.received
    flags[i] =
      QUALITIES.indexOf(row.quality) | (TIMINGS.indexOf(row.timing) << TIMING_SHIFT) | (row.stamped ? STAMPED : 0)
    // SQLite has no NaN; as JSON it is null, which is what it means.
    const number = typeof row.value === 'number' && !Number.isNaN(row.value)
    if (number) value[i] = row.value as number
    if (!number || row.status !== undefined || row.ref !== undefined) texts.push(textOf(row, { row: i, number }))
  }
  return { point, ts, received, value, flags, texts }
}

function textOf(reading: HistoryRow, { row, number }: { row: number; number: boolean }): RowText {
  const { value, status, ref } = reading
  const sighting = sightingOf(reading)
  return {
    row,
    ...(number ? {} : { value: JSON.stringify(value) }),
    ...(status === undefined ? {} : { status }),
    ...(ref === undefined ? {} : { ref }),
    ...(sighting ? { sighting } : {}),
  }
}

/** A reader's sighting or a passage through a gate with a card; nothing that is `bad` says where a card was. */
function sightingOf({ value, quality, point }: HistoryRow): RowText['sighting'] {
  if (typeof value !== 'object' || value === null || quality === 'bad') return undefined
  if (!('card' in value) || typeof value.card !== 'string') return undefined
  return { site: point.siteId, card: value.card, gone: 'gone' in value && value.gone === true }
}
