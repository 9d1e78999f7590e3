/** A point's history and its live tail as chart columns: extremes kept, silence kept as a gap. */
import type { BucketBody } from '../api/types.ts'

/** One column a field; x in seconds. `null` breaks the line. */
export interface Columns {
  readonly x: number[]
  readonly min: (number | null)[]
  readonly max: (number | null)[]
  readonly last: (number | null)[]
}

/** A live reading; `value` null where it was not good. Milliseconds. */
export interface Sample {
  readonly ts: number
  readonly value: number | null
}

/** Buckets and the samples after them. A pause longer than `gapAfter` milliseconds, and a bucket without a good reading, break the line. */
export function columns(
  { buckets, tail }: { readonly buckets: readonly BucketBody[]; readonly tail: readonly Sample[] },
  gapAfter: number,
): Columns {
  const out: Columns = { x: [], min: [], max: [], last: [] }
  const push = (ts: number, [min, max, last]: readonly [number | null, number | null, number | null]) => {
    out.x.push(ts / 1000)
    out.min.push(min)
    out.max.push(max)
    out.last.push(last)
  }
  let before: number | undefined
  const add = (ts: number, values: readonly [number | null, number | null, number | null]) => {
    if (before !== undefined && ts <= before) return
    if (before !== undefined && ts - before > gapAfter) push(before + 1, [null, null, null])
    push(ts, values)
    before = ts
  }
  for (const { ts, min, max, last, count, worst } of buckets) {
    if (last !== undefined) add(Date.parse(ts), [min ?? last, max ?? last, last])
    else if (count === 0 && worst === 'bad') add(Date.parse(ts), [null, null, null])
  }
  for (const { ts, value } of tail) add(ts, [value, value, value])
  return out
}

/** Adds a reading to the tail where it is newer than the last; drops what is older than `keepFrom`. */
export function append(
  tail: readonly Sample[],
  { sample, keepFrom }: { sample: Sample; keepFrom: number },
): readonly Sample[] {
  const last = tail.at(-1)
  if (last && sample.ts <= last.ts) return tail
  return [...tail.filter(({ ts }) => ts >= keepFrom), sample]
}
