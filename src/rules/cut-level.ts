/** Where the power is cut (断电): the level named `cut` of the `limit` items that watch a gas point. */
import { matchPoints } from '../model/match.ts'
import type { Point } from '../model/point.ts'
import type { Scope } from '../model/rule.ts'
import type { LimitParams } from './limit/watch.ts'

export interface CutLevel {
  readonly point: Point
  /** The `limit` item that declares it. */
  readonly item: string
  /** The value is over the level above or below this bound, the bound included. */
  readonly side: 'high' | 'low'
  readonly bound: number
  /** Power may return below (`low`: above) this value. */
  readonly clear: number
}

/** The cut levels of each of the points that has any, in the order of the installation's items. */
export function cutLevels(
  points: readonly Point[],
  { site, instances }: Pick<Scope<unknown>, 'site' | 'instances'>,
): ReadonlyMap<Point, readonly CutLevel[]> {
  const found = new Map<Point, CutLevel[]>()
  for (const { id, rule, match, params } of instances) {
    if (rule !== 'limit') continue
    const levels = (params as LimitParams).levels.filter(({ name }) => name === 'cut')
    if (levels.length === 0) continue
    const matched = new Set(matchPoints(site, match, [...new Set(points.map(({ kind }) => kind))]))
    for (const point of points) {
      if (!matched.has(point)) continue
      for (const { high, low, clear } of levels) {
        const bound = high ?? low!
        const back = clear ?? bound
        const cut: CutLevel = {
          point,
          item: id,
          side: high === undefined ? 'low' : 'high',
          bound,
          // As `limit` has it: a clear value on the wrong side would make every value both raise and clear.
          clear: high === undefined ? Math.max(back, bound) : Math.min(back, bound),
        }
        const known = found.get(point)
        if (known) known.push(cut)
        else found.set(point, [cut])
      }
    }
  }
  return found
}

/** The value is at or over the level: power must be off. */
export function isCut({ side, bound }: CutLevel, value: number): boolean {
  return side === 'high' ? value >= bound : value <= bound
}

/** The value is good below (`low`: above) the level's clear value: power may return. */
export function isRestored({ side, clear }: CutLevel, value: number): boolean {
  return side === 'high' ? value < clear : value > clear
}
