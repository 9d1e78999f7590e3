/** `suppress:` of the packs: each names rules that there are, none of them its own consequence. */
import type { Suppression } from '../../model/handling.ts'
import type { Match, Rule, RuleInstance } from '../../model/rule.ts'
import { type Known, unknownName } from './known.ts'
import type { Layer } from './layers.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly instances: readonly RuleInstance[]
  readonly rules: ReadonlyMap<string, Rule>
  /** Ids of rule items, those of broken ones included. */
  readonly items: Known
  readonly problems: Problems
}

/** Broken ones are left out. */
export function buildSuppressions(
  layers: readonly Layer[],
  { instances, rules, items, problems }: Context,
): readonly Suppression[] {
  const found: Suppression[] = []
  const known: Known = { ...items, names: [...rules.keys(), ...items.names, ...OWN] }
  /** The rule items that a name stands for; one that only the service itself raises stands for itself. */
  const itemsOf = (name: string) => {
    const items = instances.filter(({ id, rule }) => id === name || rule === name)
    return items.length > 0 ? items.map(({ id }) => id) : [name]
  }
  const edges = new Map<string, Set<string>>()

  for (const { yaml, pack } of layers) {
    for (const [i, { id, while: cause, alarms, same }] of pack.suppress.entries()) {
      const place = (...path: string[]) => yaml.place(['suppress', i, ...path])
      const before = problems.errors()
      for (const [part, { rule }] of [
        ['while', cause],
        ['alarms', alarms],
      ] as const) {
        const message = unknownName(rule, { what: 'rule or rule item', ...known })
        if (message !== undefined) problems.error(place(part, 'rule'), message)
      }
      if (found.some((one) => one.id === id)) problems.error(place('id'), `"${id}" is already declared`)
      for (const from of itemsOf(cause.rule)) {
        for (const to of itemsOf(alarms.rule)) {
          if (from === to || reaches(edges, to, from)) {
            problems.error(
              place(),
              `"${from}" and "${to}" would suppress each other, and nobody would be told of either`,
            )
          }
          edges.set(from, (edges.get(from) ?? new Set()).add(to))
        }
      }
      if (problems.errors() > before) continue
      const statutory = instances.filter((one) => itemsOf(alarms.rule).includes(one.id) && one.handling?.statutory)
      for (const one of statutory) {
        problems.warn(
          place('alarms'),
          `"${one.id}" is statutory: it is told under its cause, not suppressed; \`statutory: false\` on the item, or a declared window, would change that`,
        )
      }
      found.push({ id, while: cause, alarms: { rule: alarms.rule, match: alarms.match as Match }, same })
    }
  }
  return found
}

/** Of the alarms that the service raises of its own accord, those that `suppress:` may name. */
const OWN = ['rule-fault']

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set([from])
  for (const name of seen) {
    if (name === to) return true
    for (const next of edges.get(name) ?? []) seen.add(next)
  }
  return false
}
