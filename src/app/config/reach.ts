/** Bounds that no value of their points can reach (限值设置有误): below zero where nothing is, or beyond the point's own range. */
import { matchPoints } from '../../model/match.ts'
import type { Point } from '../../model/point.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { Origins } from './graph.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
  readonly problems: Problems
  readonly origins: Origins
}

interface Level {
  readonly name: string
  readonly high?: number
  readonly low?: number
}

/** Concentrations, counts, speeds, levels of liquid: never below zero. Temperatures, pressures and powers may be. */
const NEVER_NEGATIVE = /^(gas\.|count\.|env\.(wind|dust)$|tank\.level$|weld\.current$|belt\.rate$|power\.energy$)/

/** An error for a bound below zero where that cannot be meant; a warning for one beyond the range of a point. */
export function lintReach({ rules: instances, sites }: Installation, { rules, problems, origins }: Context): void {
  for (const instance of instances) {
    const rule = rules.get(instance.rule)!
    if (rule.matches !== 'points') continue
    const points = [...sites.values()].flatMap((site) => matchPoints(site, instance.match, rule.watches))
    for (const level of levelsOf(instance)) {
      const bound = level.high ?? level.low
      if (bound === undefined) continue
      const place = origins.get(instance)!
      const never = points.find(({ kind }) => NEVER_NEGATIVE.test(kind))
      if (bound < 0 && never) {
        problems.error(
          place,
          `rule "${instance.id}": level "${level.name}" is below zero (${bound}), which ${never.kind} of "${never.id}" never is`,
        )
        continue
      }
      const beyond = points.find((point) => isBeyond(level, point))
      if (beyond) {
        problems.warn(
          place,
          `rule "${instance.id}": level "${level.name}" (${bound}) is never reached: the range of "${beyond.id}" is ${beyond.range!.join(' to ')}`,
        )
      }
    }
  }
}

function levelsOf({ params }: RuleInstance): readonly Level[] {
  const { levels } = params as { readonly levels?: unknown }
  return Array.isArray(levels) ? (levels as Level[]) : []
}

function isBeyond({ high, low }: Level, { range }: Point): boolean {
  if (!range) return false
  return high !== undefined ? high > range[1] : low! < range[0]
}
