/** Writes the demo's configuration: a copy of the example's, with the delays the demo runs by, so that `check`, `replay` and `explain` know it too. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isMap, isSeq, parseDocument } from 'yaml'
import type { RuleInstance } from '../../model/rule.ts'
import { formatDuration } from '../../model/time.ts'
import type { Configuration } from '../configuration.ts'
import { withDemoDelays } from './demo-delays.ts'

/** Parameters that are durations, wherever they stand. */
const DURATIONS = new Set(['raiseAfter', 'clearAfter', 'within', 'still', 'gap'])

export function writeDemoConfiguration(
  { installation, files }: Configuration,
  { speed, into }: { speed: number; into: string },
): void {
  const shortened = new Map(withDemoDelays(installation, speed).rules.map((rule) => [rule.id, rule]))
  const declared = new Map(installation.rules.map((rule) => [rule.id, rule]))
  for (const { path, text } of files) {
    const file = join(into, path)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, path.startsWith('rules/') ? rewrite(text, { declared, shortened }) : text, { mode: 0o600 })
  }
}

type Rules = ReadonlyMap<string, RuleInstance>

function rewrite(text: string, { declared, shortened }: { declared: Rules; shortened: Rules }): string {
  const document = parseDocument(text)
  const items = document.get('rules')
  if (!isSeq(items)) return text
  for (const item of items.items) {
    if (!isMap(item)) continue
    const id = item.get('id')
    const before = typeof id === 'string' ? declared.get(id) : undefined
    const after = typeof id === 'string' ? shortened.get(id) : undefined
    if (!before || !after) continue
    for (const [key, value] of Object.entries(changes(before, after))) item.set(key, document.createNode(value))
  }
  return document.toString({ lineWidth: 0 })
}

/** What differs, as it is written in a pack. */
function changes(before: RuleInstance, after: RuleInstance): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const key of ['raiseAfter', 'clearAfter'] as const) {
    if (before[key] !== after[key]) found[key] = formatDuration(after[key])
  }
  const [was, is] = [before.params, after.params] as [Record<string, unknown>, Record<string, unknown>]
  for (const key of Object.keys(is)) {
    if (JSON.stringify(was[key]) !== JSON.stringify(is[key])) found[key] = written(key, is[key])
  }
  return found
}

function written(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => written('', each))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, written(inner, each)]))
  }
  return typeof value === 'number' && DURATIONS.has(key) ? formatDuration(value) : value
}
