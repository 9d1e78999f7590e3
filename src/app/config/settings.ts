/** `davy.yaml`: the service's own settings, secrets from the environment, sources checked by their adapters. */
import { isAbsolute } from 'node:path'
import type { TSchema } from 'typebox'
import { CHANNELS } from '../../adapters/channels.ts'
import { openings } from '../../adapters/mqtt/guards.ts'
import { DavyError } from '../../model/errors.ts'
import { isLoopback } from '../../model/loopback.ts'
import type { Adapter } from '../../model/ports.ts'
import type { ChannelSettings } from '../notify/settings.ts'
import { channelProblems } from './channels.ts'
import { conform, type Finding } from './conform.ts'
import type { Path, YamlFile } from './document.ts'
import { didYouMean } from './nearest.ts'
import { withPaths } from './paths.ts'
import type { Problems } from './problem.ts'
import { type Settings, SettingsSchema, type SourceSettings } from './settings-schema.ts'
import { report } from './site.ts'

/** Every adapter by its word in the configuration; loaded only where it is named. */
export type Adapters = Readonly<Record<string, () => Promise<Adapter>>>
/** Where `davy.yaml` takes its secrets from. */
export type Environment = Readonly<Record<string, string | undefined>>

type Fields = Readonly<Record<string, unknown>>

interface Context {
  readonly dir: string
  readonly yaml: YamlFile
  readonly adapters: Adapters
  readonly problems: Problems
}

/** What holds without a `davy.yaml`: everything embedded, on loopback. */
export function defaultSettings(): Settings {
  return conform({}, SettingsSchema).value as Settings
}

/** Broken sources are left out; where anything else is broken, the defaults hold. */
export async function buildSettings(context: Context & { readonly env: Environment }): Promise<Settings> {
  const { yaml, problems, env } = context
  const unset = new Set<string>()
  const value = withEnvironment(yaml.value ?? {}, { env, path: [], yaml, problems, unset })
  const { value: conformed, findings } = conform(value, SettingsSchema)
  // A value that the environment lacks has been told: what its place-holder looks like is nobody's fault.
  const told = findings.filter(({ path }) => !unset.has(JSON.stringify(path)))
  report(told, { yaml, problems })
  if (findings.length > 0) {
    await checkRest(conformed, { ...context, findings })
    return defaultSettings()
  }
  const missing = missingFile('error', { yaml, problems, under: [] })
  const settings = withPaths(conformed as Settings, { schema: SettingsSchema, dir: context.dir, missing })
  guard(settings, { yaml, problems })
  guardOpcua(settings.opcua, { yaml, problems })
  guardForward(settings.forward, { yaml, problems })
  const sources: SourceSettings[] = []
  for (const [i, declared] of settings.sources.entries()) {
    const source = await buildAdapted(declared as unknown as Fields, {
      ...context,
      ...asSource(i, context),
      taken: sources,
    })
    if (!source) continue
    await tryOut(source, { ...context, i })
    sources.push(source)
  }
  const channels: ChannelSettings[] = []
  for (const [i, declared] of settings.notify.channels.entries()) {
    const shared = ['adapter', 'name', 'rate', 'timeout']
    const under = ['notify', 'channels', i]
    const how = { what: 'channel', under, adapters: CHANNELS, taken: channels, shared }
    const channel = await buildAdapted(declared as unknown as Record<string, unknown>, { ...context, ...how })
    if (!channel) continue
    const { rate, timeout } = declared
    channels.push({ ...channel, timeout, ...(rate && { rate }) })
    channelProblems(channels.at(-1)!, { yaml, problems, under })
  }
  return { ...settings, sources, notify: { ...settings.notify, channels } }
}

/** What of broken settings can still be judged: each source that is whole, and each listener. */
async function checkRest(value: unknown, context: Context & { readonly findings: readonly Finding[] }): Promise<void> {
  const { findings, yaml, problems } = context
  if (typeof value !== 'object' || value === null) return
  const whole = (...path: Path) =>
    !findings.some((finding) => path.every((step, i) => i >= finding.path.length || finding.path[i] === step))
  const { listen, mqtt, sources } = value as Partial<Settings>
  const fallback = defaultSettings()
  const listens = whole('listen', 'host') && whole('listen', 'tls') && whole('listen', 'insecure')
  guard(
    { listen: (listens && listen) || fallback.listen, mqtt: (whole('mqtt') && mqtt) || fallback.mqtt },
    { yaml, problems },
  )
  for (const [i, declared] of (Array.isArray(sources) ? sources : []).entries()) {
    if (whole('sources', i))
      await buildAdapted(declared as unknown as Fields, { ...context, ...asSource(i, context), taken: [] })
  }
}

/** What an adapter finds in settings that are each well formed and do not go together: told here, not at the start. */
async function tryOut(
  { adapter, name, settings }: SourceSettings,
  { adapters, yaml, problems, i }: Pick<Context, 'adapters' | 'yaml' | 'problems'> & { readonly i: number },
): Promise<void> {
  try {
    const { check } = await adapters[adapter]!()
    check?.(settings, { name })
  } catch (error) {
    if (!(error instanceof DavyError)) throw error
    const remedy = error.remedy === undefined ? '' : `; ${error.remedy}`
    problems.error(yaml.place(['sources', i]), `${error.where ? `${error.where}: ` : ''}${error.message}${remedy}`)
  }
}

