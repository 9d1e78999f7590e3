/** Layers of regulation packs (国家 → 省 → 市 → 矿): which builds on which, for which sites, and which item stands in for which. */
import { REGULATION_LEVELS, type Regulation } from '../../model/site.ts'
import type { Path, YamlFile } from './document.ts'
import { type Known, unknownName } from './known.ts'
import { at, type Place, type Problems } from './problem.ts'
import type { PackDeclared } from './rule-schema.ts'

/** A pack whose head could be read. */
export interface Layer {
  readonly yaml: YamlFile
  readonly pack: PackDeclared
  readonly regulation: Regulation
}

/** One item as it will be judged, not yet checked against its rule. */
export interface Draft {
  readonly value: unknown
  readonly yaml: YamlFile
  readonly path: Path
  /** Of the item itself: an item that stands in for another keeps the other's, and thereby the clause. */
  readonly regulation: Regulation
  /** What it stands in for, and in which pack. */
  readonly instead?: {
    readonly draft: Draft
    readonly by: Regulation /** For some sites only: the others keep what they had. */
    readonly sites: boolean
  }
}

type Fields = Readonly<Record<string, unknown>>

interface Context {
  readonly problems: Problems
  readonly sites: Known
  /** Ids of items of packs whose head is broken. */
  readonly lost: Known
}

/** Broader packs first, so that a narrower one finds what it overrides. Unknown, circular and upside-down layers are problems. */
export function orderLayers(
  layers: readonly Layer[],
  { problems, lost }: { readonly problems: Problems /** Packs whose head is broken. */; readonly lost: Known },
): readonly Layer[] {
  const byId = new Map(layers.map((layer) => [layer.regulation.id, layer]))
  const ordered: Layer[] = []
  const visit = (layer: Layer, trail: readonly string[]) => {
    const { regulation, yaml } = layer
    const place = yaml.place(['regulation', 'extends'])
    if (trail.includes(regulation.id)) {
      problems.error(place, `a regulation cannot extend itself: ${[...trail, regulation.id].join(' extends ')}`)
      return
    }
    if (ordered.includes(layer)) return
    for (const id of regulation.extends ?? []) {
      const broader = byId.get(id)
      if (!broader) {
        const { names, maybe } = lost
        const message = unknownName(id, { what: 'regulation', names: [...byId.keys(), ...names], maybe })
        if (message !== undefined) problems.error(place, message)
      } else {
        if (rank(broader.regulation) > rank(regulation))
          problems.error(
            place,
            `"${regulation.id}" (${regulation.level}) cannot extend "${id}" (${broader.regulation.level})`,
          )
        visit(broader, [...trail, regulation.id])
      }
    }
    if (!ordered.includes(layer)) ordered.push(layer)
  }
  for (const layer of layers) visit(layer, [])
  return ordered
}

/** Whether a pack builds on another, at whatever depth. */
export function buildsOn(one: Regulation, { other, all }: { other: Regulation; all: readonly Regulation[] }): boolean {
  const seen = new Set<string>()
  const visit = (id: string): boolean => {
    if (id === other.id) return true
    if (seen.has(id)) return false
    seen.add(id)
    return all.filter((each) => each.id === id).some(({ extends: next = [] }) => next.some(visit))
  }
  return (one.extends ?? []).some(visit)
}

/** Whether a regulation binds more widely than another: by its level, or because the other builds on it. */
export function isBroader(one: Regulation, { other, all }: { other: Regulation; all: readonly Regulation[] }): boolean {
  if (one.level && other.level) return rank(one) < rank(other)
  return buildsOn(other, { other: one, all })
}

function rank({ level }: Regulation): number {
  return level ? REGULATION_LEVELS.indexOf(level) : REGULATION_LEVELS.length
}

