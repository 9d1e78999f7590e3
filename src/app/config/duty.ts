/** `duty.yaml`: the duty tree, joined up and checked against the sites. */
import { chainOf, DUTY_LEVELS, type Duty, type DutyDesk, firstDesk } from '../../model/duty.ts'
import type { Practice } from '../../model/handling.ts'
import type { Site } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'
import { zoneExists } from '../../model/time.ts'
import { conform } from './conform.ts'
import type { YamlFile } from './document.ts'
import { type DeskDeclared, type DutyDeclared, DutySchema } from './duty-schema.ts'
import { type Known, unknownName } from './known.ts'
import type { Problems } from './problem.ts'
import { report, timeOfDay } from './site.ts'

interface Context {
  readonly sites: ReadonlyMap<string, Site>
  /** Sites there are, whole or not. */
  readonly named: Known
  /** Whether all of them are in `sites`. */
  readonly whole: boolean
  readonly problems: Problems
}

/** What the file adds to the installation; nothing where anything in it is broken. */
export interface DutyParts {
  readonly practice?: Practice
  readonly duty?: Duty
}

/** Ids of the desks, those of broken ones included. */
export function namedDesks({ value }: YamlFile): readonly string[] {
  const desks = (value as { desks?: unknown } | null | undefined)?.desks
  return (Array.isArray(desks) ? desks : []).flatMap((desk: unknown) => {
    const id = (desk as { id?: unknown } | null)?.id
    return typeof id === 'string' ? [id] : []
  })
}

export function buildDuty(yaml: YamlFile, { sites, named, whole, problems }: Context): DutyParts {
  const { value, findings } = conform(yaml.value ?? {}, DutySchema)
  report(findings, { yaml, problems })
  if (findings.length > 0) return {}
  const { desks: declared, clocks, chatter, firstUp, flood } = value as DutyDeclared
  const before = problems.errors()
  if (flood.until > flood.from) {
    problems.error(
      yaml.place(['flood', 'until']),
      `a flood ends below ${flood.until} alarms, which is not below its ${flood.from}`,
    )
  }
  const desks = declared.map(deskOf)
  const duty = { desks, clocks }
  checkDesks(duty, { yaml, sites, named, whole, problems })
  if (problems.errors() > before) return {}
  return { practice: { chatter, firstUp, flood }, ...(desks.length > 0 && { duty }) }
}

function deskOf({ id, name, level, sites, region, parent, contacts, quiet, timezone }: DeskDeclared): DutyDesk {
  return {
    id,
    name: textOf(name, id),
    level,
    ...(sites && { sites }),
    ...(region !== undefined && { region }),
    ...(parent !== undefined && { parent }),
    contacts,
    ...(quiet && { quiet: { id: 'quiet', from: timeOfDay(quiet.from), to: timeOfDay(quiet.to), work: 'quiet' } }),
    timezone,
  }
}

function checkDesks(duty: Duty, { yaml, sites, named, whole, problems }: Context & { readonly yaml: YamlFile }): void {
  const { desks } = duty
  const ids = desks.map(({ id }) => id)
  const heard = new Map<string, string>()
  const before = problems.errors()
  for (const [i, desk] of desks.entries()) {
    const say = (message: string, ...path: (string | number)[]) =>
      problems.error(yaml.place(['desks', i, ...path]), message)
    const { id, parent, region, timezone } = desk
    if (ids.indexOf(id) !== i) say(`desk "${id}" is declared twice`, 'id')
    if (!zoneExists(timezone))
      say(`unknown time zone "${timezone}"; use an IANA name such as Asia/Shanghai`, 'timezone')
    for (const [n, site] of (desk.sites ?? []).entries()) {
      const other = heard.get(site)
      const unknown = unknownName(site, { what: 'site', ...named })
      if (unknown !== undefined) say(unknown, 'sites', n)
      else if (other !== undefined) say(`desk "${other}" hears of site "${site}" first already`, 'sites', n)
      heard.set(site, id)
    }
    const twin = desks.find((one, n) => n < i && region !== undefined && one.region === region)
    if (twin) say(`desk "${twin.id}" hears of region "${region}" first already`, 'region')
    if (parent === undefined) continue
    const above = desks.find((one) => one.id === parent)
    if (!above) say(unknownName(parent, { what: 'desk', names: ids })!, 'parent')
    else if (DUTY_LEVELS.indexOf(above.level) <= DUTY_LEVELS.indexOf(desk.level)) {
      say(`desk "${parent}" is of level ${above.level}, which is not above ${desk.level}`, 'parent')
    }
  }
  if (desks.length === 0 || problems.errors() > before) return
  const reached = new Set<DutyDesk>()
  for (const site of sites.values()) {
    const chain = [...chainOf(duty, firstDesk(duty, site))]
    for (const desk of chain) reached.add(desk)
    if (chain.length === 0) problems.warn(yaml.place(['desks']), `no desk hears of site "${site.id}": nobody is called`)
  }
  // Of a site that is left out a desk may well hear.
  if (!whole) return
  for (const [i, desk] of desks.entries()) {
    if (reached.has(desk)) continue
    problems.warn(yaml.place(['desks', i]), `desk "${desk.id}" hears of no site, at once or from another desk`)
  }
}
