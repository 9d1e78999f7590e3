/** What `not-evacuated` remembers of a site. */
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Scope } from '../../model/rule.ts'
import { type Area, within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { type CutLevel, cutLevels } from '../cut-level.ts'
import { type Statement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import type { NotEvacuatedParams } from './params.ts'

/** A gas point with a cut level. */
export interface Gas {
  readonly point: Point
  /** Indices into `spots`: its area and those around it. */
  readonly spots: readonly number[]
  readonly cuts: readonly CutLevel[]
  /** A value strictly between these two reaches no cut level. */
  readonly from: number
  readonly to: number
  /** Of `cuts`: reached, and not yet back below the clear value. */
  readonly held: Set<CutLevel>
  /** The last valid value while any is held. */
  last: EntryRef | undefined
}

/** One area of those the item is for, as it was at `judged`. */
export interface Spot {
  readonly area: Area
  /** Ids of the gas points at their cut level. */
  over: Set<string>
  /** Event time since which there is one, or since the one before it that people had no time to leave after. */
  since: Instant
  /** When the last cut was over, while people had not left. */
  ended: Instant | undefined
  /** When the area must be empty; infinity without a cut, or once that has been judged. */
  due: Instant
  /** Ids of those in it and its sub-areas. */
  inside: Set<string>
  /** Event time up to which it has been judged. */
  judged: Instant
  statement: Statement
}

/** Somebody entered or left the spot, or a gas point of it was cut or came back. */
export interface SpotChange extends Change {
  readonly spot: number
  readonly set: 'inside' | 'over'
  readonly on: boolean
}

export interface State {
  readonly scope: Scope<NotEvacuatedParams>
  readonly spots: readonly Spot[]
  /** By id of the point. */
  readonly gases: ReadonlyMap<string, Gas>
  /** Changes later than the site's news is complete. */
  readonly open: SpotChange[]
  /** Areas it spoke of that have no spot any more, from the load on until that is said. */
  readonly unwatched: Area[]
}

/** Only areas with a gas point that has a cut level are watched. */
export function start(scope: Scope<NotEvacuatedParams>): State {
  const { points, instance } = scope
  // A cut at one face empties that face; the whole mine only where the item says so.
  const wanted = 'kind' in instance.match || 'id' in instance.match
  const areas = scope.areas.filter(({ kind }) => wanted || kind !== 'underground')
  const spots: Spot[] = []
  const gases = new Map<string, Gas>()
  for (const [point, cuts] of cutLevels(points, scope)) {
    const around = areas.filter((area) => within(point.area, area)).map((area) => spotOf(spots, area))
    if (around.length === 0) continue
    const bounds = (side: CutLevel['side']) => cuts.filter((cut) => cut.side === side).map(({ bound }) => bound)
    gases.set(point.id, {
      point,
      spots: around,
      cuts,
      from: Math.max(...bounds('low'), Number.NEGATIVE_INFINITY),
      to: Math.min(...bounds('high'), Number.POSITIVE_INFINITY),
      held: new Set(),
      last: undefined,
    })
  }
  return { scope, spots, gases, open: [], unwatched: [] }
}

function spotOf(spots: Spot[], area: Area): number {
  const known = spots.findIndex((spot) => spot.area === area)
  if (known >= 0) return known
  const due = Number.POSITIVE_INFINITY
  spots.push({
    area,
    over: new Set(),
    since: 0,
    ended: undefined,
    due,
    inside: new Set(),
    judged: 0,
    statement: silence(),
  })
  return spots.length - 1
}
