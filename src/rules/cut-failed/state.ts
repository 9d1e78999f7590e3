/** What `cut-failed` remembers of a site. */
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Scope } from '../../model/rule.ts'
import { type Area, within } from '../../model/site.ts'
import type { Duration, Instant } from '../../model/time.ts'
import { type CutLevel, cutLevels } from '../cut-level.ts'
import { type Statement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import type { CutFailedParams } from './params.ts'

/** A gas point with a cut level. */
export interface Gas {
  readonly type: 'gas'
  readonly point: Point
  /** Index into `spots`. */
  readonly spot: number
  readonly cuts: readonly CutLevel[]
  /** A value strictly between these two reaches no cut level. */
  readonly from: number
  readonly to: number
  /** Of `cuts`, by index: reached, and not yet back below the clear value. */
  held: boolean[]
  /** Any of them. */
  over: boolean
  /** The last valid value while over. */
  last: EntryRef | undefined
}

export interface Feeder {
  readonly type: 'feeder'
  readonly point: Point
  /** Indices into `spots`: its area and those around it. */
  readonly spots: readonly number[]
  /** Infinity for a point that is never silent. */
  readonly silentAfter: Duration
  /** Heard to be de-energised, and not silent since: the only thing that counts as power off. */
  off: boolean
  /** Arrival of the last word that counted; `-Infinity` before the first. */
  heard: Instant
  last: EntryRef | undefined
}

/** One area of those the item is for, as it was at `judged`. */
export interface Spot {
  readonly area: Area
  /** Ids of the gas points that are over. */
  over: Set<string>
  /** Ids of the feeders that are not known to be off. */
  live: Set<string>
  /** Event time since which some gas point has been over. */
  since: Instant
  /** Event time up to which it has been judged. */
  judged: Instant
  statement: Statement
}

/** A gas point of the spot went over or came back, a feeder of it went on or off; or it said so again. */
export interface SpotChange extends Change {
  readonly spot: number
  readonly set: 'over' | 'live'
  readonly on: boolean
}

export interface State {
  readonly scope: Scope<CutFailedParams>
  readonly spots: readonly Spot[]
  readonly gases: readonly Gas[]
  readonly feeders: readonly Feeder[]
  /** By index of the point, less `base`. */
  readonly slots: readonly (Gas | Feeder | undefined)[]
  readonly base: number
  /** Changes later than the site's news is complete. */
  readonly open: SpotChange[]
  /** Areas it spoke of that have no spot any more, from the load on until that is said. */
  readonly unwatched: Area[]
}

/** Only areas with feeders and with gas points that have a cut level are watched. */
export function start(scope: Scope<CutFailedParams>): State {
  const { areas, points } = scope
  const powered = points.filter(({ kind }) => kind === 'feeder.energized')
  const spots: Spot[] = []
  const gases: Gas[] = []
  for (const [point, cuts] of cutLevels(points, scope)) {
    const area = answering(point, { areas, powered })
    if (!area) continue
    let spot = spots.findIndex((one) => one.area === area)
    if (spot < 0) {
      const live = powered.filter((feeder) => within(feeder.area, area)).map(({ id }) => id)
      spot = spots.length
      spots.push({ area, over: new Set(), live: new Set(live), since: 0, judged: 0, statement: silence() })
    }
    const bounds = (side: CutLevel['side']) => cuts.filter((cut) => cut.side === side).map(({ bound }) => bound)
    gases.push({
      type: 'gas',
      point,
      spot,
      cuts,
      from: Math.max(...bounds('low'), Number.NEGATIVE_INFINITY),
      to: Math.min(...bounds('high'), Number.POSITIVE_INFINITY),
      held: cuts.map(() => false),
      over: false,
      last: undefined,
    })
  }
  const feeders = powered.flatMap((point): Feeder[] => {
    const around = spots.flatMap(({ area }, i) => (within(point.area, area) ? [i] : []))
    if (around.length === 0) return []
    const silentAfter = point.silentAfter ?? Number.POSITIVE_INFINITY
    return [
      {
        type: 'feeder',
        point,
        spots: around,
        silentAfter,
        off: false,
        heard: Number.NEGATIVE_INFINITY,
        last: undefined,
      },
    ]
  })
  const all = [...gases, ...feeders]
  const base = all.reduce((least, { point }) => Math.min(least, point.index), Number.POSITIVE_INFINITY)
  const slots: (Gas | Feeder | undefined)[] = []
  for (const slot of all) slots[slot.point.index - base] = slot
  return { scope, spots, gases, feeders, slots: Array.from(slots), base, open: [], unwatched: [] }
}

/** Whose power gas at that point must cut: its own area's with the sub-areas, or the nearest area around it that has feeders of its own. */
function answering(
  { area }: Point,
  { areas, powered }: { areas: readonly Area[]; powered: readonly Point[] },
): Area | undefined {
  const nearest = (from: Area | undefined) => {
    for (let a = from; a; a = a.parent) if (areas.includes(a)) return a
    return undefined
  }
  const own = nearest(area)
  if (!own || powered.some((feeder) => within(feeder.area, own))) return own
  for (let a = nearest(own.parent); a; a = nearest(a.parent)) {
    const here = a
    if (powered.some((feeder) => nearest(feeder.area) === here)) return here
  }
  return undefined
}
