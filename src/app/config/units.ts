/** Units that do not go together: a limit is one number, and 1 % of methane is not 1 ppm of it. */
import { matchPoints } from '../../model/match.ts'
import type { Point } from '../../model/point.ts'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { Origins } from './graph.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
  readonly problems: Problems
  readonly origins: Origins
}

/** A warning for a rule item that holds points of one kind in several units, or several kinds each in a unit of its own, to one number, and
 *  for a gas that one site measures in a unit of its own at few of its points. Every point and rule item must be among the origins. */
export function lintUnits({ rules: instances, sites }: Installation, { rules, problems, origins }: Context): void {
  const told = new Set<Point>()
  for (const site of sites.values()) {
    const gases = [...site.points.values()].filter(({ kind }) => kind.startsWith('gas.'))
    for (const { few, many } of mixtures(gases)) {
      for (const point of few) {
        told.add(point)
        problems.warn(
          origins.get(point)!,
          `${point.kind} of "${point.id}" is in ${point.unit}, and in ${many.unit} at "${many.id}": limits are numbers without a unit`,
        )
      }
    }
  }
  for (const instance of instances) {
    const rule = rules.get(instance.rule)!
    const { levels } = instance.params as { readonly levels?: unknown }
    if (rule.matches !== 'points' || !Array.isArray(levels)) continue
    const points = [...sites.values()].flatMap((site) => matchPoints(site, instance.match, rule.watches))
    for (const { few, many } of mixtures(points.filter((point) => !told.has(point)))) {
      problems.warn(
        origins.get(instance)!,
        `rule "${instance.id}" holds "${many.id}" in ${many.unit} and "${few[0]!.id}" in ${few[0]!.unit} to the same numbers: give each unit an item of its own, by \`match: { unit: … }\``,
      )
    }
    const one = points.find(({ unit }) => unit !== undefined)
    const other = points.find(({ kind, unit }) => unit !== undefined && unit !== one?.unit && kind !== one?.kind)
    if (one && other) {
      problems.warn(
        origins.get(instance)!,
        `rule "${instance.id}" holds ${one.kind} of "${one.id}" in ${one.unit} and ${other.kind} of "${other.id}" in ${other.unit} to the same numbers: give each kind an item of its own, by \`match: { kind: ${one.kind} }\``,
      )
    }
  }
}

/** Of each kind that comes in several units: the points that are not in the usual one, and one that is. */
function* mixtures(points: readonly Point[]): Generator<{ readonly few: readonly Point[]; readonly many: Point }> {
  for (const alike of Map.groupBy(points, ({ kind }) => kind).values()) {
    const byUnit = Map.groupBy(
      alike.filter(({ unit }) => unit !== undefined),
      ({ unit }) => unit,
    )
    const [usual, ...others] = [...byUnit.values()].sort((a, b) => b.length - a.length)
    if (usual && others.length > 0) yield { few: others.flat(), many: usual[0]! }
  }
}
