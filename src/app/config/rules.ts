/** Regulation packs: each item checked against its rule's own parameters, defaulted and numbered. */
import type { Rule, RuleInstance } from '../../model/rule.ts'
import type { Regulation } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'
import { conform } from './conform.ts'
import type { YamlFile } from './document.ts'
import type { Origins } from './graph.ts'
import { hashOf } from './hash.ts'
import { levelProblems } from './levels.ts'
import { didYouMean } from './nearest.ts'
import { at, type Problems } from './problem.ts'
import { type ItemDeclared, ItemSchema, itemSchema, type PackDeclared, PackSchema } from './rule-schema.ts'
import { report } from './site.ts'

/** What the regulation packs ask for. */
export interface Packs {
  readonly regulations: readonly Regulation[]
  readonly rules: readonly RuleInstance[]
}

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
  readonly problems: Problems
  readonly origins: Origins
}

/** Items in the order of the files given, then of their pack; broken ones are left out. */
export function buildPacks(files: readonly YamlFile[], context: Context): Packs {
  const { problems, origins } = context
  const regulations = new Map<string, Regulation>()
  const instances = new Map<string, RuleInstance>()
  for (const yaml of files) {
    const { value, findings } = conform(yaml.value ?? {}, PackSchema)
    report(findings, { yaml, problems })
    if (findings.length > 0) continue
    const pack = value as PackDeclared
    const id = pack.regulation.id ?? yaml.file.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
    const regulation: Regulation = { id, title: textOf(pack.regulation.title, id) }
    const known = regulations.get(id)
    if (known) {
      problems.error(
        yaml.place(['regulation', 'id']),
        `regulation "${id}" is already declared at ${at(origins.get(known)!)}`,
      )
    } else {
      regulations.set(id, regulation)
      origins.set(regulation, yaml.place(['regulation']))
    }
    for (const [i, item] of pack.rules.entries()) {
      const instance = buildInstance(item, {
        ...context,
        yaml,
        i,
        regulation: known ?? regulation,
        index: instances.size,
      })
      if (!instance) continue
      const before = instances.get(instance.id)
      if (before) {
        problems.error(
          yaml.place(['rules', i, 'id']),
          `rule "${instance.id}" is already declared at ${at(origins.get(before)!)}`,
        )
        continue
      }
      instances.set(instance.id, instance)
      origins.set(instance, yaml.place(['rules', i]))
    }
  }
  return { regulations: [...regulations.values()], rules: [...instances.values()] }
}

function buildInstance(
  item: unknown,
  {
    rules,
    problems,
    yaml,
    i,
    regulation,
    index,
  }: Context & { yaml: YamlFile; i: number; regulation: Regulation; index: number },
): RuleInstance | undefined {
  const under = ['rules', i]
  const name = typeof item === 'object' && item !== null ? (item as { rule?: unknown }).rule : undefined
  const rule = typeof name === 'string' ? rules.get(name) : undefined
  if (typeof name === 'string' && !rule) {
    const known = [...rules.keys()]
    const hint = didYouMean(name, known) || `; known: ${known.join(', ')}`
    problems.error(yaml.place([...under, 'rule']), `unknown rule "${name}"${hint}`)
    return undefined
  }
  const { value, findings } = conform(item, rule ? itemSchema(rule.params) : ItemSchema)
  report(findings, { yaml, problems, under })
  if (!rule || findings.length > 0) return undefined
  const flaws = levelProblems(value)
  report(flaws, { yaml, problems, under })
  if (flaws.length > 0) return undefined
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
  return {
    ...judged,
    index,
    regulation,
    attributes: {
      confirmed,
      ...(title !== undefined && { title: textOf(title, id) }),
      ...(source !== undefined && { source }),
      ...(note !== undefined && { note }),
    },
    hash: hashOf({ ...judged, regulation: regulation.id }),
  }
}
