/** What `suspect` remembers of a site: its points, and who is whose peer. */
import type { Point } from '../../model/point.ts'
import type { Scope } from '../../model/rule.ts'
import { within } from '../../model/site.ts'
import { silence } from '../statement.ts'
import type { SuspectParams } from './params.ts'
import { emptySlice, type Pace, paceOf, type Track } from './track.ts'

export interface State {
  readonly scope: Scope<SuspectParams>
  readonly pace: Pace
  readonly tracks: readonly Track[]
  /** By index of the point, less `base`. */
  readonly slots: readonly (Track | undefined)[]
  readonly base: number
  /** Number of the slice in the making, in slices since the epoch; absent before the first reading. */
  slice: number | undefined
}

export function start(scope: Scope<SuspectParams>): State {
  const { points, site, params } = scope
  const kinds = new Set(points.map(({ kind }) => kind))
  const tracks = new Map<Point, Track>()
  const byKind = Map.groupBy(
    [...site.points.values()].filter(({ kind }) => kinds.has(kind)),
    ({ kind }) => kind,
  )
  const trackOf = (point: Point): Track => {
    let track = tracks.get(point)
    if (!track) {
      track = begin(point, points.includes(point))
      tracks.set(point, track)
    }
    return track
  }
  for (const point of points) {
    const { peers } = trackOf(point)
    for (const other of byKind.get(point.kind)!) {
      if (other !== point && near(other, point, params)) peers.push(trackOf(other))
    }
  }
  const all = [...tracks.values()]
  const base = all.reduce((least, { point }) => Math.min(least, point.index), Number.POSITIVE_INFINITY)
  const slots: (Track | undefined)[] = []
  for (const track of all) slots[track.point.index - base] = track
  return { scope, pace: paceOf(params, site), tracks: all, slots: Array.from(slots), base, slice: undefined }
}

function near(other: Point, { area }: Point, { peers }: SuspectParams): boolean {
  if (peers === 'site') return true
  const around = peers === 'parent' ? (area?.parent ?? area) : area
  return around !== undefined && within(other.area, around)
}

function begin(point: Point, judged: boolean): Track {
  return {
    point,
    judged,
    peers: [],
    now: emptySlice(),
    next: emptySlice(),
    last: undefined,
    linked: false,
    recent: [],
    usual: 0,
    moves: 0,
    level: 0,
    middle: 0,
    learnt: 0,
    fresh: false,
    steady: 0,
    run: 0,
    longest: 0,
    suspect: false,
    statement: silence(),
  }
}