/** How an item of `sources:` is read. */
function asSource(i: number, { adapters }: Context) {
  return { what: 'source', under: ['sources', i], adapters, shared: ['adapter', 'name'] }
}

interface Adapted extends Omit<Context, 'adapters'> {
  /** In words. */
  readonly what: string
  readonly under: Path
  readonly adapters: Readonly<Record<string, () => Promise<{ readonly settings: TSchema }>>>
  readonly taken: readonly { readonly name: string }[]
  /** Keys that are not the adapter's own. */
  readonly shared: readonly string[]
}

/** A source or a channel: its own settings by its adapter's schema, its name unique. */
async function buildAdapted(
  declared: Fields,
  { dir, yaml, adapters, problems, what, under, taken, shared }: Adapted,
): Promise<SourceSettings | undefined> {
  const adapter = String(declared.adapter)
  const load = Object.hasOwn(adapters, adapter) ? adapters[adapter] : undefined
  if (!load) {
    const known = Object.keys(adapters)
    const hint = didYouMean(adapter, known) || `; known: ${known.join(', ')}`
    problems.error(yaml.place([...under, 'adapter']), `unknown adapter "${adapter}"${hint}`)
    return undefined
  }
  const names = new Set(taken.map(({ name }) => name))
  const named = declared.name as string | undefined
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
  const missing = missingFile(what === 'source' ? 'warn' : 'error', { yaml, problems, under })
  return { adapter, name, settings: withPaths(value, { schema, dir, missing }) }
}

const ADVICE = { users: 'name the devices under `users`', tls: 'give `tls`' }

/** Listening beyond this machine needs a certificate; the broker needs to know its devices as well. */
function guard(
  { listen, mqtt }: Pick<Settings, 'listen' | 'mqtt'>,
  { yaml, problems }: { yaml: YamlFile; problems: Problems },
): void {
  const open = (key: 'listen' | 'mqtt', { host }: { host: string }, advice: string) =>
    problems.error(
      yaml.place([key, 'host']),
      `${host} is reached from other machines: ${advice}, or say \`insecure: true\` where that network is trusted`,
    )
  if (!isLoopback(listen.host) && !listen.tls && !listen.insecure) open('listen', listen, 'give `tls`')
  const lacking = mqtt.enabled && !mqtt.insecure ? openings(mqtt).map(({ needs }) => ADVICE[needs]) : []
  if (lacking.length > 0) open('mqtt', mqtt, lacking.join(' and '))
  for (const [i, { password, hash }] of mqtt.users.entries()) {
    if ((password === undefined) === (hash === undefined)) {
      problems.error(yaml.place(['mqtt', 'users', i]), 'a device has either "password" or "hash"')
    }
  }
}

/** SCADA clients of other machines come over an encrypted line, under a name. */
function guardOpcua(
  { enabled, host, security, insecure, anonymous }: Settings['opcua'],
  { yaml, problems }: { yaml: YamlFile; problems: Problems },
): void {
  if (!enabled || isLoopback(host)) return
  if (security === 'None' && !insecure) {
    problems.error(
      yaml.place(['opcua', 'host']),
      `${host} is reached from other machines: say \`security: Basic256Sha256\`, or \`insecure: true\` where that network is trusted`,
    )
  }
  if (anonymous) {
    problems.error(yaml.place(['opcua', 'anonymous']), `${host} is reached from other machines: clients must log in`)
  }
}

/** A way up speaks one protocol, and has a cursor of its own, by its name. */
function guardForward(forward: Settings['forward'], { yaml, problems }: { yaml: YamlFile; problems: Problems }): void {
  const names = new Set<string>()
  for (const [i, { name, mqtt, kafka }] of forward.entries()) {
    if ((mqtt === undefined) === (kafka === undefined)) {
      problems.error(yaml.place(['forward', i]), 'a way up has either "mqtt" or "kafka"')
    }
    if (names.has(name)) problems.error(yaml.place(['forward', i, 'name']), `way up "${name}" is already declared`)
    names.add(name)
  }
}

/** Without its file a source waits and tries again, and everything else does not start. */
function missingFile(
  level: 'error' | 'warn',
  { yaml, problems, under }: { yaml: YamlFile; problems: Problems; under: Path },
): (path: Path, file: string) => void {
  return (path, file) => {
    const where = isAbsolute(file) ? '' : ' in the folder of davy.yaml'
    problems[level](yaml.place([...under, ...path]), `there is no file ${file}${where}`)
  }
}

/** Replaces `${NAME}` in every string; `$${` stands for a literal `${`. */
function withEnvironment(
  value: unknown,
  context: {
    readonly env: Environment
    readonly path: Path
    readonly yaml: YamlFile
    readonly problems: Problems
    /** Paths, as JSON, of values that name what is not set. */
    readonly unset: Set<string>
  },
): unknown {
  const { env, path, yaml, problems, unset } = context
  if (typeof value === 'string') {
    return value.replace(/\$(\$\{)|\$\{([^}]*)\}/g, (_, literal: string | undefined, name: string) => {
      if (literal) return literal
      const found = env[name]
      if (found === undefined) {
        unset.add(JSON.stringify(path))
        problems.error(yaml.place(path), `the environment has no ${name}: set it where davy is started`)
      }
      return found ?? `\${${name}}`
    })
  }
  if (Array.isArray(value)) return value.map((item, i) => withEnvironment(item, { ...context, path: [...path, i] }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withEnvironment(item, { ...context, path: [...path, key] })]),
  )
}
