/** Coverage (覆盖率): what each clause asks for, the rules that serve it, the cases that test them, and what is watched live. */
import type { HazardCriterion } from '../../model/hazard.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import type { Clause, Installation, Regulation } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { compare } from '../config/problem.ts'
import { gapsOf, unconfirmed } from './gaps.ts'
import { type Watched, watchedBy } from './watched.ts'

/** How many cases test a rule, and an item. */
export interface Tested {
  /** Cases that ship with the rule, by its name. */
  readonly rules: ReadonlyMap<string, number>
  /** Cases of the configuration, by item. */
  readonly items: ReadonlyMap<string, readonly string[]>
}

export interface Coverage {
  readonly packs: readonly PackCoverage[]
  readonly clauses: number
  /** `{regulation}/{clause}` without a single live point. */
  readonly uncovered: readonly string[]
  /** Rules that no item of any pack uses. */
  readonly unused: readonly string[]
  /** By what alarms become hazards in the ledger, in the order of the packs. */
  readonly hazards: readonly CriterionCoverage[]
}

/** A criterion for hazards (判定标准), as far as its standing goes. */
export interface CriterionCoverage extends Pick<HazardCriterion, 'id' | 'clause' | 'title' | 'grade' | 'confirmed'> {
  /** In words. */
  readonly gaps: readonly string[]
}

export interface PackCoverage extends Omit<Regulation, 'clauses' | 'extends'> {
  readonly clauses: readonly ClauseCoverage[]
}

export interface ClauseCoverage {
  /** Absent: items that name no clause. */
  readonly clause?: string
  readonly title?: Text
  readonly text?: string
  readonly items: readonly ItemCoverage[]
  /** Points live over all items and sites, each counted once. */
  readonly points: number
  /** In words, what is not watched. */
  readonly gaps: readonly string[]
}

export interface ItemCoverage {
  readonly id: string
  readonly rule: string
  readonly title?: Text
  readonly confirmed: boolean
  readonly overriddenBy?: string
  readonly reason?: string
  readonly cases: { readonly rule: number; readonly own: readonly string[] }
  readonly sites: readonly Watched[]
}

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
  readonly tested: Tested
}

/** Pure: of a configuration and of what its cases test. */
export function coverageOf(installation: Installation, context: Context): Coverage {
  const packs = installation.regulations.map((regulation): PackCoverage => {
    const { clauses = [], extends: _, ...head } = regulation
    const items = installation.rules.filter((instance) => instance.regulation.id === regulation.id)
    const named = [...new Set([...clauses.map(({ clause }) => clause), ...items.flatMap(({ clause }) => clause ?? [])])]
    const covered = named.sort(byNumber).map((clause) => {
      const known = clauses.find((one) => one.clause === clause)
      return clauseCoverage(
        { clause, known, items: items.filter((item) => item.clause === clause) },
        { ...context, installation },
      )
    })
    const loose = items.filter(({ clause }) => clause === undefined)
    if (loose.length > 0) {
      covered.push(clauseCoverage({ clause: undefined, known: undefined, items: loose }, { ...context, installation }))
    }
    return { ...head, clauses: covered }
  })
  const all = packs.flatMap(({ id, clauses }) =>
    clauses.flatMap(({ clause, points }) => (clause === undefined ? [] : [{ name: `${id}/${clause}`, points }])),
  )
  const used = new Set(installation.rules.map(({ rule }) => rule))
  const unused = [...context.rules.keys()].filter((rule) => !used.has(rule))
  const uncovered = all.filter(({ points }) => points === 0).map(({ name }) => name)
  const hazards = (installation.hazards ?? []).map(criterionCoverage)
  return { packs, clauses: all.length, uncovered, unused, hazards }
}

function criterionCoverage({ id, clause, title, grade, confirmed, note }: HazardCriterion): CriterionCoverage {
  const gaps = confirmed ? [] : [unconfirmed({ id, note })]
  return { id, ...(clause !== undefined && { clause }), title, grade, confirmed, gaps }
}

interface Asked {
  readonly clause: string | undefined
  readonly known: Clause | undefined
  readonly items: readonly RuleInstance[]
}

function clauseCoverage(
  { clause, known, items }: Asked,
  { rules, tested, installation }: Context & { readonly installation: Installation },
): ClauseCoverage {
  const live = new Set<string>()
  const gaps: string[] = []
  if (items.length === 0) gaps.push('no rule of this pack serves it')
  if (known?.note !== undefined) gaps.push(known.note)
  const covered = items.map((instance): ItemCoverage => {
    const rule = rules.get(instance.rule)!
    const watched = [...installation.sites.values()].map((site) => watchedBy(instance, { rule, site }))
    for (const { site, points } of watched) for (const { id } of points) live.add(`${site.id}/${id}`)
    gaps.push(...gapsOf(instance, { rule, watched }))
    const { title, confirmed, overriddenBy, reason } = (instance.attributes ?? {}) as Partial<ItemCoverage>
    return {
      id: instance.id,
      rule: instance.rule,
      ...(title && { title }),
      confirmed: confirmed !== false,
      ...(overriddenBy !== undefined && { overriddenBy }),
      ...(reason !== undefined && { reason }),
      cases: { rule: tested.rules.get(instance.rule) ?? 0, own: tested.items.get(instance.id) ?? [] },
      sites: watched.filter(({ points, areas }) => points.length + areas.length > 0),
    }
  })
  return {
    ...(clause !== undefined && { clause }),
    ...((known?.title ?? covered[0]?.title) && { title: known?.title ?? covered[0]!.title! }),
    ...(known?.text !== undefined && { text: known.text }),
    items: covered,
    points: live.size,
    gaps: [...new Set(gaps)],
  }
}

/** Clauses by their number where they have one. */
function byNumber(a: string, b: string): number {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)]
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
  return x - y || compare(a, b)
}
