/** Loads a whole configuration: what is good becomes the installation, what is not becomes problems with their places. */
import { readdir } from 'node:fs/promises'
import { posix } from 'node:path'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { parseYaml, type YamlFile } from './document.ts'
import { buildDuty } from './duty.ts'
import { type ConfigFile, readConfigFile } from './file.ts'
import { buildGraph, graphContent, type Origins } from './graph.ts'
import { hashOf } from './hash.ts'
import { buildCriteria } from './hazards.ts'
import { lint } from './lint.ts'
import { checkNotify } from './notify.ts'
import { NOBODY, parsePeople } from './people.ts'
import { at, collectProblems, compare, type Problem, type Problems, sortProblems, startOf } from './problem.ts'
import { checkReferences } from './references.ts'
import { buildPacks } from './rules.ts'
import { type Adapters, buildSettings, defaultSettings, type Environment } from './settings.ts'
import type { Settings } from './settings-schema.ts'
import { draftSite, type SiteDraft, siteOf } from './site.ts'

/** A configuration as far as it is good, and what is wrong with it. */
export interface Loaded {
  /** Absent where not one site is good. With errors among the problems it is incomplete: the caller decides. */
  readonly installation?: Installation
  readonly settings: Settings
  /** In order of file and line. */
  readonly problems: readonly Problem[]
  /** Every file that was read, in order of path. */
  readonly files: readonly ConfigFile[]
}

/** What there is to be configured. */
export interface LoadOptions {
  readonly rules: ReadonlyMap<string, Rule>
  readonly adapters: Adapters
  /** For `${NAME}` in davy.yaml; default: the process's. */
  readonly env?: Environment
}

/** Never throws for what a configuration may hold; paths in problems are relative to `dir`. */
export async function loadConfig(dir: string, { rules, adapters, env = process.env }: LoadOptions): Promise<Loaded> {
  const problems = collectProblems()
  const origins: Origins = new Map()
  const files: ConfigFile[] = []
  const read = async (path: string) => {
    // Two sites may share a file of people.
    const known = files.find((file) => file.path === path)
    if (known) return known
    const file = await readConfigFile(path, { dir, problems })
    if (file) files.push(file)
    return file
  }
  const yaml = async (path: string) => {
    const file = await read(path)
    return file && parseYaml(file, problems)
  }

  const listed = await list(dir, problems)
  const drafts: SiteDraft[] = []
  /** Checked, and left out. */
  const broken: SiteDraft[] = []
  /** Ids of every site there is, also of those that cannot be read: who names them is not at fault. */
  const named = new Set<string>()
  for (const path of listed.sites) {
    const source = await yaml(path)
    const draft = source && draftSite(source, problems)
    named.add(draft?.id ?? siteOf(path))
    if (!draft) continue
    const before = drafts.find(({ id }) => id === draft.id)
    if (before) {
      problems.error(
        draft.yaml.place(['site']),
        `site "${draft.id}" is already declared at ${at(before.yaml.place(['site']))}`,
      )
    }
    const { people } = draft.header
    const csv = typeof people === 'string' ? await read(posix.join(posix.dirname(path), people)) : undefined
    const whole = { ...draft, people: csv ? parsePeople(csv, problems) : NOBODY }
    ;(before || draft.headless ? broken : drafts).push(whole)
  }
  const packs: YamlFile[] = []
  for (const path of listed.rules) {
    const source = await yaml(path)
    if (source) packs.push(source)
  }
  const unread = packs.length < listed.rules.length

  const graph = buildGraph(drafts, { problems, origins })
  buildGraph(broken, { problems, origins: new Map() })
  const {
    regulations,
    rules: instances,
    suppressions,
  } = buildPacks(packs, {
    rules,
    problems,
    origins,
    sites: [...named],
    unread,
  })
  const hazards = buildCriteria(packs, { rules: [...rules.keys()], instances, sites: [...named], problems })
  const dutyYaml = listed.duty ? await yaml(listed.duty) : undefined
  const duties = dutyYaml ? buildDuty(dutyYaml, { sites: graph.sites, problems }) : {}
  const hash = hashOf({
    sites: graphContent(graph),
    rules: instances.map(({ hash }) => hash),
    regulations,
    ...(suppressions.length > 0 && { suppressions }),
    ...(hazards.length > 0 && { hazards }),
    ...duties,
  })
  const installation: Installation = {
    hash,
    ...graph,
    regulations,
    rules: instances,
    suppressions,
    hazards,
    ...duties,
  }

  const service = listed.settings ? await yaml(listed.settings) : undefined
  const settings = service ? await buildSettings({ dir, yaml: service, adapters, problems, env }) : defaultSettings()
  const spoilt = new Map([...drafts, ...broken].map((draft) => [draft.id, draft.spoilt.points]))
  if (service) {
    checkReferences(service, { sites: graph.sites, problems, named, spoilt })
    const told = { yaml: service, sites: graph.sites, rules: instances, problems }
    // A duty.yaml that cannot be read is not taken for one without desks.
    const desks = listed.duty && !duties.practice ? undefined : (duties.duty?.desks ?? [])
    await checkNotify(settings.notify, { ...told, desks })
  }
  const whole = (folder: string) =>
    !problems.list.some(({ level, file }) => level === 'error' && file.startsWith(folder))
  lint(installation, { rules, problems, origins, whole: { sites: whole('sites'), rules: whole('rules') } })
  return {
    ...(graph.sites.size > 0 && { installation }),
    settings,
    problems: sortProblems(problems.list),
    files: files.sort((a, b) => compare(a.path, b.path)),
  }
}

async function list(dir: string, problems: Problems) {
  const entries = async (path: string) => {
    try {
      return (await readdir(posix.join(dir, path), { withFileTypes: true }))
        .filter((entry) => !entry.isDirectory())
        .map(({ name }) => posix.join(path, name))
        .sort(compare)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code !== 'ENOENT') problems.error(startOf(path || '.'), `cannot be read: ${code ?? String(cause)}`)
      return undefined
    }
  }
  const root = await entries('')
  if (!root) {
    problems.error(startOf('.'), 'there is no such folder')
    return { sites: [], rules: [], settings: undefined, duty: undefined }
  }
  const sites = await entries('sites')
  const rules = await entries('rules')
  for (const path of [...(sites ?? []), ...(rules ?? []), ...root]) {
    if (path.endsWith('.yml')) problems.warn(startOf(path), 'ignored: only files named *.yaml are read')
  }
  const yamls = (paths: readonly string[] = []) =>
    paths.filter((path) => path.endsWith('.yaml') && !path.endsWith('.cases.yaml'))
  const found = {
    sites: yamls(sites),
    rules: yamls(rules),
    settings: root.find((path) => path === 'davy.yaml'),
    duty: root.find((path) => path === 'duty.yaml'),
  }
  if (found.sites.length === 0) problems.error(startOf('sites'), 'there is no site; declare one in sites/its-id.yaml')
  if (found.rules.length === 0) problems.warn(startOf('rules'), 'there are no rules: nothing will be judged')
  return found
}