/** Every pack's items in the order given, those that another pack overrides replaced, or left to the sites it is not for. */
export function draftItems(layers: readonly Layer[], context: Context): readonly Draft[] {
  const { problems } = context
  const drafts: Draft[] = []
  const overrides: (Layer & { readonly given: Fields; readonly target: string; readonly path: Path })[] = []
  const all = layers.map(({ regulation }) => regulation)
  for (const layer of layers) {
    const { yaml, pack, regulation } = layer
    for (const [i, id] of (pack.sites ?? []).entries()) {
      const message = unknownName(id, { what: 'site', ...context.sites })
      if (message !== undefined) problems.error(yaml.place(['sites', i]), message)
    }
    for (const [i, given] of pack.rules.entries()) {
      const path = ['rules', i]
      const fields = fieldsOf(given)
      if (typeof fields?.override === 'string')
        overrides.push({ ...layer, given: fields, target: fields.override, path })
      else drafts.push({ value: pack.sites ? forSites(given, pack.sites) : given, yaml, path, regulation })
    }
  }
  for (const { yaml, pack, regulation, given, target, path } of overrides) {
    const place = yaml.place([...path, 'override'])
    const index = drafts.findIndex(({ value }) => fieldsOf(value)?.id === target)
    const base = drafts[index]
    if (!base) {
      const { names, maybe } = context.lost
      const items = [...drafts.map(({ value }) => String(fieldsOf(value)?.id)), ...names]
      const message = unknownName(target, { what: 'rule item', names: items, maybe })
      if (message !== undefined) problems.error(place, message)
      continue
    }
    const lost = regulation.extends?.some((id) => !all.some((each) => each.id === id))
    // What it builds on has been said to be unknown.
    if (lost && base.regulation !== regulation) continue
    if (base.regulation !== regulation && !buildsOn(regulation, { other: base.regulation, all })) {
      problems.error(
        place,
        `"${target}" is of "${base.regulation.id}" (${at(placeOf(base))}): say \`extends: ${base.regulation.id}\` to override it`,
      )
      continue
    }
    const { override: _, ...own } = given
    drafts.splice(index, 1, ...standIn(base, { own, pack, context, draft: { yaml, path, regulation } }))
  }
  return drafts
}

interface StandIn {
  readonly own: Fields
  readonly pack: PackDeclared
  readonly context: Context
  readonly draft: Pick<Draft, 'yaml' | 'path' | 'regulation'>
}

function standIn(base: Draft, { own, pack, context, draft }: StandIn): readonly Draft[] {
  const given = fieldsOf(base.value)!
  const value: Fields = { ...given, reason: undefined, ...own }
  const instead = {
    ...draft,
    regulation: base.regulation,
    instead: { draft: base, by: draft.regulation, sites: pack.sites !== undefined },
  }
  if (!pack.sites) return [{ ...instead, value }]
  const before = listed(fieldsOf(given.match)?.site) ?? [...context.sites.names]
  const left = before.filter((id) => !pack.sites!.includes(id))
  const narrowed = forSites(value, pack.sites)
  if (left.length === 0) return [{ ...instead, value: narrowed }]
  const id = own.id ?? `${draft.regulation.id}/${String(given.id)}`
  return [
    // What is left of it may well match nothing: that is no slip of the pen.
    { ...base, value: { ...(forSites(given, left) as Fields), optional: true } },
    { ...instead, value: { ...(narrowed as Fields), id } },
  ]
}

function forSites(item: unknown, sites: readonly string[]): unknown {
  const fields = fieldsOf(item)
  if (!fields) return item
  const wanted = listed(fieldsOf(fields.match)?.site)
  const site = wanted ? wanted.filter((id) => sites.includes(id)) : sites
  return { ...fields, match: { ...fieldsOf(fields.match), site: [...site] } }
}

function listed(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  return (Array.isArray(value) ? value : [value]).map(String)
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

export function placeOf({ yaml, path }: Pick<Draft, 'yaml' | 'path'>): Place {
  return yaml.place(path)
}
