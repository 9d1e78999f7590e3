/** Sources and channels of `davy.yaml`: the settings of each checked by its own adapter. */
import { isAbsolute } from 'node:path'
import type { TSchema } from 'typebox'
import { DavyError } from '../../model/errors.ts'
import type { Adapter } from '../../model/ports.ts'
import { conform } from './conform.ts'
import type { Path, YamlFile } from './document.ts'
import { didYouMean } from './nearest.ts'
import { withPaths } from './paths.ts'
import type { Problems } from './problem.ts'
import type { SourceSettings } from './settings-schema.ts'
import { report } from './site.ts'

/** Every adapter by its word in the configuration; loaded only where it is named. */
export type Adapters = Readonly<Record<string, () => Promise<Adapter>>>

/** What the settings of one file are judged with. */
export interface SettingsContext {
  /** The folder of `davy.yaml`. */
  readonly dir: string
  readonly yaml: YamlFile
  readonly problems: Problems
}

interface Adapted extends SettingsContext {
  /** In words. */
  readonly what: string
  readonly under: Path
  readonly adapters: Readonly<Record<string, () => Promise<{ readonly settings: TSchema }>>>
  readonly taken: readonly { readonly name: string }[]
  /** Keys that are not the adapter's own. */
  readonly shared: readonly string[]
}

/** What its schema has found whole. */
export interface Declared extends Readonly<Record<string, unknown>> {
  readonly adapter: string
  readonly name?: string
}

/** A source or a channel: its own settings by its adapter's schema, its name unique. */
export async function buildAdapted(
  declared: Declared,
  { dir, yaml, adapters, problems, what, under, taken, shared }: Adapted,
): Promise<SourceSettings | undefined> {
  const { adapter, name: named } = declared
  const load = Object.hasOwn(adapters, adapter) ? adapters[adapter] : undefined
  if (!load) {
    const known = Object.keys(adapters)
    const hint = didYouMean(adapter, known) || `; known: ${known.join(', ')}`
    problems.error(yaml.place([...under, 'adapter']), `unknown adapter "${adapter}"${hint}`)
    return undefined
  }
  const names = new Set(taken.map(({ name }) => name))
  if (named !== undefined && names.has(named)) {
    problems.error(yaml.place([...under, 'name']), `${what} "${named}" is already declared`)
    return undefined
  }
  let name = named ?? adapter
  for (let n = 2; named === undefined && names.has(name); n++) name = `${adapter}-${n}`
  let schema: TSchema
  try {
    schema = (await load()).settings
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    problems.error(yaml.place([...under, 'adapter']), `the adapter cannot be loaded: ${reason}`)
    return undefined
  }
  const properties = (schema as { properties?: Record<string, unknown> }).properties ?? {}
  const own = Object.fromEntries(
    Object.entries(declared).filter(([key]) => Object.hasOwn(properties, key) || !shared.includes(key)),
  )
  const { value, findings } = conform(own, schema)
  report(findings, { yaml, problems, under })
  if (findings.length > 0) return undefined
  const missing = missingFile({ yaml, problems, under })
  return { adapter, name, settings: withPaths(value, { schema, dir, missing }) }
}

interface Sources extends SettingsContext {
  readonly adapters: Adapters
  readonly taken: readonly SourceSettings[]
  /** Whether there is an embedded broker. */
  readonly broker: boolean
}

/** The `i`-th of `sources:`; what its adapter finds in settings that are each well formed and do not go together is told here, not at the
 *  start. */
export async function buildSource(
  declared: Declared,
  { i, broker, ...context }: Sources & { readonly i: number },
): Promise<SourceSettings | undefined> {
  const { adapters, yaml, problems } = context
  const under = ['sources', i]
  const source = await buildAdapted(declared, { ...context, what: 'source', under, shared: ['adapter', 'name'] })
  if (!source) return undefined
  const { name } = source
  const taken = (broker && name === 'mqtt' && 'the embedded broker') || (name.startsWith('http:') && 'a token')
  if (taken) problems.error(yaml.place([...under, 'name']), `"${name}" is the name of ${taken}: choose another`)
  try {
    const { check } = await adapters[source.adapter]!()
    check?.(source.settings, { name })
  } catch (error) {
    if (!(error instanceof DavyError)) throw error
    const remedy = error.remedy === undefined ? '' : `; ${error.remedy}`
    problems.error(yaml.place(under), `${error.where ? `${error.where}: ` : ''}${error.message}${remedy}`)
  }
  return source
}

/** Tells of files that are not there: an error of a listener, without which nothing starts; a warning of an item (a source, a way up, a
 *  channel), whose file may come later. */
export function missingFile({ yaml, problems, under }: Pick<Adapted, 'yaml' | 'problems' | 'under'>) {
  return (path: Path, file: string): void => {
    const whole = [...under, ...path]
    const what = `there is no file ${file}${isAbsolute(file) ? '' : ' in the folder of davy.yaml'}`
    if (LISTENERS.includes(whole[0]!)) problems.error(yaml.place(whole), what)
    else problems.warn(yaml.place(whole), `${what}, and this cannot begin without it`)
  }
}

const LISTENERS: readonly (string | number)[] = ['listen', 'mqtt', 'opcua']
