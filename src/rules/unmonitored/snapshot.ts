/** Snapshots of `unmonitored`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement } from '../statement.ts'
import { noteUnwatched } from '../unwatched.ts'
import type { UnmonitoredParams } from './params.ts'
import { type SpotChange, type State, start } from './state.ts'

interface Saved {
  readonly spots: readonly (readonly [string, string[], string[], string[], Instant, Json])[]
  readonly devices: readonly (readonly [string, boolean, Instant, Instant, Json])[]
  readonly signals: readonly (readonly [string, boolean, Json])[]
  readonly open: readonly (readonly [Instant, string, string, SpotChange['set'], boolean])[]
}

export function saveState({ spots, devices, signals, open }: State): Json {
  return {
    spots: spots.map((s) => [
      s.area.id,
      [...s.people],
      [...s.signals],
      [...s.missing],
      s.judged,
      saveStatement(s.statement),
    ]),
    devices: devices.map((d) => [d.point.id, d.missing, d.heard, d.ts, saveRef(d.last)]),
    signals: signals.map((s) => [s.point.id, s.on, saveRef(s.last)]),
    open: open.map((c) => [c.ts, c.subject, spots[c.spot]!.area.id, c.set, c.on]),
  }
}

export function loadState(json: Json, scope: Scope<UnmonitoredParams>): State {
  const saved = json as unknown as Saved
  // A point declared since then has its time to be heard from the last moment the others were.
  const asOf = saved.devices.reduce((latest, [, , heard]) => Math.max(latest, heard), scope.began)
  const state = start(scope, asOf)
  const order = new Map(state.spots.map(({ area }, i) => [area.id, i]))
  const devices = new Map(state.devices.map((device) => [device.point.id, device]))
  const lit = new Set(saved.spots.flatMap(([, , signals]) => signals))
  for (const [id, people, , , judged, statement] of saved.spots) {
    const index = order.get(id)
    const spot = state.spots[index ?? -1]
    if (!spot) {
      noteUnwatched(state.unwatched, { area: scope.site.areas.get(id), statement })
      continue
    }
    spot.people = new Set(people)
    const here = state.signals.filter(({ point, spots }) => spots.includes(index!) && lit.has(point.id))
    spot.signals = new Set(here.map(({ point }) => point.id))
    spot.judged = judged
    spot.statement = loadStatement(statement)
  }
  // A device is missing, and work shows, where it is now, wherever it was.
  const lost = new Set(saved.spots.flatMap(([, , , missing]) => missing))
  for (const [id] of saved.devices) {
    const device = devices.get(id)
    if (!device) continue
    const { missing } = state.spots[device.spot]!
    if (lost.has(id)) missing.add(id)
    else missing.delete(id)
  }
  for (const [id, missing, heard, ts, last] of saved.devices) {
    const device = devices.get(id)
    if (device) Object.assign(device, { missing, heard, ts, last: loadRef(last, scope.site) })
  }
  const signals = new Map(state.signals.map((signal) => [signal.point.id, signal]))
  for (const [id, on, last] of saved.signals) {
    const signal = signals.get(id)
    if (signal) Object.assign(signal, { on, last: loadRef(last, scope.site) })
  }
  const kept = new Set(saved.spots.map(([id]) => id))
  for (const [i, spot] of state.spots.entries()) {
    if (kept.has(spot.area.id)) continue
    // What goes on in an area that is watched only now.
    spot.people = new Set(scope.crew.inside(spot.area).map(({ id }) => id))
    spot.signals = new Set(
      state.signals.filter(({ on, spots }) => on && spots.includes(i)).map(({ point }) => point.id),
    )
  }
  for (const [ts, subject, id, set, on] of saved.open) {
    const spot = set === 'missing' ? devices.get(subject)?.spot : order.get(id)
    if (spot !== undefined) state.open.push({ ts, subject, spot, set, on })
  }
  return state
}
