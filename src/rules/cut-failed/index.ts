/** `cut-failed`: gas at the level at which power must be cut, and the power is not known to be off in time (断电失败, 馈电异常). */
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import type { Out, Rule } from '../../model/rule.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import { isCut, isRestored } from '../cut-level.ts'
import { note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { letGo } from '../unwatched.ts'
import { type CutFailedParams, Params } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { type Feeder, type Gas, type Spot, type SpotChange, type State, start } from './state.ts'
import { evidenceOf, wording } from './wording.ts'

const gases = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => kind.startsWith('gas.'))

export const cutFailed: Rule<CutFailedParams, State> = {
  name: 'cut-failed',
  title: { zh: '断电失败', en: 'Power cut failed' },
  key: 'area',
  watches: [...gases, 'feeder.energized'],
  reads: ['limit'],
  matches: 'areas',
  partition: 'site',
  hindsight: 'remembered',
  outlives: ['match'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'critical' },
  params: Params,

  begin(scope, out) {
    const state = start(scope)
    wish(state, out)
    return state
  },

  reading(state, reading, out) {
    const slot = state.slots[reading.point.index - state.base]
    if (slot === undefined || reading.quality === 'bad') return
    if (slot.type === 'gas') gas(state, slot, { reading, out })
    else feeder(state, slot, { reading, out })
  },

  /** Looks for feeders that were off and fell silent: from then on nobody knows. */
  wake(state, out) {
    for (const one of state.feeders) {
      if (!one.off || one.heard + one.silentAfter > out.now) continue
      one.off = false
      turn(state, one, { at: one.last!.ts + one.silentAfter, live: true })
    }
    advance(state, out)
    // What another configuration took away is over without a word from anybody.
    for (const spot of state.spots) if (spot.statement.active) judge(state, spot, { at: spot.judged, out })
    wish(state, out)
  },

  redeclared(state, out) {
    letGo(state.unwatched, out)
    for (const spot of state.spots) {
      const active = spot.over.size > 0 && spot.live.size > 0
      if (active !== spot.statement.active) judge(state, spot, { at: Math.max(out.settled, spot.judged), out })
    }
  },

  save: saveState,
  load: loadState,
}

function gas(state: State, slot: Gas, { reading, out }: { reading: Reading; out: Out }): void {
  const value = reading.value
  if (typeof value !== 'number' || (!slot.over && value > slot.from && value < slot.to)) return
  let over = false
  for (let i = 0; i < slot.cuts.length; i++) {
    const cut = slot.cuts[i]!
    if (isCut(cut, value)) slot.held[i] = true
    // Only a good value says that power may return.
    else if (slot.held[i] && reading.quality === 'good' && isRestored(cut, value)) slot.held[i] = false
    if (slot.held[i]) over = true
  }
  slot.over = over
  slot.last = reading
  place(state.open, { ts: reading.ts, subject: slot.point.id, spot: slot.spot, set: 'over', on: over })
  advance(state, out)
}

function feeder(state: State, slot: Feeder, { reading, out }: { reading: Reading; out: Out }): void {
  const off = reading.value === false
  // Only a good word proves that power is off; a doubtful one may say that it is on.
  if (typeof reading.value !== 'boolean' || (off && reading.quality !== 'good')) return
  const before = slot.off
  slot.off = off
  slot.heard = reading.received
  slot.last = reading
  if (off === before && !alert(state, slot)) return
  turn(state, slot, { at: reading.ts, live: !off })
  advance(state, out)
  if (off && !before && Number.isFinite(slot.silentAfter)) out.wakeAt(slot.heard + slot.silentAfter)
}

/** Whether what a feeder says again is worth telling: it is proof, or the lack of it. */
function alert({ spots }: State, { spots: indices }: Feeder): boolean {
  for (let i = 0; i < indices.length; i++) if (spots[indices[i]!]!.over.size > 0) return true
  return false
}

function turn(state: State, { point, spots }: Feeder, { at, live }: { at: Instant; live: boolean }): void {
  for (const spot of spots) place(state.open, { ts: at, subject: point.id, spot, set: 'live', on: live })
}

/** Asks to look again when the first of the feeders that are off could have fallen silent; now and then in any case, for what a new configuration brings. */
function wish({ feeders, open }: State, out: Out): void {
  let next = open.length > 0 ? out.now + 1 : out.now + HOUR
  for (const { off, heard, silentAfter } of feeders) if (off) next = Math.min(next, heard + silentAfter)
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

function apply({ spots }: State, { spot: index, set, subject, on, ts }: SpotChange): Spot {
  const spot = spots[index]!
  if (set === 'over' && on && spot.over.size === 0) spot.since = ts
  if (on) spot[set].add(subject)
  else spot[set].delete(subject)
  return spot
}

function judge(state: State, spot: Spot, { at, out }: { at: Instant; out: Out }): void {
  const { params, instance } = state.scope
  const active = spot.over.size > 0 && spot.live.size > 0
  spot.judged = at
  if (!note(spot.statement, { active, at, clearAfter: instance.clearAfter })) return
  out.condition({
    key: spot.area.id,
    truth: active ? 'active' : 'inactive',
    at,
    // Power that returns while the gas is still over has no time of grace left.
    raiseAfter: Math.max(0, spot.since + params.within - at) + instance.raiseAfter,
    ...wording(state, spot, out.now),
    evidence: active ? evidenceOf(state, spot) : [],
  })
}
