/** What `unmonitored` remembers of a site. */
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Scope } from '../../model/rule.ts'
import { type Area, within } from '../../model/site.ts'
import type { Duration, Instant } from '../../model/time.ts'
import { type Statement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import type { UnmonitoredParams } from './params.ts'

/** A required camera or gas point. */
export interface Device {
  readonly type: 'camera' | 'gas'
  readonly point: Point
  /** Index into `spots`. */
  readonly spot: number
  /** Infinity for a point that is never silent. */
  readonly silentAfter: Duration
  missing: boolean
  /** Arrival of the last good word, or the beginning. */
  heard: Instant
  /** Event time of the same. */
  ts: Instant
  /** What it last said: a camera anything, a gas point anything good. */
  last: EntryRef | undefined
}

/** A point that shows work: an arc, a load. */
export interface Signal {
  readonly type: 'signal'
  readonly point: Point
  /** Indices into `spots`: its area and those around it. */
  readonly spots: readonly number[]
  readonly above: number
  on: boolean
  last: EntryRef | undefined
}

/** One area of those the item is for, as it was at `judged`. */
export interface Spot {
  readonly area: Area
  people: Set<string>
  /** Ids of the points that show work. */
  signals: Set<string>
  /** Ids of the devices that are missing. */
  missing: Set<string>
  /** Event time up to which it has been judged. */
  judged: Instant
  statement: Statement
}

/** One member of one of a spot's three sets came or went. */
export interface SpotChange extends Change {
  readonly spot: number
  readonly set: 'people' | 'signals' | 'missing'
  readonly on: boolean
}

export interface State {
  readonly scope: Scope<UnmonitoredParams>
  readonly spots: readonly Spot[]
  /** By index of the point, less `base`. */
  readonly slots: readonly (Device | Signal | undefined)[]
  readonly base: number
  readonly devices: readonly Device[]
  readonly signals: readonly Signal[]
  /** Changes later than the site's news is complete. */
  readonly open: SpotChange[]
  /** Areas it spoke of that have no spot any more, from the load on until that is said. */
  readonly unwatched: Area[]
}

/** Only areas with a device of a required type are watched: elsewhere nothing can be missing. */
export function start(scope: Scope<UnmonitoredParams>, now: Instant): State {
  const { areas, points, params } = scope
  const spots: Spot[] = []
  const devices: Device[] = []
  for (const area of areas) {
    const found = points.filter((point) => point.area === area).flatMap((point) => asDevice(point, params))
    if (found.length === 0) continue
    for (const { point, type } of found) {
      const silentAfter = point.silentAfter ?? Number.POSITIVE_INFINITY
      // Nothing is known of a camera nobody has heard; a gas point has its time to be heard.
      const missing = type === 'camera' || point.silentAfter === undefined
      devices.push({ type, point, spot: spots.length, silentAfter, missing, heard: now, ts: now, last: undefined })
    }
    spots.push({
      area,
      people: new Set(),
      signals: new Set(),
      missing: new Set(devices.filter((d) => d.spot === spots.length && d.missing).map((d) => d.point.id)),
      judged: 0,
      statement: silence(),
    })
  }
  const signals = points.flatMap((point): Signal[] => {
    const above = threshold(point, params)
    if (above === undefined) return []
    const around = spots.flatMap(({ area }, i) => (within(point.area, area) ? [i] : []))
    return around.length > 0 ? [{ type: 'signal', point, spots: around, above, on: false, last: undefined }] : []
  })
  const all = [...devices, ...signals]
  const base = all.reduce((least, { point }) => Math.min(least, point.index), Number.POSITIVE_INFINITY)
  const slots: (Device | Signal | undefined)[] = []
  for (const slot of all) slots[slot.point.index - base] = slot
  return { scope, spots, slots: Array.from(slots), base, devices, signals, open: [], unwatched: [] }
}

function asDevice(point: Point, { require }: UnmonitoredParams): { point: Point; type: Device['type'] }[] {
  const camera = point.kind === 'device.state' && point.attributes.device === 'camera'
  const type = camera ? 'camera' : point.kind.startsWith('gas.') ? 'gas' : undefined
  return type && require.includes(type) ? [{ point, type }] : []
}

function threshold({ kind }: Point, { arc, idle, belt }: UnmonitoredParams): number | undefined {
  if (kind === 'weld.current') return arc
  if (kind === 'power.active') return idle
  return kind === 'belt.rate' ? belt : undefined
}
