/** What a bundle says of itself for people to read, held against what it can be judged again from: a seal can be made anew by anybody. */
import type { Installation } from '../../model/site.ts'
import type { Bundle, BundledReading } from './bundle.ts'

/** In words, what differs; empty where rule, decision and readings are those of the configuration, the transitions and the entries. */
export function contradictions(bundle: Bundle, installations: Iterable<Installation>): readonly string[] {
  return [...ofRule(bundle, installations), ...ofDecision(bundle), ...ofReadings(bundle)]
}

function* ofRule({ rule }: Bundle, installations: Iterable<Installation>): Iterable<string> {
  if (rule.version === 'built-in') return
  const instance = [...installations]
    .flatMap(({ rules }) => rules)
    .find(({ id, hash }) => id === rule.id && hash === rule.version)
  if (!instance) {
    yield `its configuration has no rule ${rule.id} of version ${rule.version.slice(0, 12)}…`
    return
  }
  for (const field of ['rule', 'clause', 'regulation', 'params', 'raiseAfter', 'clearAfter'] as const)
    if (!same(rule[field], instance[field])) yield `the rule's ${field} is not that of its configuration`
}

function* ofDecision({ decision, transitions }: Bundle): Iterable<string> {
  const text = transitions[0]?.text
  if (text && !same(decision, { zh: text.zh, en: text.en })) yield 'the decision is not the first transition’s text'
}

function* ofReadings({ readings, entries, cut }: Bundle): Iterable<string> {
  const byOffset = new Map(entries.map((entry) => [entry.offset, entry]))
  for (const reading of readings) {
    const entry = byOffset.get(reading.offset)
    if (!entry && cut) continue
    if (entry?.type !== 'reading' || !isOf(reading, entry)) yield `reading #${reading.offset} is not that entry’s`
  }
}

/** Its worth is the judgement's; what was sent must be the same. A device whose clock ran ahead was judged at its arrival. */
function isOf(
  { point, ts, received, value, ref }: BundledReading,
  entry: Bundle['entries'][number] & { readonly type: 'reading' },
): boolean {
  const measured = Date.parse(ts)
  return (
    point === entry.point &&
    (measured === entry.ts || measured === entry.at) &&
    Date.parse(received) === entry.at &&
    same(value, entry.value) &&
    ref === entry.ref
  )
}

/** As JSON, whatever the order of the keys. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).filter(([, held]) => held !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, held]) => [key, sorted(held)]))
}
