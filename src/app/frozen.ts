/** Which settings of davy.yaml wait for a restart: what they are about is opened once, at the start. */
import type { Settings } from './config/settings-schema.ts'

/** What runs under settings of its own, changed one by one while the service runs. */
const LISTS = ['sources', 'forward', 'exports', 'notify'] as const

type Tls = { readonly tls?: Readonly<Record<string, string>> | undefined }

/** Paths of settings that differ from those at the start, such as `mqtt.port`, in the order of the file. */
export function frozenChanges(atStart: Settings, next: Settings): readonly string[] {
  return differences(frozenOf(atStart), frozenOf(next), '')
}

/** The settings without what can change: of certificates, whether there are any and whether clients need one. */
function frozenOf(settings: Settings): Readonly<Record<string, unknown>> {
  const rest = Object.fromEntries(Object.entries(settings).filter(([key]) => !LISTS.includes(key as never)))
  const { users: _, ...mqtt } = settings.mqtt
  return { ...rest, listen: withoutFiles(settings.listen), mqtt: withoutFiles(mqtt) }
}

function withoutFiles<T extends Tls>({ tls, ...rest }: T): object {
  return { ...rest, ...(tls && { tls: Object.fromEntries(Object.keys(tls).map((key) => [key, true])) }) }
}

function differences(before: unknown, after: unknown, path: string): string[] {
  if (!isRecord(before) || !isRecord(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [path]
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
