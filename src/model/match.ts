/** Which areas and points a rule is keyed by: the `match:` of a rule item against what the site declares. */
import type { Point, PointKind } from './point.ts'
import type { Match } from './rule.ts'
import type { Area, Site } from './site.ts'

type Wanted = Match[string]

/** The site's areas that fit, in the order of their declaration. An empty match fits every area. */
export function matchAreas(site: Site, match: Match): readonly Area[] {
  return [...site.areas.values()].filter((area) => matchesArea(area, match))
}

/** The site's points of those kinds that fit, in the order of their declaration. */
export function matchPoints(site: Site, match: Match, kinds: readonly PointKind[]): readonly Point[] {
  return [...site.points.values()].filter((point) => kinds.includes(point.kind) && matchesPoint(point, match))
}

/** Whether one area fits. */
export function matchesArea(area: Area, match: Match): boolean {
  return fits(match, (name) => areaAttribute(area, name))
}

/** Whether one point fits, whatever its kind. */
export function matchesPoint(point: Point, match: Match): boolean {
  return fits(match, (name) => pointAttribute(point, name))
}

/** What `match` sees of an area under a name: its own fields, its site's, then what was declared of it. */
export function areaAttribute(area: Area, name: string): unknown {
  switch (name) {
    case 'id':
      return area.id
    case 'kind':
      return area.kind
    case 'in':
      return area.parent?.id
    default:
      return siteAttribute(area.site, name) ?? area.attributes[name]
  }
}

/** The same of a point; `area` is the area's id, `areaKind` its kind. */
export function pointAttribute(point: Point, name: string): unknown {
  switch (name) {
    case 'id':
      return point.id
    case 'kind':
      return point.kind
    case 'unit':
      return point.unit
    case 'area':
      return point.area?.id
    case 'areaKind':
      return point.area?.kind
    default:
      return siteAttribute(point.site, name) ?? point.attributes[name]
  }
}

/** A region answers to its own name and to every enclosing one: `henan/xuchang/yuzhou`, `henan/xuchang`, `henan`. */
function siteAttribute(site: Site, name: string): unknown {
  switch (name) {
    case 'site':
      return site.id
    case 'siteKind':
      return site.kind
    case 'status':
      return site.status
    case 'region': {
      const parts = site.region?.split('/') ?? []
      return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
    }
    default:
      return undefined
  }
}

/** Every wanted attribute has the wanted value, or one of the wanted values; of a declared list, any member will do. */
function fits(match: Match, attribute: (name: string) => unknown): boolean {
  for (const name of Object.keys(match)) {
    if (!equals(match[name] as Wanted, attribute(name))) return false
  }
  return true
}

function equals(wanted: Wanted, found: unknown): boolean {
  const wants: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted]
  return Array.isArray(found) ? found.some((value) => wants.includes(value)) : wants.includes(found)
}
