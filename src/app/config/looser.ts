/** Whether one rule item asks for less than another (放宽), number by number. */
import type { TSchema } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { RuleInstance } from '../../model/rule.ts'
import { formatDuration } from '../../model/time.ts'
import type { Shape } from './shape.ts'

/** What is looser, in words: `limit 30 is looser than 25`. */
export type Looser = { readonly name: string; readonly value: string; readonly than: string }

interface Level {
  readonly name: string
  readonly high?: number
  readonly low?: number
  readonly clear?: number
  readonly severity?: Severity
  readonly raiseAfter?: number
}

/** Limits and levels: what two items for the same places may disagree on. */
export function* looserLimits(one: RuleInstance, other: RuleInstance): Generator<Looser> {
  const a = one.params as { readonly limit?: unknown; readonly levels?: unknown }
  const b = other.params as typeof a
  if (typeof a.limit === 'number' && typeof b.limit === 'number' && a.limit > b.limit) {
    yield { name: 'limit', value: String(a.limit), than: String(b.limit) }
  }
  for (const level of levelsOf(a)) {
    const same = levelsOf(b).find(({ name }) => name === level.name)
    if (!same) continue
    if (level.high !== undefined && same.high !== undefined && level.high > same.high) {
      yield { name: `level "${level.name}": high`, value: String(level.high), than: String(same.high) }
    }
    if (level.low !== undefined && same.low !== undefined && level.low < same.low) {
      yield { name: `level "${level.name}": low`, value: String(level.low), than: String(same.low) }
    }
    const [wait, waited] = [level.raiseAfter ?? one.raiseAfter, same.raiseAfter ?? other.raiseAfter]
    if (wait > waited) {
      yield { name: `level "${level.name}": raiseAfter`, value: formatDuration(wait), than: formatDuration(waited) }
    }
  }
}

/** Parameters of which more is looser, whatever the rule. */
const MORE = [
  'within',
  'still',
  'test',
  'retest',
  'validity',
  'tolerance',
  'hours',
  'by',
  'arc',
  'grace',
  'floor',
  'idle',
  'belt',
  'speed',
  'ride',
  'range',
  'readers',
  'inside',
  'ceiling',
  'margin',
  'least',
  'settle',
]
/** Parameters of which less is looser. */
const LESS = ['move', 'gap']
/** Parameters that hold others, of which more is looser. */
const NESTED = {
  strict: ['retest', 'validity'],
  escalate: ['factor'],
  handover: ['limit', 'around'],
} as const
/** Lists of which more is looser, and of which less is. */
const MORE_LISTED = ['exclude', 'certificates']
const LESS_LISTED = ['require', 'gases']

/** Everything in which an item that takes the place of another asks for less. */
export function* looser(
  one: RuleInstance,
  {
    other,
    params,
    sites,
  }: {
    other: RuleInstance
    params: TSchema /** It is for some sites: the others keep what they had. */
    sites: boolean
  },
): Generator<Looser> {
  yield* looserLimits(one, other)
  yield* looserLevels(one, other)
  yield* narrower(one, { other, sites })
  const a = one.params as Record<string, unknown>
  const b = other.params as Record<string, unknown>
  for (const { name } of levelsOf(b)) {
    if (!levelsOf(a).some((level) => level.name === name)) yield { name: `level "${name}"`, value: 'none', than: 'one' }
  }
  const shapes = (params as Shape).properties ?? {}
  for (const name of MORE) yield* more(name, { a: a[name], b: b[name], duration: shapes[name]?.format === 'duration' })
  for (const name of LESS) {
    const duration = shapes[name]?.format === 'duration'
    // The other way round: less is looser.
    for (const { value, than } of more(name, { a: b[name], b: a[name], duration }))
      yield { name, value: than, than: value }
  }
  yield* looserWithin(a, { b, shapes })
  if (a.count === 'present' && b.count === 'shift') yield { name: 'count', value: 'present', than: 'shift' }
  if (levelsOf(b).length === 0) yield* more('raiseAfter', { a: one.raiseAfter, b: other.raiseAfter, duration: true })
  for (const name of MORE_LISTED) {
    const added = listOf(a[name]).filter((word) => !listOf(b[name]).includes(word))
    if (added.length > 0) yield { name, value: words(a[name]), than: words(b[name]) }
  }
  for (const name of LESS_LISTED) {
    const gone = listOf(b[name]).filter((word) => !listOf(a[name]).includes(word))
    if (gone.length > 0) yield { name, value: words(a[name]), than: words(b[name]) }
  }
  for (const name of ['statutory', 'confirm', 'latch'] as const) {
    if (other.handling?.[name] && !one.handling?.[name]) yield { name, value: 'false', than: 'true' }
  }
  if (one.work !== undefined && one.work !== other.work) {
    yield { name: 'work', value: one.work, than: other.work ?? 'every shift' }
  }
  if (SEVERITIES.indexOf(one.severity) > SEVERITIES.indexOf(other.severity)) {
    yield { name: 'severity', value: one.severity, than: other.severity }
  }
}

