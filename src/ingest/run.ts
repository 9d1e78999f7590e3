/** Runs (连续段): readings of one subject that say alike without a break, kept as the first of them and how long it went on. */
import type { Json } from '../model/json.ts'
import type { Point } from '../model/point.ts'
import type { Quality, Reading, Sighting, Value } from '../model/reading.ts'
import { type Duration, type Instant, MINUTE } from '../model/time.ts'

export interface Run {
  /** Where it was first said, in which words. */
  readonly point: Point
  readonly from: Instant
  readonly value: Value | null
  readonly quality: Quality
  readonly ref: string | undefined
  /** A number strictly between these says the same. */
  readonly low: number
  readonly high: number
  /** When, and for a card by which reader, it was last said. */
  to: Instant
  last: Point
}

/** How one point's numbers are told apart: on different sides of an edge, or as far from each other as a step. */
export interface Grain {
  readonly edges: readonly number[]
  readonly step: number
}

/** A subject without a `silentAfter` of its own that says nothing for so long begins a new run. */
const BREAK: Duration = 5 * MINUTE

/** The run a reading begins. */
export function runOf({ point, ts, value, quality, ref }: Omit<Reading, 'received' | 'timing'>, grain: Grain): Run {
  let low = Number.NEGATIVE_INFINITY
  let high = Number.POSITIVE_INFINITY
  if (typeof value === 'number') {
    low = value - grain.step
    high = value + grain.step
    // An edge itself may belong to either side (at or above, below): it is a side of its own.
    for (const edge of grain.edges) {
      if (edge <= value && edge > low) low = edge
      if (edge >= value && edge < high) high = edge
    }
  }
  return { point, from: ts, value, quality, ref, low, high, to: ts, last: point }
}

/** Whether a reading says what the run says, soon enough. Passages and welding steps are events: each stands for itself. */
export function continues(run: Run, { point, ts, value, quality }: Reading): boolean {
  if (run.point.shape !== point.shape || quality !== run.quality || ts - run.to > (point.silentAfter ?? BREAK))
    return false
  switch (point.shape) {
    case 'number':
      return (
        value === run.value || (typeof value === 'number' && run.value !== null && value > run.low && value < run.high)
      )
    case 'sighting':
      return seenAlike(run, point, { was: run.value as Sighting | null, is: value as Sighting | null })
    case 'boolean':
    case 'state':
      return value === run.value
    case 'passage':
    case 'session':
      return false
  }
}

/** A card is where it was while it stays in one area, whichever of its readers hears it. */
function seenAlike(run: Run, point: Point, { was, is }: { was: Sighting | null; is: Sighting | null }): boolean {
  if (was === null || is === null) return was === is
  return (
    run.last.area === point.area &&
    (was.gone ?? false) === (is.gone ?? false) &&
    (was.sos ?? false) === (is.sos ?? false)
  )
}

/** The row of a run in a snapshot. */
export type RunRow = readonly [
  point: string,
  from: Instant,
  to: Instant,
  value: Json,
  quality: Quality,
  last: string | null,
  ref: string | null,
]

/** Writes a run by names. */
export function saveRun({ point, from, to, value, quality, last, ref }: Run): RunRow {
  return [point.id, from, to, value as Json, quality, last === point ? null : last.id, ref ?? null]
}

/** What `saveRun` wrote; undefined where nothing asks for its point any more. */
export function loadRun(
  row: RunRow,
  { points, grains }: { points: ReadonlyMap<string, Point>; grains: readonly (Grain | undefined)[] },
): Run | undefined {
  const [id, ts, to, value, quality, lastId, ref] = row
  const point = points.get(id)
  const grain = point && grains[point.index]
  if (!point || !grain) return undefined
  const said = { point, ts, value: value as Value | null, quality, ...(ref !== null && { ref }) }
  const run = runOf(said, grain)
  run.to = to
  run.last = (lastId === null ? undefined : points.get(lastId)) ?? point
  return run
}
