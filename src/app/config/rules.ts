/** Regulation packs: each item checked against its rule's own parameters, defaulted and numbered. */
import type { Suppression } from '../../model/handling.ts'
import type { HazardCriterion } from '../../model/hazard.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import type { Regulation } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'
import { conform } from './conform.ts'
import type { YamlFile } from './document.ts'
import type { Origins } from './graph.ts'
import { hashOf } from './hash.ts'
import { buildCriteria } from './hazards.ts'
import type { Known } from './known.ts'
import { type Draft, draftItems, type Layer, orderLayers, placeOf } from './layers.ts'
import { levelProblems } from './levels.ts'
import { looser } from './looser.ts'
import { didYouMean } from './nearest.ts'
import { at, collectProblems, type Place, type Problems } from './problem.ts'
import { type ItemDeclared, ItemSchema, itemSchema, type PackDeclared, PackSchema } from './rule-schema.ts'
import { report, siteOf } from './site.ts'
import { buildSuppressions } from './suppressions.ts'

/** What the regulation packs ask for. */
export interface Packs {
  readonly regulations: readonly Regulation[]
  readonly rules: readonly RuleInstance[]
  readonly suppressions: readonly Suppression[]
  readonly hazards: readonly HazardCriterion[]
  /** Ids of rule items, those of broken ones included. */
  readonly items: Known
}

const ANY_ITEM = { ...ItemSchema, additionalProperties: true }

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
  readonly problems: Problems
  readonly origins: Origins
  /** A pack may be for some of them. */
  readonly sites?: Known
  /** Whether a pack that cannot be read may declare such an item or regulation. */
  readonly maybe?: Known['maybe']
}

/** Items in the order of the files given, then of their pack, broader packs before those that build on them; broken ones are left out. */
export function buildPacks(files: readonly YamlFile[], context: Context): Packs {
  const { problems, origins, rules } = context
  const { layers, headless } = readLayers(files, context)
  const { sites = { names: [] } } = context
  const instances = new Map<string, RuleInstance>()
  const first = new Map<string, Place>()
  const { maybe } = context
  const lost = headless.flatMap(({ pack }) => pack.rules.flatMap((value) => idOf(value) ?? []))
  const ordered = orderLayers(layers, {
    problems,
    lost: { names: headless.map(({ regulation }) => regulation.id), maybe },
  })
  const drafts = draftItems(ordered, { problems, sites, lost: { names: lost, maybe } })
  for (const draft of drafts) {
    const { yaml, path, instead } = draft
    const instance = buildInstance(draft, { ...context, index: instances.size })
    const id = idOf(draft.value)
    const before = id === undefined ? undefined : first.get(id)
    if (before) problems.error(yaml.place([...path, 'id']), `rule "${id}" is already declared at ${at(before)}`)
    else if (id !== undefined) first.set(id, placeOf(draft))
    if (!instance || before) continue
    instances.set(instance.id, instance)
    origins.set(instance, placeOf(draft))
    if (instead) checkStandIn(instance, { instead, context, rule: rules.get(instance.rule)! })
  }
  // Items of a pack whose head is broken are checked, and left out.
  for (const { yaml, pack, regulation } of headless) {
    for (const [i, value] of pack.rules.entries()) {
      if (!overrides(value)) buildInstance({ value, yaml, path: ['rules', i], regulation }, { ...context, index: 0 })
    }
  }
  const regulations = new Map(layers.map(({ regulation }) => [regulation.id, regulation]))
  const all = [...instances.values()]
  const items: Known = { names: [...first.keys(), ...lost], maybe }
  const suppressions = buildSuppressions(layers, { instances: all, rules, items, problems })
  const hazards = buildCriteria(layers, { rules, items, sites, problems })
  return { regulations: [...regulations.values()], rules: all, suppressions, hazards, items }
}

function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
  return typeof id === 'string' ? id : undefined
}

/** What takes the place of another item is not whole by itself. */
function overrides(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'override' in value
}

function readLayers(
  files: readonly YamlFile[],
  { problems, origins }: Context,
): { readonly layers: readonly Layer[]; readonly headless: readonly Layer[] } {
  const layers: Layer[] = []
  const headless: Layer[] = []
  for (const yaml of files) {
    const { value, findings } = conform(yaml.value ?? {}, PackSchema)
    report(findings, { yaml, problems })
    if (yaml.value === null || yaml.value === undefined)
      problems.warn(yaml.place([]), 'the file is empty: it asks for nothing')
    if (findings.length > 0) {
      const { rules, regulation } = (value ?? {}) as { rules?: unknown; regulation?: { id?: unknown } }
      const id = typeof regulation?.id === 'string' ? regulation.id : siteOf(yaml.file)
      const items = Array.isArray(rules) ? (rules as unknown[]) : []
      headless.push({
        yaml,
        pack: { rules: items } as unknown as PackDeclared,
        regulation: { id, title: textOf(id, id) },
      })
      continue
    }
    const pack = value as PackDeclared
    const id = pack.regulation.id ?? siteOf(yaml.file)
    const known = layers.find(({ regulation }) => regulation.id === id)?.regulation
    const regulation = known ?? regulationOf(id, pack)
    if (known) {
      problems.error(
        yaml.place(['regulation', 'id']),
        `regulation "${id}" is already declared at ${at(origins.get(known)!)}`,
      )
    } else origins.set(regulation, yaml.place(['regulation']))
    layers.push({ yaml, pack, regulation })
  }
  return { layers, headless }
}