/** Where a level clears, and what it calls for. */
function* looserLevels(one: RuleInstance, other: RuleInstance): Generator<Looser> {
  for (const level of levelsOf(one.params)) {
    const same = levelsOf(other.params).find(({ name }) => name === level.name)
    if (!same) continue
    const name = `level "${level.name}"`
    const [severity, wanted] = [level.severity ?? one.severity, same.severity ?? other.severity]
    if (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(wanted)) {
      yield { name: `${name}: severity`, value: severity, than: wanted }
    }
    const [clear, kept] = [level.clear ?? level.high ?? level.low, same.clear ?? same.high ?? same.low]
    // Without a value of its own it moves with the level, of which has been told.
    if (clear === undefined || kept === undefined || (level.clear === undefined && same.clear === undefined)) continue
    if (level.high !== undefined ? clear > kept : clear < kept) {
      yield { name: `${name}: clear`, value: String(clear), than: String(kept) }
    }
  }
}

/** Parameters within parameters; a hand-over that nobody granted lets more persons in. */
function* looserWithin(
  a: Readonly<Record<string, unknown>>,
  { b, shapes }: { readonly b: Readonly<Record<string, unknown>>; readonly shapes: Readonly<Record<string, Shape>> },
): Generator<Looser> {
  for (const [group, names] of Object.entries(NESTED)) {
    const [inner, outer] = [a[group], b[group]] as (Readonly<Record<string, unknown>> | undefined)[]
    const parts = shapes[group]?.properties ?? {}
    for (const name of inner && outer ? names : []) {
      const duration = parts[name]?.format === 'duration'
      for (const found of more(name, { a: inner![name], b: outer![name], duration })) {
        yield { ...found, name: `${group}.${name}` }
      }
    }
  }
  if (b.escalate && !a.escalate) yield { name: 'escalate', value: 'none', than: 'that' }
  const granted = (a.handover as { limit?: unknown } | undefined)?.limit
  if (!b.handover)
    for (const found of more('limit', { a: granted, b: b.limit, duration: false }))
      yield { ...found, name: 'handover.limit' }
}

/** An item that is for fewer places leaves the others without it. */
function* narrower(
  { match }: RuleInstance,
  { other, sites }: { readonly other: RuleInstance; readonly sites: boolean },
): Generator<Looser> {
  for (const [name, wanted] of Object.entries(match)) {
    if (sites && name === 'site') continue
    const before = other.match[name]
    const now: readonly unknown[] = [wanted].flat()
    const than = before === undefined ? 'all there are' : words([before].flat())
    if (before === undefined || [before].flat().some((word) => !now.includes(word))) {
      yield { name: `match.${name}`, value: words(now), than }
    }
  }
}

function* more(name: string, { a, b, duration }: { a: unknown; b: unknown; duration: boolean }): Generator<Looser> {
  if (typeof a !== 'number' || typeof b !== 'number' || a <= b) return
  const show = (value: number) => (duration ? formatDuration(value) : String(value))
  yield { name, value: show(a), than: show(b) }
}

function levelsOf(params: unknown): readonly Level[] {
  const { levels } = params as { readonly levels?: unknown }
  return Array.isArray(levels) ? (levels as Level[]) : []
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function words(value: unknown): string {
  return `[${listOf(value).join(', ')}]`
}
