/** Criteria for hazards (判定标准) of all packs, checked against the rules there are. */
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { HazardCriterion } from '../../model/hazard.ts'
import type { Rule } from '../../model/rule.ts'
import { SITE_KINDS } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'
import type { Path } from './document.ts'
import type { CriterionDeclared } from './hazard-schema.ts'
import { type Known, unknownName } from './known.ts'
import type { Layer } from './layers.ts'
import { at, type Place, type Problems } from './problem.ts'

interface Context {
  /** The rules there are, whether or not an item uses them. */
  readonly rules: ReadonlyMap<string, Rule>
  /** Ids of rule items, those of broken ones included. */
  readonly items: Known
  readonly sites: Known
  readonly problems: Problems
}

/** In the order of the packs and of their criteria. */
export function buildCriteria(layers: readonly Layer[], context: Context): readonly HazardCriterion[] {
  const criteria: HazardCriterion[] = []
  const places = new Map<string, Place>()
  for (const { yaml, pack, regulation } of layers) {
    for (const [i, declared] of pack.hazards.entries()) {
      const path: Path = ['hazards', i]
      const before = places.get(declared.id)
      if (before) {
        context.problems.error(
          yaml.place([...path, 'id']),
          `criterion "${declared.id}" is already declared at ${at(before)}`,
        )
        continue
      }
      places.set(declared.id, yaml.place(path))
      checkWords(declared.match, { ...context, place: (key) => yaml.place([...path, 'match', key]) })
      criteria.push(criterionOf(declared, { regulation: regulation.id, sites: pack.sites }))
    }
  }
  return criteria
}

function checkWords(
  match: CriterionDeclared['match'],
  { rules, items, sites, problems, place }: Context & { place: (key: string) => Place },
): void {
  const known: Readonly<Record<string, Known>> = {
    rule: { names: [...rules.keys()] },
    instance: items,
    severity: { names: SEVERITIES },
    site: sites,
    kind: { names: SITE_KINDS },
  }
  for (const [key, words] of Object.entries(known)) {
    const what = key === 'instance' ? 'rule item' : key === 'kind' ? 'kind of site' : key
    for (const word of listed((match as Record<string, string | string[] | undefined>)[key]) ?? []) {
      const message = unknownName(word, { what, ...words })
      if (message !== undefined) problems.error(place(key), message)
    }
  }
}

function criterionOf(
  { id, title, clause, match, when, grade, deadline, confirmed, source, note }: CriterionDeclared,
  { regulation, sites }: { regulation: string; sites: readonly string[] | undefined },
): HazardCriterion {
  const { rule, instance, severity, site, kind, areaKind } = match
  const own = listed(site)
  const where = sites ? (own?.filter((each) => sites.includes(each)) ?? sites) : own
  return {
    id,
    ...(clause !== undefined && { clause: `${regulation}/${clause}` }),
    title: textOf(title, id),
    grade,
    deadline,
    match: {
      ...(rule !== undefined && { rule: listed(rule)! }),
      ...(instance !== undefined && { instance: listed(instance)! }),
      ...(severity !== undefined && { severity: listed(severity)! as readonly Severity[] }),
      ...(where && { site: where }),
      ...(kind !== undefined && { kind: listed(kind)! }),
      ...(areaKind !== undefined && { areaKind: listed(areaKind)! }),
    },
    ...(when && { when }),
    confirmed,
    ...(source !== undefined && { source }),
    ...(note !== undefined && { note }),
  }
}

function listed(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value].flat()
}
