/** Snapshots of `cut-failed`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import type { CutLevel } from '../cut-level.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement, silence } from '../statement.ts'
import { noteUnwatched } from '../unwatched.ts'
import type { CutFailedParams } from './params.ts'
import { type SpotChange, type State, start } from './state.ts'

interface Saved {
  readonly spots: readonly (readonly [string, string[], string[], Instant, Instant, Json])[]
  /** `held` under the level's item and side: another configuration may have other levels. */
  readonly gases: readonly (readonly [string, string[], Json])[]
  readonly feeders: readonly (readonly [string, boolean, Instant | null, Json])[]
  readonly open: readonly (readonly [Instant, string, string, SpotChange['set'], boolean])[]
}

const levelName = ({ item, side }: CutLevel) => `${side} ${item}`

export function saveState({ spots, gases, feeders, open }: State): Json {
  return {
    spots: spots.map((s) => [s.area.id, [...s.over], [...s.live], s.since, s.judged, saveStatement(s.statement)]),
    // One that is back is still spoken of while that waits for the site's news.
    gases: gases
      .filter(({ last }) => last)
      .map((g) => [g.point.id, g.cuts.filter((_, i) => g.held[i]).map(levelName), saveRef(g.last)]),
    feeders: feeders
      .filter(({ last }) => last)
      .map((f) => [f.point.id, f.off, Number.isFinite(f.heard) ? f.heard : null, saveRef(f.last)]),
    open: open.map((c) => [c.ts, c.subject, spots[c.spot]!.area.id, c.set, c.on]),
  }
}

export function loadState(json: Json, scope: Scope<CutFailedParams>): State {
  const saved = json as unknown as Saved
  const state = start(scope)
  const order = new Map(state.spots.map(({ area }, i) => [area.id, i]))
  const gases = new Map(state.gases.map((gas) => [gas.point.id, gas]))
  for (const [id, levels, last] of saved.gases) {
    const gas = gases.get(id)
    if (!gas) continue
    gas.last = loadRef(last, scope.site)
    gas.over = levels.length > 0
    if (!gas.over) continue
    gas.held = gas.cuts.map((cut) => levels.includes(levelName(cut)))
    // A level that is gone was reached all the same: the next good value says whether the others are.
    if (!gas.held.includes(true)) gas.held[0] = true
  }
  const feeders = new Map(state.feeders.map((feeder) => [feeder.point.id, feeder]))
  for (const [id, off, heard, last] of saved.feeders) {
    const feeder = feeders.get(id)
    if (!feeder) continue
    Object.assign(feeder, { off, heard: heard ?? Number.NEGATIVE_INFINITY, last: loadRef(last, scope.site) })
  }
  const known = new Set([...saved.spots.flatMap(([, , live]) => live), ...saved.feeders.map(([id]) => id)])
  for (const [id, over, live, since, judged, statement] of saved.spots) {
    const index = order.get(id)
    const spot = state.spots[index ?? -1]
    if (!spot) {
      noteUnwatched(state.unwatched, { area: scope.site.areas.get(id), statement })
      continue
    }
    // Gas that answers for another area now, or has no level any more, never says here that it is gone.
    spot.over = new Set(over.filter((point) => gases.get(point)?.spot === index))
    // A feeder declared since then is as unknown as one that was never heard.
    spot.live = new Set([...spot.live].filter((point) => live.includes(point) || !known.has(point)))
    spot.since = since
    spot.judged = judged
    spot.statement = loadStatement(statement)
    if (over.length > 0 && spot.over.size === 0 && spot.statement.active) {
      // That its gas is gone is not for this rule to say.
      state.unwatched.push(spot.area)
      spot.statement = silence()
    }
  }
  for (const [id, over, , since] of saved.spots) {
    for (const point of over) {
      const gas = gases.get(point)
      const spot = gas && state.spots[gas.spot]!
      if (!spot || spot.over.has(point) || spot.area.id === id) continue
      // Gas that goes on in front of other feeders: their time of grace has begun.
      if (spot.over.size === 0) spot.since = since
      spot.over.add(point)
    }
  }
  for (const [ts, subject, id, set, on] of saved.open) {
    const spot = order.get(id)
    if (set === 'over' && gases.get(subject)?.spot !== spot) continue
    if (spot !== undefined) state.open.push({ ts, subject, spot, set, on })
  }
  return state
}
