/** Points of measurement (测点) and their kinds: what a source may send, and how each kind is read. */
import type { Area, Site } from './site.ts'
import type { Duration } from './time.ts'

/** How values of a kind look: a number in the point's unit, a boolean, one of some words, or an object. */
export type ValueShape = 'number' | 'boolean' | 'state' | 'sighting' | 'passage' | 'session'

export interface KindTraits {
  readonly shape: ValueShape
  /** Default of `silentAfter`; absent for kinds that speak only when something happens. */
  readonly silentAfter?: Duration
}

const sampled = { shape: 'number', silentAfter: 60_000 } as const
const metered = { shape: 'number', silentAfter: 300_000 } as const
const reported = { shape: 'number' } as const
const switched = { shape: 'boolean', silentAfter: 60_000 } as const

/** Every kind of point, as the reference lists them. */
export const POINT_KINDS = {
  'gas.ch4': sampled,
  'gas.co': sampled,
  'gas.o2': sampled,
  'gas.co2': sampled,
  'gas.h2s': sampled,
  'gas.lel': sampled,
  'env.temperature': sampled,
  'env.wind': sampled,
  'env.dust': sampled,
  'tank.level': sampled,
  'tank.pressure': sampled,
  'tank.temperature': sampled,
  'power.active': metered,
  'power.energy': metered,
  'power.current': metered,
  'weld.current': reported,
  'belt.rate': reported,
  'count.people': reported,
  'count.lamps': reported,
  'feeder.energized': switched,
  'fan.running': switched,
  'door.open': { shape: 'boolean' },
  smoke: switched,
  'card.reader': { shape: 'sighting' },
  gate: { shape: 'passage' },
  'weld.session': { shape: 'session' },
  'device.state': { shape: 'state' },
} as const satisfies Record<string, KindTraits>

export type PointKind = keyof typeof POINT_KINDS

export const DEVICE_STATES = ['online', 'offline', 'occluded', 'frozen', 'moved'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

/** The name by which journals and sources know a point; `Point` is what the configuration makes of it. */
export interface PointRef {
  readonly siteId: string
  readonly id: string
}

export interface Point extends PointRef {
  /** Dense over the installation, so that hot state lives in arrays. Changes with the configuration: never stored. */
  readonly index: number
  readonly site: Site
  readonly kind: PointKind
  readonly shape: ValueShape
  readonly unit?: string
  readonly area?: Area
  /** Inclusive bounds of a believable value; outside is quality `bad`. */
  readonly range?: readonly [number, number]
  /** Values that mean "no value" (a broken wire's 0xFFFF, say): quality `bad`. */
  readonly sentinels?: readonly number[]
  /** Absent: this point is never silent. */
  readonly silentAfter?: Duration
  /** Metres, in the site's own coordinates. */
  readonly at?: readonly [number, number, number]
  /** Everything else declared of the point (`place`, `load`, `device`, `machine`, `fixedPost`, `vehicle`, …): what `match` looks at. */
  readonly attributes: Readonly<Record<string, unknown>>
}
