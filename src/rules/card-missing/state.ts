/** What `card-missing` remembers of a site. */
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, type Statement, saveStatement } from '../statement.ts'
import type { CardMissingParams } from './params.ts'

/** A passage in that no card has answered yet. */
export interface Expected {
  readonly key: string
  /** The unknown card shown by somebody unknown, under the name it is counted by. */
  readonly also: string | undefined
  /** Nobody was named: the key is the gate. */
  readonly anonymous: boolean
  readonly ts: Instant
  /** On the arrival clock. */
  readonly due: Instant
  readonly gate: string
  readonly evidence: EntryRef
}

/** An alarm that stands. */
export interface Missing {
  readonly anonymous: boolean
  readonly also: string | undefined
  /** Event times of the unanswered passages, oldest first. */
  readonly passages: Instant[]
  raised: Instant
  readonly statement: Statement
}

/** A card newly underground that no passage has claimed. */
export interface Appearance {
  readonly id: string
  readonly ts: Instant
}

export interface State {
  readonly scope: Scope<CardMissingParams>
  /** In order of arrival, which is the order in which they fall due. */
  expected: Expected[]
  readonly missing: Map<string, Missing>
  /** Last sighting of each holder's cards. */
  readonly seen: Map<string, Instant>
  /** Who went in by name and has not appeared underground since. */
  readonly named: Map<string, Instant>
  fresh: Appearance[]
  /** The sighting at hand is good; holds between the calls for one entry only. */
  certain: boolean
  /** When to forget what is useless, next. */
  sweep: Instant
}

export function start(scope: Scope<CardMissingParams>, sweep: Instant): State {
  return {
    scope,
    expected: [],
    missing: new Map(),
    seen: new Map(),
    named: new Map(),
    fresh: [],
    certain: false,
    sweep,
  }
}

export function saveState({ expected, missing, seen, named, fresh, sweep }: State): Json {
  return {
    expected: expected.map((e) => [e.key, e.also ?? null, e.anonymous, e.ts, e.due, e.gate, saveRef(e.evidence)]),
    missing: [...missing].map(([key, m]) => [
      key,
      m.also ?? null,
      m.anonymous,
      [...m.passages],
      m.raised,
      saveStatement(m.statement),
    ]),
    seen: [...seen],
    named: [...named],
    fresh: fresh.map(({ id, ts }) => [id, ts]),
    sweep,
  }
}

interface Saved {
  readonly expected: readonly (readonly [string, string | null, boolean, Instant, Instant, string, Json])[]
  readonly missing: readonly (readonly [string, string | null, boolean, Instant[], Instant, Json])[]
  readonly seen: readonly (readonly [string, Instant])[]
  readonly named: readonly (readonly [string, Instant])[]
  readonly fresh: readonly (readonly [string, Instant])[]
  readonly sweep: Instant
}

export function loadState(json: Json, scope: Scope<CardMissingParams>): State {
  const saved = json as unknown as Saved
  const state = start(scope, saved.sweep)
  for (const [key, also, anonymous, ts, due, gate, evidence] of saved.expected) {
    const ref = loadRef(evidence, scope.site)!
    state.expected.push({ key, also: also ?? undefined, anonymous, ts, due, gate, evidence: ref })
  }
  for (const [key, also, anonymous, passages, raised, statement] of saved.missing) {
    const loaded = { anonymous, also: also ?? undefined, passages: [...passages], raised }
    state.missing.set(key, { ...loaded, statement: loadStatement(statement) })
  }
  for (const [key, ts] of saved.seen) state.seen.set(key, ts)
  for (const [key, ts] of saved.named) state.named.set(key, ts)
  state.fresh = saved.fresh.map(([id, ts]) => ({ id, ts }))
  return state
}
