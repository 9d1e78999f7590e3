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
  const watched = () => matchPoints(site, match, rule.watches)
  const isFor = (point: Point | undefined) => point !== undefined && matchesPoint(point, match)
  const area = site.areas.get(rule.key === 'person@area' ? key.slice(key.lastIndexOf('@') + 1) : key)
  switch (rule.key) {
    case 'area':
    case 'person@area':
      return area !== undefined && (rule.matches !== 'areas' || matchesArea(area, match))
    case 'area or site':
      return watched().some(({ kind, area: at }) => (kind === 'gate' || !at ? key === site.id : key === at.id))
    case 'point':
      return isFor(site.points.get(key))
    case 'point:level': {
      const cut = key.lastIndexOf(':')
      const { levels } = instance.params as { readonly levels: readonly { readonly name: string }[] }
      return isFor(site.points.get(key.slice(0, cut))) && levels.some(({ name }) => name === key.slice(cut + 1))
    }
    case 'machine':
      return watched().some((point) => machineOf(point) === key)
    default:
      return rule.matches === 'areas' ? matchAreas(site, match).length > 0 : watched().length > 0
  }
}
