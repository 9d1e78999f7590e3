/** Snapshots of `not-evacuated`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import type { CutLevel } from '../cut-level.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement, silence } from '../statement.ts'
import { noteUnwatched } from '../unwatched.ts'
import type { NotEvacuatedParams } from './params.ts'
import { type SpotChange, type State, start } from './state.ts'

interface Saved {
  readonly spots: readonly (readonly [
    area: string,
    over: string[],
    since: Instant,
    due: Instant | null,
    inside: string[],
    judged: Instant,
    statement: Json,
    ended: Instant | null,
  ])[]
  readonly gases: readonly (readonly [point: string, held: string[], last: Json])[]
  readonly open: readonly (readonly [Instant, string, string, SpotChange['set'], boolean])[]
}

/** What outlives a change of the level's number. */
const nameOf = ({ item, side }: CutLevel) => `${item}:${side}`

export function saveState({ spots, gases, open }: State): Json {
  return {
    spots: spots.map((s) => [
      s.area.id,
      [...s.over],
      s.since,
      Number.isFinite(s.due) ? s.due : null,
      [...s.inside],
      s.judged,
      saveStatement(s.statement),
      s.ended ?? null,
    ]),
    gases: [...gases.values()]
      .filter(({ last }) => last !== undefined)
      .map(({ point, held, last }) => [point.id, [...held].map(nameOf), saveRef(last)]),
    open: open.map((c) => [c.ts, c.subject, spots[c.spot]!.area.id, c.set, c.on]),
  }
}

export function loadState(json: Json, scope: Scope<NotEvacuatedParams>): State {
  const saved = json as unknown as Saved
  const state = start(scope)
  for (const [id, held, last] of saved.gases) {
    const gas = state.gases.get(id)
    if (!gas) continue
    for (const cut of gas.cuts) if (held.includes(nameOf(cut))) gas.held.add(cut)
    // A level that is gone was reached all the same: the next good value says whether the others are.
    if (held.length > 0 && gas.held.size === 0) gas.held.add(gas.cuts[0]!)
    gas.last = loadRef(last, scope.site)
  }
  const order = new Map(state.spots.map(({ area }, i) => [area.id, i]))
  for (const [id, over, since, due, inside, judged, statement, ended] of saved.spots) {
    const index = order.get(id)
    const spot = state.spots[index ?? -1]
    if (!spot) {
      noteUnwatched(state.unwatched, { area: scope.site.areas.get(id), statement })
      continue
    }
    // Of a point that has no cut level any more, or is elsewhere, nobody will hear that its gas is gone.
    spot.over = new Set(over.filter((point) => state.gases.get(point)?.spots.includes(index!)))
    spot.since = since
    spot.ended = ended ?? undefined
    spot.due = spot.over.size > 0 && due !== null ? due : Number.POSITIVE_INFINITY
    spot.inside = new Set(inside)
    spot.judged = judged
    spot.statement = loadStatement(statement)
    if (over.length > 0 && spot.over.size === 0 && spot.statement.active) {
      // That its gas is gone is not for this rule to say.
      state.unwatched.push(spot.area)
      spot.statement = silence()
    }
  }
  const kept = new Set(saved.spots.map(([id]) => id))
  for (const [i, spot] of state.spots.entries()) {
    if (kept.has(spot.area.id)) continue
    // Who is in an area that is watched only now, and what its gas is known to be: the time to leave begins at once.
    spot.inside = new Set(scope.crew.inside(spot.area).map(({ id }) => id))
    for (const { point, held, spots } of state.gases.values())
      if (held.size > 0 && spots.includes(i)) spot.over.add(point.id)
  }
  for (const [ts, subject, id, set, on] of saved.open) {
    const spot = order.get(id)
    if (set === 'over' && !state.gases.get(subject)?.spots.includes(spot ?? -1)) continue
    if (spot !== undefined) state.open.push({ ts, subject, spot, set, on })
  }
  return state
}
