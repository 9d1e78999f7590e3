/** What one rule item watches at one site. */
import { matchAreas, matchPoints } from '../../model/match.ts'
import type { Point, PointKind } from '../../model/point.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import { type Area, type Site, within } from '../../model/site.ts'

export interface Watched {
  readonly site: Site
  /** Points whose readings it judges. */
  readonly points: readonly Point[]
  /** Areas it is keyed by; empty where it is keyed by points. */
  readonly areas: readonly Area[]
}

/** Where people are followed, their readers and gates count as watched. */
export function watchedBy(instance: RuleInstance, { rule, site }: { rule: Rule; site: Site }): Watched {
  if (rule.matches === 'points') return { site, areas: [], points: matchPoints(site, instance.match, rule.watches) }
  const areas = matchAreas(site, instance.match)
  const inside = (point: Point) => areas.some((area) => within(point.area, area))
  return { site, areas, points: matchPoints(site, {}, kindsOf(rule)).filter(inside) }
}

export function kindsOf({ watches, move }: Rule): readonly PointKind[] {
  return move ? [...watches, 'card.reader', 'gate'] : watches
}
