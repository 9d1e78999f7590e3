/** For which rule items another configuration is another one: what their sites, they themselves, and the items they read were when state was saved. */
import type { Rule, RuleInstance } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'

/** Kept in a snapshot beside the state. */
export interface Declared {
  readonly graph: string
  readonly items: readonly (readonly [id: string, rule: string, hash: string])[]
}

export function declaredIn({ graph, rules }: Installation): Declared {
  return { graph, items: rules.map(({ id, rule, hash }) => [id, rule, hash] as const) }
}

/** Whether what an item says has to be said anew. Any other is not even asked: a change of one item must not touch it. */
export function redeclaring(
  before: Declared | undefined,
  now: Declared,
): (item: { readonly instance: RuleInstance; readonly rule: Rule }) => boolean {
  if (!before) return () => false
  if (before.graph !== now.graph) return () => true
  const were = new Set(before.items.map(([, , hash]) => hash))
  const changed = new Set<string>()
  const hashes = ({ items }: Declared, name: string) => items.flatMap(([, rule, hash]) => (rule === name ? [hash] : []))
  for (const name of new Set([...before.items, ...now.items].map(([, rule]) => rule)))
    if (hashes(before, name).join() !== hashes(now, name).join()) changed.add(name)
  return ({ instance, rule }) => !were.has(instance.hash) || (rule.reads ?? []).some((name) => changed.has(name))
}
