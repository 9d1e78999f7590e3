/** Rules about the power that is cut (断电) know where by a level named `cut`: without one they never say a word. */
import { matchAreas } from '../../model/match.ts'
import { type Installation, within } from '../../model/site.ts'
import { cutLevels } from '../../rules/cut-level.ts'
import type { Origins } from './graph.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly problems: Problems
  readonly origins: Origins
}

const BY_CUT = ['cut-failed', 'not-evacuated']

/** A warning for such a rule item whose areas have gas points, and none of these a `cut` level. */
export function lintCut({ rules: instances, sites }: Installation, { problems, origins }: Context): void {
  for (const instance of instances.filter(({ rule }) => BY_CUT.includes(rule))) {
    const watched = [...sites.values()].map((site) => {
      const areas = matchAreas(site, instance.match)
      const gases = [...site.points.values()].filter(
        ({ kind, area }) => kind.startsWith('gas.') && areas.some((each) => within(area, each)),
      )
      return { gases, cut: cutLevels(gases, { site, instances }).size }
    })
    if (watched.every(({ gases }) => gases.length === 0) || watched.some(({ cut }) => cut > 0)) continue
    problems.warn(
      origins.get(instance)!,
      `rule "${instance.id}" can never alarm: no gas point of its areas has a level named "cut" in a \`limit\` item`,
    )
  }
}
