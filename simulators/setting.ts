/** What every behaviour is given: the site's points, simulated time, chance of its own, and a voice. */
import type { Point, PointKind } from '../src/model/point.ts'
import type { Site } from '../src/model/site.ts'
import type { Duration } from '../src/model/time.ts'
import type { Delays } from './delays.ts'
import type { Gateway } from './gateway.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

export interface Setting {
  readonly site: Site
  readonly timeline: Timeline
  readonly random: Random
  readonly gateway: Gateway
  readonly delays: Delays
  /** How many times faster than life. */
  readonly speed: number
  /** When somebody begins to listen, from now: what is said once, at the beginning, is said then. */
  readonly opening: Duration
}

/** The site's points of some kinds, in the configuration's order. */
export function pointsOf({ site }: Setting, kinds: readonly PointKind[]): Point[] {
  return [...site.points.values()].filter(({ kind }) => kinds.includes(kind))
}

/** A device's period: its own, or less where time runs so slowly that the point would pass for silent. */
export function cadence({ speed }: Setting, period: Duration, { silentAfter }: Point): Duration {
  return silentAfter === undefined ? period : Math.min(period, (silentAfter / 3) * speed)
}

/** To so many decimals, as an instrument shows it. */
export function shown(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
