/** Builds the installation that a file of cases declares in itself: one site, its people, its rule items. */
import { stringify } from 'yaml'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { parseYaml } from '../config/document.ts'
import { buildDuty } from '../config/duty.ts'
import { buildGraph } from '../config/graph.ts'
import { hashOf } from '../config/hash.ts'
import { NOBODY, parsePeople } from '../config/people.ts'
import { collectProblems, formatProblems, type Problem } from '../config/problem.ts'
import { buildPacks } from '../config/rules.ts'
import { draftSite } from '../config/site.ts'
import type { CasesFile } from './schema.ts'

interface Declared extends Pick<CasesFile, 'people' | 'regulation'> {
  readonly site: object
  readonly rules: readonly unknown[]
  readonly suppress?: readonly unknown[]
  /** As in `duty.yaml`. */
  readonly duty?: unknown
  readonly file: string
  readonly known: ReadonlyMap<string, Rule>
}

/** Throws an `Error` that lists every problem; they are placed within the part (`site`, `people`, `rules`) as if it were a file. */
export function inlineInstallation({
  site,
  people,
  regulation,
  rules,
  suppress = [],
  duty,
  file,
  known,
}: Declared): Installation {
  const problems = collectProblems()
  const origins = new Map()
  const source = (part: string, text: string) => ({ path: `${file} (${part})`, text, hash: '' })
  const yaml = (part: string, value: unknown) => parseYaml(source(part, stringify(value)), problems)
  const named = { site: 'mine', ...site }
  const siteYaml = yaml('site', named)
  const draft = siteYaml && draftSite(siteYaml, problems)
  const staff = people === undefined ? NOBODY : parsePeople(source('people', people), problems)
  const graph = buildGraph(draft ? [{ ...draft, people: staff }] : [], { problems, origins })
  const pack = yaml('rules', { regulation: regulation ?? { id: 'case' }, rules, suppress })
  const { items: _, ...packs } = buildPacks(pack ? [pack] : [], {
    rules: known,
    problems,
    origins,
    sites: { names: [...graph.sites.keys()] },
  })
  const dutyYaml = duty === undefined ? undefined : yaml('duty', duty)
  const duties = dutyYaml
    ? buildDuty(dutyYaml, { sites: graph.sites, named: { names: [...graph.sites.keys()] }, whole: true, problems })
    : {}
  const errors = problems.list.filter(({ level }: Problem) => level === 'error')
  if (errors.length > 0) throw new Error(formatProblems(errors))
  return {
    hash: hashOf({ named, people, regulation, rules, suppress, duty }),
    graph: hashOf({ named, people }),
    ...graph,
    ...packs,
    ...duties,
  }
}
