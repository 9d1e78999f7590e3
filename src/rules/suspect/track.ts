/** How one point moves: its slice in the making, its recent slices, and what is usual for it. A fixed number of figures a point. */
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Site } from '../../model/site.ts'
import type { Duration } from '../../model/time.ts'
import type { Statement } from '../statement.ts'
import type { SuspectParams } from './params.ts'

/** Slices a window. */
export const SLICES = 6
/** One slice counts for no more than so many times the usual: a blast, or a probe that is moved, is one event. */
const OUTLIER = 2
/** The same while the usual is still being learnt. */
const OUTLIER_EARLY = 4
/** A fall by so many times what a point usually moves in a slice is a step. */
const STEP = 3

/** A slice in the making. */
export interface Slice {
  low: number
  high: number
  good: number
  bad: number
}

export interface Track {
  readonly point: Point
  /** Matched by the item, not only a peer of one that is. */
  readonly judged: boolean
  readonly peers: Track[]
  now: Slice
  /** What already belongs to the slice after it. */
  next: Slice
  /** The last good value, if nothing bad came after it. */
  last: EntryRef | undefined
  linked: boolean
  /** How far the values of each of the last slices lay apart. */
  recent: number[]
  /** The mean of that, as far back as the memory reaches. */
  usual: number
  /** Share of the slices with any movement. */
  moves: number
  /** Middle of the values, as far back as the memory reaches. */
  level: number
  /** Middle of the values of the last slice that was told. */
  middle: number
  /** Slices learnt from, as far as the memory reaches. */
  learnt: number
  /** The last slice was told by good values. */
  fresh: boolean
  /** Slices in a row, a window at most, in which it had kept its variability. */
  steady: number
  /** Slices in a row in which it was flat and its peers were not. */
  run: number
  /** The longest such run that ended by itself, fading. */
  longest: number
  suspect: boolean
  statement: Statement
}

/** What the durations of the parameters come to in slices. */
export interface Pace {
  readonly slice: Duration
  readonly learn: number
  readonly memory: number
}

/** A slice is no shorter than news may be on the way: whoever speaks of the slice after the next one proves that its own is complete. */
export function paceOf({ window, learn, memory }: SuspectParams, { lateAfter }: Pick<Site, 'lateAfter'>): Pace {
  const slice = Math.max(1_000, lateAfter, Math.floor(window / SLICES))
  const learnt = Math.max(SLICES, Math.ceil(learn / slice))
  return { slice, learn: learnt, memory: Math.max(learnt, Math.ceil(memory / slice)) }
}

export function emptySlice(): Slice {
  return { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, good: 0, bad: 0 }
}

/** Takes a good value into a slice; the way to it from the value before counts as well. */
export function take(track: Track, slice: Slice, reading: EntryRef): void {
  const value = reading.value as number
  if (track.linked) widen(slice, track.last!.value as number)
  widen(slice, value)
  slice.good += 1
  track.last = reading
  track.linked = true
}

function widen(slice: Slice, value: number): void {
  if (value < slice.low) slice.low = value
  if (value > slice.high) slice.high = value
}

/** Ends the slice. A slice without good values, or with as many bad ones, tells nothing: neither flat nor lively. */
export function close(track: Track, pace: Pace, params: SuspectParams): void {
  const { now: slice } = track
  track.now = track.next
  track.next = emptySlice()
  track.fresh = slice.good > slice.bad
  if (!track.fresh) return
  const span = slice.high - slice.low
  const learning = track.learnt < pace.learn
  const most = track.usual * (learning ? OUTLIER_EARLY : OUTLIER)
  const told = learning && track.learnt < SLICES / 2 ? span : Math.min(span, most)
  track.recent.push(told)
  if (track.recent.length > SLICES) track.recent.shift()
  track.middle = (slice.low + slice.high) / 2
  track.steady = liveliness(track) >= params.kept ? Math.min(track.steady + 1, SLICES) : 0
  // Flatness must not become what is usual, whatever its reason.
  if (!learning && flattened(track, params)) return
  const part = 1 / Math.min(track.learnt + 1, pace.memory)
  const towards = (old: number, found: number) => old + (found - old) * part
  track.usual = towards(track.usual, told)
  track.moves = towards(track.moves, span > 0 ? 1 : 0)
  // A level that it stands at is where it went, not where it usually is.
  if (learning || span > params.flat * track.usual) track.level = towards(track.level, track.middle)
  if (track.learnt < pace.memory) track.learnt += 1
  track.longest *= 1 - 1 / pace.memory
}

/** The mean of the recent slices. */
export function variability({ recent }: Track): number {
  let sum = 0
  for (const span of recent) sum += span
  return sum / recent.length
}

/** The recent variability as a share of the usual one. */
export function liveliness(track: Track): number {
  return variability(track) / track.usual
}

/** Flat; or calmer than a point that kept its variability, at a floor to which it fell. */
export function flattened(track: Track, params: SuspectParams): boolean {
  const share = liveliness(track)
  return share <= params.flat || (share < params.kept && fallen(track, params))
}

/** Far below where it usually is, and by more than it usually moves. */
export function fallen({ level, middle, usual }: Track, { floor }: SuspectParams): boolean {
  return middle <= level * floor && level - middle > STEP * usual
}

/** Whether anything can be said of it: it usually moves, and its last slice was told. */
export function able({ fresh, learnt, recent, moves, usual }: Track, pace: Pace, params: SuspectParams): boolean {
  return fresh && learnt >= pace.learn && recent.length === SLICES && moves >= params.moves && usual > 0
}
