/** A small installation built by hand, for the tests and benchmarks of this room. */
import { POINT_KINDS, type Point, type PointKind } from '../model/point.ts'
import { ALL_DAY } from '../model/shift.ts'
import type { Installation, Site } from '../model/site.ts'

export type PointSpec = { readonly id: string; readonly kind: PointKind } & Partial<
  Pick<Point, 'range' | 'sentinels' | 'unit'>
>

/** One point of each form of value. */
export const FACE: readonly PointSpec[] = [
  { id: 'face-101/ch4-t1', kind: 'gas.ch4', unit: '%', range: [0, 10], sentinels: [6.5535] },
  { id: 'face-101/co', kind: 'gas.co', unit: 'ppm', sentinels: [-1] },
  { id: 'belt', kind: 'belt.rate' },
  { id: 'lel', kind: 'gas.lel', unit: '%' },
  { id: 'feeders/f-101', kind: 'feeder.energized' },
  { id: 'cameras/c-101', kind: 'device.state' },
  { id: 'readers/r-101-a', kind: 'card.reader' },
  { id: 'readers/r-101-b', kind: 'card.reader' },
  { id: 'gate', kind: 'gate' },
  { id: 'weld-01/session', kind: 'weld.session' },
]

/** An installation of these sites and points, numbered in the order given. `lateAfter` is 30 s. */
export function install(specs: Readonly<Record<string, readonly PointSpec[]>>): Installation {
  const sites = new Map<string, Site>()
  const all: Point[] = []
  for (const [id, pointSpecs] of Object.entries(specs)) {
    const points = new Map<string, Point>()
    const site: Site = {
      index: sites.size,
      id,
      name: { zh: id, en: id },
      kind: 'coal-mine',
      status: 'producing',
      timezone: 'Asia/Shanghai',
      lateAfter: 30_000,
      shifts: ALL_DAY,
      areas: new Map(),
      points,
      people: new Map(),
      cards: new Map(),
    }
    sites.set(id, site)
    for (const spec of pointSpecs) {
      const { shape } = POINT_KINDS[spec.kind]
      const point: Point = { ...spec, siteId: id, site, shape, index: all.length, attributes: {} }
      points.set(spec.id, point)
      all.push(point)
    }
  }
  return { hash: 'fixture', graph: 'fixture', sites, points: all, regulations: [], rules: [] }
}

/** The configured point of that name, which must be there. */
export function pointOf(installation: Installation, name: string): Point {
  const point = installation.points.find(({ id }) => id === name)
  if (!point) throw new Error(`no point ${name}`)
  return point
}
