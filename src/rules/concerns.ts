/** Whether a rule item still is for what an alarm of it is about: what it is not for, it will never say is over. */
import { matchAreas, matchesArea, matchesPoint, matchPoints } from '../model/match.ts'
import type { Point } from '../model/point.ts'
import type { Rule, RuleInstance } from '../model/rule.ts'
import type { Site } from '../model/site.ts'
import { machineOf } from './welding.ts'

/** What an item is held against. */
interface Place {
  readonly rule: Pick<Rule, 'key' | 'matches' | 'watches'>
  readonly instance: Pick<RuleInstance, 'match' | 'params'>
  readonly site: Site
}

/** By the site and the item of today. Keys of persons, cards and sources are no business of `match`: of them the rule itself tells. */
export function concerns(key: string, { rule, instance, site }: Place): boolean {
  const { match } = instance
  const isFor = (point: Point | undefined) => point !== undefined && matchesPoint(point, match)
  switch (rule.key) {
    case 'area':
    case 'person@area': {
      const area = site.areas.get(rule.key === 'person@area' ? key.slice(key.lastIndexOf('@') + 1) : key)
      return area !== undefined && (rule.matches !== 'areas' || matchesArea(area, match))
    }
    case 'point':
      return isFor(site.points.get(key))
    case 'point:level': {
      const cut = key.lastIndexOf(':')
      const { levels } = instance.params as { readonly levels: readonly { readonly name: string }[] }
      return isFor(site.points.get(key.slice(0, cut))) && levels.some(({ name }) => name === key.slice(cut + 1))
    }
    case 'machine':
    case 'area or site':
      return keysOf({ rule, instance, site }).has(key)
    default:
      return keysOf({ rule, instance, site }).size > 0
  }
}

/** After a change all alarms of a city are asked about: what an item has at a site is looked up once. */
const known = new WeakMap<Place['instance'], WeakMap<Site, ReadonlySet<string>>>()

function keysOf(place: Place): ReadonlySet<string> {
  const { instance, site } = place
  let bySite = known.get(instance)
  if (!bySite) {
    bySite = new WeakMap()
    known.set(instance, bySite)
  }
  let keys = bySite.get(site)
  if (!keys) {
    keys = new Set(lookUp(place))
    bySite.set(site, keys)
  }
  return keys
}

function* lookUp({ rule, instance, site }: Place): Generator<string> {
  if (rule.matches === 'areas') {
    for (const { id } of matchAreas(site, instance.match)) yield id
    return
  }
  for (const point of matchPoints(site, instance.match, rule.watches)) {
    if (rule.key === 'machine') yield machineOf(point)
    // Gates are counted against the whole site.
    else yield (point.kind === 'gate' ? undefined : point.area?.id) ?? site.id
  }
}
