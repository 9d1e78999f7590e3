/** Criteria for hazards (判定标准) of all packs, checked against the rules there are. */
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { HazardCriterion } from '../../model/hazard.ts'
import type { RuleInstance } from '../../model/rule.ts'
import { SITE_KINDS } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'
import { conform } from './conform.ts'
import type { Path, YamlFile } from './document.ts'
import type { CriterionDeclared } from './hazard-schema.ts'
import { didYouMean } from './nearest.ts'
import { at, type Place, type Problems } from './problem.ts'
import { type PackDeclared, PackSchema } from './rule-schema.ts'
import { siteOf } from './site.ts'

interface Context {
  /** Names of the rules there are, whether or not an item uses them. */
  readonly rules: readonly string[]
  readonly instances: readonly RuleInstance[]
  readonly sites: readonly string[]
  readonly problems: Problems
}

/** In the order of the files and of their packs. Packs that do not fit their schema were reported with their rules. */
export function buildCriteria(files: readonly YamlFile[], context: Context): readonly HazardCriterion[] {
  const criteria: HazardCriterion[] = []
  const places = new Map<string, Place>()
  for (const yaml of files) {
    const { value, findings } = conform(yaml.value ?? {}, PackSchema)
    if (findings.length > 0) continue
    const pack = value as PackDeclared
    const regulation = pack.regulation.id ?? siteOf(yaml.file)
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
      criteria.push(criterionOf(declared, { regulation, sites: pack.sites }))
    }
  }
  return criteria
}

function checkWords(
  match: CriterionDeclared['match'],
  { rules, instances, sites, problems, place }: Context & { place: (key: string) => Place },
): void {
  const known: Readonly<Record<string, readonly string[]>> = {
    rule: rules,
    instance: instances.map(({ id }) => id),
    severity: SEVERITIES,
    site: sites,
    kind: SITE_KINDS,
  }
  for (const [key, words] of Object.entries(known)) {
    for (const word of listed((match as Record<string, string | string[] | undefined>)[key]) ?? []) {
      if (!words.includes(word))
        problems.error(
          place(key),
          `unknown ${key === 'instance' ? 'rule item' : key} "${word}"${didYouMean(word, words)}`,
        )
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
