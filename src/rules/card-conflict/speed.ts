/** How fast a card would have had to move between two sightings: no faster than the readers' places prove. */
import type { Point } from '../../model/point.ts'
import type { Instant } from '../../model/time.ts'
import type { CardConflictParams } from './params.ts'

/** A sighting at a known place. */
export interface Spot {
  readonly point: Point
  /** Metres. */
  readonly at: readonly [number, number, number]
  readonly ts: Instant
  /** Metres that the card may be away from there. */
  readonly off: number
  /** People are carried there. */
  readonly ride: boolean
}

export interface Way {
  /** Metres that the card moved at least. */
  readonly metres: number
  /** Milliseconds it had for it. */
  readonly time: number
  /** Metres a second, rounded to one place for people. */
  readonly speed: number
  readonly limit: number
  readonly tooFast: boolean
}

export function between(from: Spot, to: Spot, { speed, ride, slack }: CardConflictParams): Way {
  const metres = Math.max(0, distance(from.at, to.at) - from.off - to.off)
  const time = Math.max(Math.abs(to.ts - from.ts), slack, 1)
  const limit = from.ride || to.ride ? Math.max(ride, speed) : speed
  return {
    metres: Math.round(metres),
    time,
    speed: Math.round((metres / time) * 10_000) / 10,
    limit,
    tooFast: metres * 1_000 > limit * time,
  }
}

/** No two of the points are further apart, in metres; 0 where none has a place. */
export function longestWay(points: readonly Point[]): number {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const most = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { at } of points) {
    for (const [i, x] of (at ?? []).entries()) {
      least[i] = Math.min(least[i]!, x)
      most[i] = Math.max(most[i]!, x)
    }
  }
  const way = Math.hypot(...most.map((x, i) => x - least[i]!))
  return Number.isFinite(way) && most[0]! >= least[0]! ? way : 0
}

function distance(a: Spot['at'], b: Spot['at']): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
