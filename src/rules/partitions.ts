/** Cuts rule instances into partitions: what must be judged in one order has one state. */
import type { Crew } from '../model/crew.ts'
import { matchAreas, matchPoints } from '../model/match.ts'
import type { Point } from '../model/point.ts'
import type { Rule, RuleInstance, Scope } from '../model/rule.ts'
import { type Installation, type Site, within } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import type { Welding } from '../model/welding.ts'
import { atWork } from './at-work.ts'
import type { Claims } from './claims.ts'

export interface Partition {
  /** Survives a change of configuration: instance, site and, where it partitions by point, the point. */
  readonly key: string
  readonly order: number
  readonly site: Site
  readonly instance: RuleInstance
  readonly rule: Rule
  readonly scope: Scope<unknown>
  /** Points whose readings it is given. */
  readonly listens: readonly Point[]
  state: unknown
  /** The earliest wake-up asked for. */
  wake: Instant
  /** What it last said is so. */
  claims: Claims
  /** Its rule threw and has not begun anew yet. */
  dead: boolean
}

interface Source {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly crews: ReadonlyMap<string, Crew>
  readonly weldings: ReadonlyMap<string, Welding>
  readonly began: Instant
}

/** In order of instance, site and point, so that two runs of one configuration agree. */
export function partitions({ installation, rules, crews, weldings, began }: Source): Partition[] {
  const found: Partition[] = []
  for (const instance of installation.rules) {
    const named = rules.get(instance.rule)
    if (!named) continue
    const rule = instance.work === undefined || named.calendar ? named : atWork(named)
    for (const site of installation.sites.values()) {
      const common = {
        site,
        instance,
        params: instance.params,
        crew: crews.get(site.id)!,
        welding: weldings.get(site.id)!,
        began,
        instances: installation.rules,
      }
      const { areas, points } = matched({ rule, instance, site })
      const add = (key: string, scope: Scope<unknown>, listens: readonly Point[]) =>
        found.push({
          key: `${instance.id}|${site.id}|${key}`,
          order: found.length,
          site,
          instance,
          rule,
          scope,
          listens: rule.reading ? listens : [],
          state: undefined,
          wake: Number.POSITIVE_INFINITY,
          claims: new Map(),
          dead: false,
        })
      if (rule.partition === 'point') {
        for (const point of points) add(point.id, { ...common, point, points: [point], areas: [] }, [point])
      } else if (rule.matches === 'areas' ? areas.length > 0 : points.length > 0) {
        const heard = new Set(points)
        if (rule.hears) for (const point of matchPoints(site, {}, rule.hears)) heard.add(point)
        add('', { ...common, points, areas }, [...heard])
      }
    }
  }
  return found
}

function matched({ rule, instance, site }: { rule: Rule; instance: RuleInstance; site: Site }) {
  if (rule.matches === 'points') return { areas: [], points: matchPoints(site, instance.match, rule.watches) }
  const areas = matchAreas(site, instance.match)
  const inside = (point: Point) => areas.some((area) => within(point.area, area))
  return { areas, points: matchPoints(site, {}, rule.watches).filter(inside) }
}
