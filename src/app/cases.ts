/** Rule cases (`cases.yaml`, `*.cases.yaml`): what must happen, and what must not, in virtual time. */
import type { Transition } from '../model/alarm.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation, Site } from '../model/site.ts'
import { type Instant, parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { causeOf, compare, describeExpected, describeFound, fits } from './cases/compare.ts'
import { inlineInstallation } from './cases/inline.ts'
import { expandNames, parseOffset } from './cases/offsets.ts'
import { play } from './cases/play.ts'
import { type Case, type CasesFile, CasesSchema, type Expected, unreadable } from './cases/schema.ts'
import { stimuli } from './cases/stimuli.ts'
import { conform } from './config/conform.ts'
import { parseYaml, type YamlFile } from './config/document.ts'
import { collectProblems, formatProblems, type Problems } from './config/problem.ts'
import { report } from './config/site.ts'

export interface CaseReport {
  readonly file: string
  /** Where the case begins, from 1. */
  readonly line: number
  /** What the case shows. Of a file that cannot be read at all: `(file)`. */
  readonly name: string
  readonly passed: boolean
  /** What is wrong, ready to be printed; empty where it passed. */
  readonly report: string
  /** All that happened, whatever the case is about. */
  readonly transitions: readonly Transition[]
}

export interface CasesOptions {
  readonly text: string
  /** As it is shown in reports. */
  readonly file: string
  /** Holds the sites and rules of a file that declares none itself. */
  readonly installation?: Installation
  readonly rules?: ReadonlyMap<string, Rule>
  /** Go on from a snapshot before every entry: nothing may change by that. */
  readonly resume?: boolean
}

const START = '2026-05-01T08:00:00+08:00'

/** Runs every case of a file; never throws for what a file may hold. */
export function runCases(options: CasesOptions): readonly CaseReport[] {
  const { text, file } = options
  const problems = collectProblems()
  const yaml = parseYaml({ path: file, text, hash: '' }, problems)
  const cases = yaml && readCases(yaml, problems)
  if (!yaml || !cases || problems.errors() > 0) {
    const line = problems.list[0]?.line ?? 1
    return [{ file, line, name: '(file)', passed: false, report: formatProblems(problems.list), transitions: [] }]
  }
  return cases.cases.map((one, i) => {
    const { line } = yaml.place(['cases', i])
    const { report, transitions } = runCase(one, { ...options, cases })
    return { file, line, name: one.case, passed: report === '', report, transitions }
  })
}

function readCases(yaml: YamlFile, problems: Problems): CasesFile {
  const { value, findings } = conform(yaml.value ?? {}, CasesSchema)
  report(findings, { yaml, problems })
  const file = value as CasesFile
  if (findings.length > 0) return file
  for (const [i, one] of file.cases.entries()) {
    const check = (fields: object, under: readonly (string | number)[]) => {
      const flaw = unreadable(fields as Record<string, unknown>)
      if (flaw) problems.error(yaml.place([...under, flaw.key]), flaw.message)
    }
    check(one, ['cases', i])
    for (const part of ['input', 'expect', 'never'] as const) {
      for (const [n, fields] of one[part].entries()) {
        const under = ['cases', i, part, n]
        check(fields, under)
        if (part === 'expect' && !causeOf(fields as Expected)) {
          problems.error(yaml.place(under), 'needs exactly one cause with its key, such as `raised: face-101`')
        }
      }
    }
  }
  return file
}

interface Setting extends CasesOptions {
  readonly cases: CasesFile
}

function runCase(one: Case, setting: Setting): Pick<CaseReport, 'report' | 'transitions'> {
  try {
    const { rules = RULES, resume = false, cases } = setting
    const { installation, site } = stage(one, setting)
    const start = parseInstant(one.start ?? cases.start ?? START)
    if (start === undefined) throw new Error('`start` is not an ISO 8601 time with an offset')
    const inputs = stimuli(one.input, { installation, site, start })
    const until = Math.max(start + (parseOffset(one.until ?? '0s') ?? 0), inputs.at(-1)?.at ?? start)
    const { transitions, refused } = play(inputs, { installation, rules, start, until, resume })
    return { report: verdict(one, { transitions, refused, start, site }), transitions }
  } catch (error) {
    return { report: (error as Error).message, transitions: [] }
  }
}

/** The installation in which a case plays, and the site it speaks of. */
function stage(
  one: Case,
  { cases, file, installation: given, rules: known = RULES }: Setting,
): { installation: Installation; site: Site } {
  const { site: declared, people, regulation, suppress, duty } = cases
  const items = one.rules ?? cases.rules
  if (typeof declared === 'object') {
    const own = { site: declared, regulation, suppress, duty, rules: items ?? [], file, known }
    const installation = inlineInstallation({ ...own, ...(people !== undefined && { people }) })
    return { installation, site: siteOf(installation, undefined) }
  }
  if (items) throw new Error('`rules` are declared here but no site: declare both, or neither')
  if (!given) throw new Error('no site is declared here, and no configuration was given')
  // Cases are about rules, unless they say otherwise: what goes up the duty tree later is none of their business.
  const { duty: desks, practice, ...bare } = given
  const installation = duty === true ? given : bare
  return { installation, site: siteOf(installation, declared) }
}

function siteOf({ sites }: Installation, id: string | undefined): Site {
  const [only, second] = sites.values()
  const found = id === undefined ? (second ? undefined : only) : sites.get(id)
  if (found) return found
  const known = [...sites.keys()].join(', ')
  throw new Error(
    id === undefined
      ? `several sites are configured; say \`site:\` with one of ${known}`
      : `no site "${id}" is configured; known: ${known}`,
  )
}

interface Happened {
  readonly transitions: readonly Transition[]
  readonly refused: readonly string[]
  readonly start: Instant
  readonly site: Site
}

function verdict(one: Case, { transitions, refused, start, site }: Happened): string {
  if (refused.length > 0) return `not all input was taken:\n${refused.map((reason) => `  ${reason}`).join('\n')}`
  const about = one.about === undefined ? undefined : expandNames(one.about)
  const compared = transitions.filter(
    ({ site: where, rule, instance, key }) =>
      where === site.id && (!about || [rule, instance, key].some((name) => about.includes(name))),
  )
  const diff = compare(compared, { expected: one.expect, start })
  const banned = one.never.flatMap((expected) =>
    transitions
      .filter((found) => fits(found, { expected, start }))
      .map((found) => `+ ${describeFound(found, start)}\n  although never: ${describeExpected(expected)}`),
  )
  return [...(diff === undefined ? [] : [`- expected, + happened:\n${diff}`]), ...banned].join('\n')
}
