/** `davy.yaml`: the service's own settings, secrets from the environment, sources and channels checked by their adapters. */
import { CHANNELS } from '../../adapters/channels.ts'
import type { ChannelSettings } from '../notify/settings.ts'
import {
  type Adapters,
  buildAdapted,
  buildSource,
  type Declared,
  missingFile,
  type SettingsContext,
} from './adapted.ts'
import { channelProblems } from './channels.ts'
import { conform } from './conform.ts'
import type { Path } from './document.ts'
import type { Filled } from './environment.ts'
import { guardForward, guardListeners, guardOpcua } from './guards.ts'
import { withPaths } from './paths.ts'
import { type Settings, SettingsSchema, type SourceSettings } from './settings-schema.ts'
import { report } from './site.ts'

interface Context extends Pick<SettingsContext, 'dir' | 'yaml'> {
  readonly adapters: Adapters
  /** What the file says, with its secrets put in. */
  readonly filled: Filled
}

/** What holds without a `davy.yaml`: everything embedded, on loopback. */
export function defaultSettings(): Settings {
  return conform({}, SettingsSchema).value as Settings
}

/** Broken sources and channels are left out; of any other section that is broken, the defaults hold. */
export async function buildSettings(context: Context): Promise<Settings> {
  const { dir, yaml, adapters } = context
  const { value, isUnset, problems } = context.filled
  const { value: conformed, findings } = conform(value, SettingsSchema)
  report(findings, { yaml, problems })
  const whole = (...path: Path) => findings.every((finding) => !touches(finding.path, path))
  const missing = missingFile({ yaml, problems, under: [] })
  const settings = withPaths(usable(conformed, whole), { schema: SettingsSchema, dir, missing })
  guardListeners(settings, { yaml, problems })
  guardOpcua(settings.opcua, { yaml, problems })
  guardForward(settings.forward, { yaml, problems })
  const own = { dir, yaml, problems }
  const broker = settings.mqtt.enabled
  const sources: SourceSettings[] = []
  for (const [i, declared] of settings.sources.entries()) {
    if (!whole('sources', i)) continue
    const source = await buildSource(declared as unknown as Declared, { ...own, adapters, broker, taken: sources, i })
    if (source) sources.push(source)
  }
  const channels: ChannelSettings[] = []
  for (const [i, declared] of settings.notify.channels.entries()) {
    const under = ['notify', 'channels', i]
    if (!whole(...under)) continue
    const shared = ['adapter', 'name', 'rate', 'timeout']
    const how = { ...own, what: 'channel', under, adapters: CHANNELS, taken: channels, shared }
    const built = await buildAdapted(declared as unknown as Declared, how)
    if (!built) continue
    const { rate, timeout } = declared
    const channel = { ...built, timeout, ...(rate && { rate }) }
    channels.push(channel)
    channelProblems(channel, { yaml, problems, under, isUnset })
  }
  return { ...settings, sources, notify: { ...settings.notify, channels: whole('notify') ? channels : [] } }
}

/** Whether a finding is of the part at a path, within it or around it. */
function touches(found: Path, path: Path): boolean {
  return path.every((step, i) => i >= found.length || found[i] === step)
}

/** The sections that are whole, and of those that are not: what of them can still be judged, or the defaults. */
function usable(value: unknown, whole: (...path: Path) => boolean): Settings {
  const fallback = defaultSettings()
  if (typeof value !== 'object' || value === null) return fallback
  const given = value as Settings
  const settings = Object.fromEntries(
    Object.entries(fallback).map(([key, usual]) => [key, (whole(key) && given[key as keyof Settings]) || usual]),
  ) as unknown as Settings
  const { listen, sources, notify } = given
  const listens = listen !== undefined && ['host', 'tls', 'insecure'].every((key) => whole('listen', key))
  const { port } = whole('listen', 'port') && listens ? listen : fallback.listen
  return {
    ...settings,
    ...(listens && { listen: { ...listen, port } }),
    ...(Array.isArray(sources) && { sources }),
    ...(!whole('notify') && { notify: { ...fallback.notify, channels: listOf(notify?.channels) } }),
  }
}

function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : []
}
