/** Loads a whole configuration: what is good becomes the installation, what is not becomes problems with their places. */
import { posix } from 'node:path'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { Adapters } from './adapted.ts'
import { parseYaml, type YamlFile } from './document.ts'
import { buildDuty, namedDesks } from './duty.ts'
import { type Environment, withEnvironment } from './environment.ts'
import { type ConfigFile, readConfigFile } from './file.ts'
import { buildGraph, graphContent, type Origins } from './graph.ts'
import { hashOf } from './hash.ts'
import { unreadFiles } from './known.ts'
import { lint } from './lint.ts'
import { listFolder } from './listing.ts'
import { siteNames } from './names.ts'
import { checkNotify, namedChannels } from './notify.ts'
import { NOBODY, parsePeople } from './people.ts'
import { at, collectProblems, compare, type Place, type Problem, sortProblems } from './problem.ts'
import { checkReferences } from './references.ts'
import { buildPacks } from './rules.ts'
import { buildSettings, defaultSettings } from './settings.ts'
import type { Settings } from './settings-schema.ts'
import { draftSite, type SiteDraft } from './site.ts'
import { checkSparkplugNames } from './sparkplug-names.ts'
import { checkSparkplugPoints } from './sparkplug-points.ts'

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
  /** False: nobody runs what davy.yaml says, and a name that the environment lacks is no problem. */
  readonly secrets?: boolean
}

/** Never throws for what a configuration may hold; paths in problems are relative to `dir`. */
export async function loadConfig(
  dir: string,
  { rules, adapters, env = process.env, secrets = true }: LoadOptions,
): Promise<Loaded> {
  const problems = collectProblems()
  const origins: Origins = new Map()
  const files: ConfigFile[] = []
  const unread = unreadFiles()
  const read = async (path: string, namedAt?: Place) => {
    // Two sites may share a file of people.
    const known = files.find((file) => file.path === path)
    if (known) return known
    const file = await readConfigFile(path, { dir, problems, namedAt })
    if (file) files.push(file)
    return file
  }
  const yaml = async (path: string) => {
    const file = await read(path)
    const parsed = file && parseYaml(file, problems)
    if (!parsed) unread.add(path, file?.text)
    return parsed
  }

  const listed = await listFolder(dir, problems)
  for (const path of listed.unread) unread.add(path, undefined)
  const drafts: SiteDraft[] = []
  /** Checked, and left out. */
  const broken: SiteDraft[] = []
  for (const path of listed.sites) {
    const source = await yaml(path)
    const draft = source && draftSite(source, problems)
    if (!draft) continue
    const before = drafts.find(({ id }) => id === draft.id)
    if (before) {
      problems.error(
        draft.yaml.place(['site']),
        `site "${draft.id}" is already declared at ${at(before.yaml.place(['site']))}`,
      )
    }
    const { people } = draft.header
    const named = typeof people === 'string' ? posix.join(posix.dirname(path), people) : undefined
    const csv = named === undefined ? undefined : await read(named, draft.yaml.place(['people']))
    const nobody = { ...NOBODY, whole: named === undefined }
    const whole = { ...draft, people: csv ? parsePeople(csv, problems) : nobody }
    ;(before || draft.headless ? broken : drafts).push(whole)
  }
  const packs: YamlFile[] = []
  for (const path of listed.rules) {
    const source = await yaml(path)
    if (source) packs.push(source)
  }
  const names = siteNames([...drafts, ...broken], unread)

  const graph = buildGraph(drafts, { problems, origins })
  buildGraph(broken, { problems, origins: new Map() })
  const {
    regulations,
    rules: instances,
    suppressions,
    hazards,
    items,
  } = buildPacks(packs, { rules, problems, origins, sites: names.sites, maybe: unread.in('rules') })
  const dutyYaml = listed.duty ? await yaml(listed.duty) : undefined
  const whole = broken.length === 0 && !unread.any('sites')
  const duties = dutyYaml ? buildDuty(dutyYaml, { sites: graph.sites, named: names.sites, whole, problems }) : {}
  const deskNames = { names: dutyYaml ? namedDesks(dutyYaml) : [], maybe: unread.in('duty') }
  const sites = graphContent(graph)
  const hash = hashOf({
    sites,
    rules: instances.map(({ hash }) => hash),
    regulations,
    ...(suppressions.length > 0 && { suppressions }),
    ...(hazards.length > 0 && { hazards }),
    ...duties,
  })
  const installation: Installation = {
    hash,
    graph: hashOf(sites),
    ...graph,
    regulations,
    rules: instances,
    suppressions,
    hazards,
    ...duties,
  }

  const service = listed.settings ? await yaml(listed.settings) : undefined
  const filled = service && withEnvironment({ yaml: service, env, problems, secrets })
  const settings = service && filled ? await buildSettings({ dir, yaml: service, adapters, filled }) : defaultSettings()
  const spoilt = new Map([...drafts, ...broken].map((draft) => [draft.id, draft.spoilt.points]))
  if (service && filled) {
    const field = { yaml: service, sites: graph.sites, named: names.sites, spoilt }
    checkReferences(filled, field)
    checkSparkplugNames(filled, field)
    // A duty.yaml that cannot be read is not taken for one without desks.
    const desks = listed.duty && !duties.practice ? undefined : (duties.duty?.desks ?? [])
    const told = { names, rules: instances, items, deskNames, channelNames: namedChannels(filled.value), desks }
    await checkNotify(settings.notify, { ...told, yaml: service, problems: filled.problems })
  }
  const intact = (folder: string) =>
    !problems.list.some(({ level, file }) => level === 'error' && file.startsWith(folder))
  // With values missing, parts of them may be the defaults.
  const sound = intact('davy.yaml') && !filled?.lacking
  checkSparkplugPoints(graph.points, { settings: sound ? settings : undefined, problems, origins })
  lint(installation, {
    rules,
    problems,
    origins,
    whole: { sites: intact('sites'), rules: intact('rules') && !unread.any('rules') },
  })
  return {
    ...(graph.sites.size > 0 && { installation }),
    settings,
    problems: sortProblems(problems.list),
    files: files.sort((a, b) => compare(a.path, b.path)),
  }
}
