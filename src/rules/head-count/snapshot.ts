/** Snapshots of `head-count`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement } from '../statement.ts'
import type { HeadCountParams } from './params.ts'
import { belongs, type HeadChange, type State, start } from './state.ts'

interface Saved {
  readonly spots: readonly (readonly [key: string, ofArea: boolean, judged: Instant, doubted: boolean, Json])[]
  readonly counters: readonly (readonly [
    point: string | null,
    heads: number | null,
    cards: number,
    differs: boolean,
    heard: Instant,
    ts: Instant,
    last: Json,
  ])[]
  readonly members: readonly (readonly [id: string, area: string, carded: boolean])[]
  readonly balance: readonly [named: string[], anonymous: number, passed: string[], settled: boolean]
  readonly bare: readonly string[]
  readonly open: readonly Json[]
}

export function saveState({ spots, members, balance, bare, open }: State): Json {
  return {
    spots: spots.map((s) => [s.key, s.area !== undefined, s.judged, s.doubted, saveStatement(s.statement)]),
    counters: spots.flatMap(({ counters }) =>
      counters.map((c) => [c.point?.id ?? null, c.heads ?? null, c.cards, c.differs, c.heard, c.ts, saveRef(c.last)]),
    ),
    members: [...members].map(([id, { area, carded }]) => [id, area.id, carded]),
    balance: [[...balance.named], balance.anonymous, [...balance.passed], balance.settled],
    bare: [...bare],
    open: open.map(saveChange),
  }
}

function saveChange(change: HeadChange): Json {
  const { type, ts, subject } = change
  switch (type) {
    case 'member':
      return [type, ts, subject, change.now ? [change.now.area.id, change.now.carded] : null]
    case 'passage':
      return [type, ts, subject, change.direction, change.id ?? null, saveRef(change.evidence)]
    case 'count':
      return [type, ts, subject, change.heads ?? null, change.doubtful, change.received, saveRef(change.evidence)]
  }
}

export function loadState(json: Json, scope: Scope<HeadCountParams>): State {
  const saved = json as unknown as Saved
  const { areas } = scope.site
  const asOf = saved.counters.reduce((latest, [, , , , heard]) => Math.max(latest, heard), scope.began)
  const state = start(scope, asOf)
  for (const [key, ofArea, judged, doubted, statement] of saved.spots) {
    const spot = state.spots.find((s) => s.key === key && (s.area !== undefined) === ofArea)
    if (spot) Object.assign(spot, { judged, doubted, statement: loadStatement(statement) })
  }
  const counters = new Map(state.spots.flatMap((s) => s.counters).map((c) => [c.point?.id ?? null, c]))
  for (const [point, heads, cards, differs, heard, ts, last] of saved.counters) {
    const counter = counters.get(point)
    const kept = { heads: heads ?? undefined, cards, differs, heard, ts, last: loadRef(last, scope.site) }
    if (counter) Object.assign(counter, kept)
  }
  for (const [id, areaId, carded] of saved.members) {
    const area = areas.get(areaId)
    if (!area) continue
    state.members.set(id, { area, carded })
    for (const spot of state.spots) if (carded && belongs(spot, area, scope.site)) spot.cards.add(id)
  }
  const [named, anonymous, passed, settled] = saved.balance
  for (const id of named) state.balance.named.add(id)
  for (const id of passed) state.balance.passed.add(id)
  Object.assign(state.balance, { anonymous, settled })
  for (const id of saved.bare) state.bare.add(id)
  for (const change of saved.open) state.open.push(loadChange(change as unknown as SavedChange, scope))
  return state
}

type SavedChange =
  | readonly ['member', Instant, string, readonly [area: string, carded: boolean] | null]
  | readonly ['passage', Instant, string, 'in' | 'out', string | null, Json]
  | readonly ['count', Instant, string, number | null, boolean, Instant, Json]

function loadChange(saved: SavedChange, { site }: Scope<HeadCountParams>): HeadChange {
  const [type, ts, subject] = saved
  switch (type) {
    case 'member': {
      const area = saved[3] ? site.areas.get(saved[3][0]) : undefined
      return { type, ts, subject, now: area && { area, carded: saved[3]![1] } }
    }
    case 'passage':
      return {
        type,
        ts,
        subject,
        direction: saved[3],
        id: saved[4] ?? undefined,
        evidence: loadRef(saved[5], site)!,
      }
    case 'count':
      return {
        type,
        ts,
        subject,
        heads: saved[3] ?? undefined,
        doubtful: saved[4],
        received: saved[5],
        evidence: loadRef(saved[6], site)!,
      }
  }
}
