/** A proposal (试算条件): one rule item with other numbers, checked as the configuration's loader checks it. */
import type { Json } from '../../model/json.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import { formatDuration } from '../../model/time.ts'
import type { YamlFile } from '../config/document.ts'
import { collectProblems } from '../config/problem.ts'
import { ItemSchema } from '../config/rule-schema.ts'
import { buildPacks } from '../config/rules.ts'
import type { Shape } from '../config/shape.ts'

/** A rule item as a pack writes it; plain data, so that it crosses to another thread. */
export type Item = Readonly<Record<string, Json>>

export interface Proposal {
  /** Whole parameters in the place of the item's own. */
  readonly params?: Readonly<Record<string, unknown>>
  /** In the configuration's words: `60s`. */
  readonly raiseAfter?: string
  readonly clearAfter?: string
  readonly severity?: string
}

export interface Flaw {
  /** `levels.0.clear` */
  readonly field: string
  readonly message: string
}

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
}

/** The item's own words again, defaults included, durations as `90s`. */
export function itemOf(instance: RuleInstance, { rules }: Context): Item {
  const { id, rule, clause, match, severity, raiseAfter, clearAfter, work } = instance
  return {
    id,
    rule,
    ...(clause !== undefined && { clause }),
    match: match as Json,
    severity,
    raiseAfter: formatDuration(raiseAfter),
    clearAfter: formatDuration(clearAfter),
    ...(work !== undefined && { work }),
    ...paramsOf(instance, { rules }),
  }
}

/** The parameters alone, in the same words. */
export function paramsOf({ rule, params }: RuleInstance, { rules }: Context): Item {
  return written(params, (rules.get(rule)?.params ?? {}) as Shape) as Item
}

/** The item with the proposal in it, and what the loader has against it. */
export function propose(
  instance: RuleInstance,
  { proposal, rules }: Context & { readonly proposal: Proposal },
): { readonly item: Item; readonly flaws: readonly Flaw[] } {
  const { params = {}, ...delays } = proposal
  const fixed = Object.keys(params).filter((name) => Object.hasOwn(ItemSchema.properties, name))
  const own = Object.fromEntries(Object.entries(params).filter(([name]) => !fixed.includes(name)))
  const item = { ...itemOf(instance, { rules }), ...own, ...delays } as Item
  const { flaws } = buildItem(item, { rules, regulation: instance.regulation.id })
  return {
    item,
    flaws: [
      ...fixed.map((field) => ({ field, message: `"${field}" is not a parameter of ${instance.rule}` })),
      ...flaws,
    ],
  }
}

/** Builds an item as the loader does; its place in the installation is the caller's. */
export function buildItem(
  item: Item,
  { rules, regulation }: Context & { readonly regulation: string },
): { readonly instance?: RuleInstance; readonly flaws: readonly Flaw[] } {
  const problems = collectProblems()
  const pack: YamlFile = {
    file: '',
    value: { regulation: { id: regulation }, rules: [item] },
    // There is no file to point into: what a person filled in is named by its path.
    place: (path) => ({ file: path.slice(2).join('.'), line: 1, column: 1 }),
  }
  const { rules: built } = buildPacks([pack], { rules, problems, origins: new Map() })
  const flaws = problems.list
    .filter(({ level }) => level === 'error')
    .map(({ file, message }) => ({ field: file, message }))
  return { ...(flaws.length === 0 && built[0] && { instance: built[0] }), flaws }
}

function written(value: unknown, schema: Shape): Json {
  if (typeof value === 'number' && schema.format === 'duration') return formatDuration(value)
  if (Array.isArray(value)) return value.map((each) => written(each, (schema.items ?? {}) as Shape))
  if (typeof value !== 'object' || value === null) return value as Json
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [name, written(inner, schema.properties?.[name] ?? {})]),
  )
}
