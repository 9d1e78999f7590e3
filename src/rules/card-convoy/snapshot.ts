/** Snapshots of `card-convoy`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, saveRef } from '../evidence.ts'
import type { CardConvoyParams } from './params.ts'
import { addPair, type State, start } from './state.ts'

interface Saved {
  readonly tracks: readonly (readonly [
    card: string,
    reader: string,
    before: string | null,
    since: Instant,
    last: Instant,
    n: number,
    passes: readonly Json[],
  ])[]
  readonly recent: readonly (readonly [reader: string, passes: readonly (readonly [string, number, Instant])[]])[]
  readonly pairs: readonly (readonly [string, string, number, number, number, boolean])[]
  readonly open: readonly (readonly [Instant, string, string | null, Json])[]
  readonly checks: readonly (readonly [Instant, string, number, Json])[]
  readonly sweep: Instant
}

export function saveState({ tracks, recent, pairs, open, checks, sweep }: State): Json {
  return {
    // The reader and the time of a pass are those of its evidence.
    tracks: [...tracks].map(([card, t]) => [
      card,
      t.reader,
      t.before ?? null,
      t.since,
      t.last,
      t.n,
      t.passes.map((p) => saveRef(p.evidence)),
    ]),
    recent: [...recent].map(([reader, passes]) => [reader, passes.map(({ card, n, ts }) => [card, n, ts])]),
    pairs: [...pairs.values()].map((p) => [p.a, p.b, p.na, p.nb, p.length, p.raised]),
    open: open.map((s) => [s.ts, s.subject, s.reader ?? null, saveRef(s.evidence)]),
    checks: checks.map((c) => [c.ts, c.subject, c.n, saveRef(c.evidence)]),
    sweep,
  }
}

export function loadState(json: Json, scope: Scope<CardConvoyParams>): State {
  const saved = json as unknown as Saved
  const state = start(scope, saved.sweep)
  const { site } = scope
  for (const [card, reader, before, since, last, n, passes] of saved.tracks) {
    const kept = passes.map((pass, i) => {
      const evidence = loadRef(pass, site)!
      return { n: n - passes.length + 1 + i, reader: evidence.point.id, ts: evidence.ts, evidence }
    })
    state.tracks.set(card, { reader, before: before ?? undefined, since, last, n, passes: kept })
  }
  for (const [reader, passes] of saved.recent) {
    state.recent.set(
      reader,
      passes.map(([card, n, ts]) => ({ card, n, ts })),
    )
  }
  for (const [a, b, na, nb, length, raised] of saved.pairs) addPair(state, { a, b, na, nb, length, raised })
  for (const [ts, subject, reader, evidence] of saved.open) {
    state.open.push({ ts, subject, reader: reader ?? undefined, evidence: loadRef(evidence, site)! })
  }
  for (const [ts, subject, n, evidence] of saved.checks) {
    state.checks.push({ ts, subject, n, evidence: loadRef(evidence, site)! })
  }
  return state
}
