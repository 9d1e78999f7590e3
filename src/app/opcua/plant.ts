/** What of the sites SCADA clients are shown: everything but what tells where people are. */

import { statusOf } from '../../adapters/sink-opcua/mapping.ts'
import type { Plant, PlantPoint, PointValue } from '../../adapters/sink-opcua/protocol.ts'
import { matchesPoint } from '../../model/match.ts'
import type { Point } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import type { RuleInstance } from '../../model/rule.ts'
import type { Area, Installation, Site } from '../../model/site.ts'
import type { LimitParams } from '../../rules/limit/watch.ts'
import type { PointView } from '../service.ts'

export interface Shown {
  readonly plant: Plant
  /** Place of a point in the plant by its index in the installation; -1: not shown. */
  readonly places: Int32Array
}

export function showPlant(installation: Installation): Shown {
  const limits = installation.rules.filter(({ rule }) => rule === 'limit') as readonly RuleInstance<LimitParams>[]
  const places = new Int32Array(installation.points.length).fill(-1)
  const points: PlantPoint[] = []
  const hidden: Plant['hidden'][number][] = []
  for (const point of installation.points) {
    const { shape } = point
    // Sightings, passages and sessions name people.
    if (shape !== 'number' && shape !== 'boolean' && shape !== 'state') {
      if (point.area) hidden.push({ site: point.siteId, id: point.id, area: point.area.id })
      continue
    }
    places[point.index] = points.length
    points.push({
      site: point.siteId,
      id: point.id,
      ...(point.area && { area: point.area.id }),
      shape,
      ...(point.unit !== undefined && { unit: point.unit }),
      ...(point.range && { range: point.range }),
      limits: shape === 'number' ? limitsOf(point, limits) : [],
    })
  }
  const sites = [...installation.sites.values()].map((site) => ({ id: site.id, name: site.name, areas: areasOf(site) }))
  return { plant: { sites, points, hidden }, places }
}

/** The levels that concern the point; of two rule items with a level of one name, the first one's. */
function limitsOf(point: Point, instances: readonly RuleInstance<LimitParams>[]): PlantPoint['limits'] {
  const found = new Map<string, PlantPoint['limits'][number]>()
  for (const { match, params } of instances) {
    if (!matchesPoint(point, match)) continue
    for (const { name, high, low } of params.levels) {
      if (found.has(name)) continue
      found.set(name, { level: name, ...(high !== undefined && { high }), ...(low !== undefined && { low }) })
    }
  }
  return [...found.values()]
}

function areasOf(site: Site): Plant['sites'][number]['areas'] {
  const walk = (area: Area): readonly Area[] => [area, ...area.children.flatMap(walk)]
  const roots = [...site.areas.values()].filter(({ parent }) => !parent)
  return roots.flatMap(walk).map(({ id, name, parent }) => ({ id, name, ...(parent && { in: parent.id }) }))
}

/** A reading as a value of the point at that place. */
export function pointValue(point: number, { reading, silent }: { reading: Reading; silent: boolean }): PointValue {
  const { value, ts } = reading
  const plain = typeof value === 'object' ? null : value
  return { point, value: plain, status: statusOf(reading, silent), at: ts }
}

/** The value of every point shown that was ever heard of. */
export function allValues({ plant }: Shown, view: (site: string, id: string) => PointView): readonly PointValue[] {
  return plant.points.flatMap(({ site, id }, place) => {
    const { reading, state } = view(site, id)
    return reading ? [pointValue(place, { reading, silent: isQuiet(state) })] : []
  })
}

/** Nobody vouches for the last value any more. */
export function isQuiet(state: PointView['state']): boolean {
  return state === 'silent' || state === 'late'
}