function regulationOf(id: string, { regulation, clauses }: PackDeclared): Regulation {
  const { title, edition, effective, level } = regulation
  return {
    id,
    title: textOf(title, id),
    ...(edition !== undefined && { edition }),
    ...(effective !== undefined && { effective }),
    ...(level !== undefined && { level }),
    ...(regulation.extends !== undefined && { extends: [regulation.extends].flat() }),
    ...(clauses.length > 0 && {
      clauses: clauses.map(({ clause, title: name, text, note }) => ({
        clause,
        title: textOf(name, clause),
        ...(text !== undefined && { text }),
        ...(note !== undefined && { note }),
      })),
    }),
  }
}

/** What stands in for another item may be looser only for a reason. */
function checkStandIn(
  instance: RuleInstance,
  { instead, context, rule }: { instead: NonNullable<Draft['instead']>; context: Context; rule: Rule },
): void {
  if (instance.attributes?.reason !== undefined) return
  const { draft, sites } = instead
  const quiet = { ...context, problems: collectProblems() }
  const base = buildInstance(draft, { ...quiet, index: 0 })
  if (!base) return
  const place = context.origins.get(instance)!
  const say = (what: string) =>
    context.problems.error(
      place,
      `${what} of "${base.id}" (${at(placeOf(draft))}), which it overrides: say why, as \`reason\``,
    )
  if (base.rule !== instance.rule) say(`rule ${instance.rule} is another than ${base.rule}`)
  else
    for (const { name, value, than } of looser(instance, { other: base, params: rule.params, sites }))
      say(`${name} ${value} is looser than ${than}`)
}

function buildInstance(
  { value: item, yaml, path: under, regulation, instead }: Draft,
  { rules, problems, index }: Context & { index: number },
): RuleInstance | undefined {
  const name = typeof item === 'object' && item !== null ? (item as { rule?: unknown }).rule : undefined
  const rule = typeof name === 'string' ? rules.get(name) : undefined
  if (typeof name === 'string' && !rule) {
    const known = [...rules.keys()]
    const hint = didYouMean(name, known) || `; known: ${known.join(', ')}`
    problems.error(yaml.place([...under, 'rule']), `unknown rule "${name}"${hint}`)
  }
  // Of a rule that is not known, so are the parameters.
  const { value, findings } = conform(
    item,
    rule ? itemSchema(rule.params) : typeof name === 'string' ? ANY_ITEM : ItemSchema,
  )
  const flaws = levelProblems(value, findings)
  report([...findings, ...flaws], { yaml, problems, under })
  if (!rule || findings.length > 0 || flaws.length > 0) return undefined
  const {
    id,
    rule: _,
    clause,
    match,
    severity,
    raiseAfter,
    clearAfter,
    work,
    title,
    confirmed,
    source,
    note,
    edition,
    effective,
    optional,
    override: _override,
    reason,
    confirm,
    latch,
    statutory,
    realarm,
    chatter,
    ...params
  } = value as ItemDeclared & Record<string, unknown>
  const judged = {
    id,
    rule: rule.name,
    ...(clause !== undefined && { clause }),
    match: match as RuleInstance['match'],
    severity: severity ?? rule.defaults.severity,
    raiseAfter: raiseAfter ?? rule.defaults.raiseAfter,
    clearAfter: clearAfter ?? rule.defaults.clearAfter,
    ...(work !== undefined && { work }),
    params: params as unknown,
  }
  const declared = {
    ...(confirm && { confirm }),
    ...(latch && { latch }),
    ...(statutory !== undefined && { statutory }),
    ...(realarm !== undefined && { realarm }),
    ...(chatter !== undefined && { chatter }),
  }
  // What a clause asks for is statutory, unless the item says that it is not.
  const handling = { ...((statutory ?? clause !== undefined) && { statutory: true }), ...declared }
  return {
    ...judged,
    index,
    regulation,
    handling,
    attributes: {
      confirmed,
      ...(title !== undefined && { title: textOf(title, id) }),
      ...(source !== undefined && { source }),
      ...(note !== undefined && { note }),
      ...(edition !== undefined && { edition }),
      ...(effective !== undefined && { effective }),
      ...(optional && { optional }),
      ...(reason !== undefined && { reason }),
      ...(instead && { overriddenBy: instead.by.id }),
    },
    hash: hashOf({ ...judged, ...(Object.keys(declared).length > 0 && { declared }), regulation: regulation.id }),
    lineage: lineageOf(judged, rule),
  }
}

/** Of what the item judges by, only what its rule's state does not outlive. */
function lineageOf(
  {
    rule: name,
    match,
    work,
    params,
    raiseAfter,
    clearAfter,
  }: Omit<RuleInstance, 'hash' | 'lineage' | 'index' | 'regulation'>,
  { outlives = [] }: Rule,
): string {
  return hashOf({
    rule: name,
    work,
    ...(!outlives.includes('match') && { match }),
    ...(!outlives.includes('numbers') && { params, raiseAfter, clearAfter }),
  })
}
