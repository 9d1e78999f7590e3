/** `unmonitored`: work goes on in an area while a camera or a gas point of it is missing (无监控即违规). */
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import type { Out, Rule } from '../../model/rule.ts'
import { within } from '../../model/site.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import { note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { letGo } from '../unwatched.ts'
import { Params, type UnmonitoredParams } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { type Device, type Signal, type Spot, type SpotChange, type State, start } from './state.ts'
import { evidenceOf, wording } from './wording.ts'

const gases = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => kind.startsWith('gas.'))

export const unmonitored: Rule<UnmonitoredParams, State> = {
  name: 'unmonitored',
  title: { zh: '无监控作业', en: 'Unmonitored work' },
  key: 'area',
  watches: [...gases, 'device.state', 'weld.current', 'belt.rate', 'power.active'],
  matches: 'areas',
  partition: 'site',
  hindsight: 'remembered',
  outlives: ['match'],
  defaults: { raiseAfter: 60_000, clearAfter: 0, severity: 'major' },
  params: Params,
  edges: ({ arc, idle, belt }) => [arc, idle, belt],

  begin(scope, out) {
    const state = start(scope, Math.max(scope.began, out.now))
    for (const spot of state.spots) {
      for (const { id } of scope.crew.inside(spot.area)) spot.people.add(id)
      if (spot.people.size > 0) judge(state, spot, { at: out.now, out })
    }
    wish(state, out)
    return state
  },

  reading(state, reading, out) {
    const slot = state.slots[reading.point.index - state.base]
    if (slot === undefined) return
    if (slot.type === 'signal') signal(state, slot, { reading, out })
    else if (slot.type === 'gas') gas(state, slot, { reading, out })
    else camera(state, slot, { reading, out })
  },

  move(state, { member, from, to, ts }, out) {
    for (const [spot, { area }] of state.spots.entries()) {
      const on = within(to, area)
      if (on !== within(from, area)) place(state.open, { ts, subject: member.id, spot, set: 'people', on })
    }
    advance(state, out)
  },

  /** Looks for points that fell silent: seldom, since each was heard within its time when it was last looked at. */
  wake(state, out) {
    for (const device of state.devices) {
      if (device.missing || device.heard + device.silentAfter > out.now) continue
      lose(state, device, device.ts + device.silentAfter)
    }
    advance(state, out)
    wish(state, out)
  },

  redeclared(state, out) {
    letGo(state.unwatched, out)
    for (const spot of state.spots) judge(state, spot, { at: Math.max(out.settled, spot.judged), out })
    wish(state, out)
  },

  save: saveState,
  load: loadState,
}

function gas(state: State, device: Device, { reading, out }: { reading: Reading; out: Out }): void {
  if (reading.quality !== 'good') return
  hear(device, reading)
  device.last = reading
  if (device.missing) find(state, device, { at: reading.ts, out })
}

function camera(state: State, device: Device, { reading, out }: { reading: Reading; out: Out }): void {
  const online = reading.quality === 'good' && reading.value === 'online'
  device.last = reading
  if (online) {
    hear(device, reading)
    if (device.missing) find(state, device, { at: reading.ts, out })
  } else if (!device.missing) {
    lose(state, device, reading.ts)
    advance(state, out)
  }
}

function signal(state: State, slot: Signal, { reading, out }: { reading: Reading; out: Out }): void {
  const { value, quality } = reading
  if (typeof value !== 'number' || quality === 'bad') return
  const on = value > slot.above
  // Only a good value may end what an uncertain one may begin.
  if (on === slot.on || (!on && quality !== 'good')) return
  slot.on = on
  slot.last = reading
  for (const spot of slot.spots) place(state.open, { ts: reading.ts, subject: slot.point.id, spot, set: 'signals', on })
  advance(state, out)
}

function hear(device: Device, { received, ts }: Reading): void {
  device.heard = received
  device.ts = ts
}

function find(state: State, device: Device, { at, out }: { at: Instant; out: Out }): void {
  device.missing = false
  place(state.open, { ts: at, subject: device.point.id, spot: device.spot, set: 'missing', on: false })
  advance(state, out)
  if (Number.isFinite(device.silentAfter)) out.wakeAt(device.heard + device.silentAfter)
}

function lose(state: State, device: Device, at: Instant): void {
  device.missing = true
  place(state.open, { ts: at, subject: device.point.id, spot: device.spot, set: 'missing', on: true })
}

/** Asks to look again when the first of those heard could have fallen silent; now and then in any case, for what a new configuration brings. */
function wish({ devices, open }: State, out: Out): void {
  let next = open.length > 0 ? out.now + 1 : out.now + HOUR
  for (const { missing, heard, silentAfter } of devices) if (!missing) next = Math.min(next, heard + silentAfter)
  out.wakeAt(Math.max(next, out.now + 1))
}

/** Folds changes in the order of event time, as far as the site's news is complete. */
function advance(state: State, out: Out): void {
  const { open } = state
  while (open.length > 0 && open[0]!.ts <= out.settled) {
    const at = open[0]!.ts
    const touched = new Set<Spot>()
    for (const change of takeInstant(open)) touched.add(apply(state, change))
    for (const spot of touched) judge(state, spot, { at: Math.max(at, spot.judged), out })
  }
  if (open.length > 0) out.wakeAt(out.now + 1)
}

function apply({ spots }: State, { spot: index, set, subject, on }: SpotChange): Spot {
  const spot = spots[index]!
  if (on) spot[set].add(subject)
  else spot[set].delete(subject)
  return spot
}

function judge(state: State, spot: Spot, { at, out }: { at: Instant; out: Out }): void {
  const active = spot.missing.size > 0 && (spot.people.size > 0 || spot.signals.size > 0)
  spot.judged = at
  if (!note(spot.statement, { active, at, clearAfter: state.scope.instance.clearAfter })) return
  out.condition({
    key: spot.area.id,
    truth: active ? 'active' : 'inactive',
    at,
    value: spot.missing.size,
    limit: 0,
    text: wording(state, spot),
    evidence: active ? evidenceOf(state, spot) : [],
  })
}
