/** `not-evacuated`: people are still, or again, where gas has cut the power (断电后人员未撤离). */
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import { within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { isCut, isRestored } from '../cut-level.ts'
import { note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { letGo } from '../unwatched.ts'
import { type NotEvacuatedParams, Params } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { type Spot, type SpotChange, type State, start } from './state.ts'
import { evidenceOf, wording } from './wording.ts'

const gases = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => kind.startsWith('gas.'))

export const notEvacuated: Rule<NotEvacuatedParams, State> = {
  name: 'not-evacuated',
  title: { zh: '断电后人员未撤离', en: 'Not evacuated after a gas cut' },
  key: 'area',
  watches: gases,
  reads: ['limit'],
  matches: 'areas',
  partition: 'site',
  outlives: ['match'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'critical' },
  params: Params,

  begin(scope) {
    const state = start(scope)
    for (const spot of state.spots) for (const { id } of scope.crew.inside(spot.area)) spot.inside.add(id)
    return state
  },

  reading(state, reading, out) {
    const { value, quality, ts, point } = reading
    const gas = state.gases.get(point.id)
    if (!gas || quality === 'bad' || typeof value !== 'number') return
    const before = gas.held.size > 0
    if (!before && value > gas.from && value < gas.to) return
    for (const cut of gas.cuts) {
      if (isCut(cut, value)) gas.held.add(cut)
      // Only a good value says that the gas is gone.
      else if (quality === 'good' && isRestored(cut, value)) gas.held.delete(cut)
    }
    const on = gas.held.size > 0
    // What brought it down is not what cut the power.
    if (on) gas.last = entryRef(reading)
    if (on === before) return
    for (const spot of gas.spots) place(state.open, { ts, subject: point.id, spot, set: 'over', on })
    advance(state, out)
  },

  move(state, { member, from, to, ts }, out) {
    for (const [spot, { area }] of state.spots.entries()) {
      const on = within(to, area)
      if (on !== within(from, area)) place(state.open, { ts, subject: member.id, spot, set: 'inside', on })
    }
    if (state.open.length > 0) advance(state, out)
  },

  wake: advance,

  redeclared(state, out) {
    letGo(state.unwatched, out)
    const at = out.settled
    for (const spot of state.spots) {
      if (spot.over.size > 0 && spot.since === 0) {
        spot.since = at
        spot.due = at + state.scope.params.within
      }
      judge(state, spot, { at: Math.max(at, spot.judged), out })
    }
    advance(state, out)
  },

  save: saveState,
  load: loadState,
}

/** Folds changes and the ends of the time to leave in the order of event time, as far as the site's news is complete. */
function advance(state: State, out: Out): void {
  const { open, spots } = state
  for (;;) {
    const at = spots.reduce((next, { due }) => Math.min(next, due), open[0]?.ts ?? Number.POSITIVE_INFINITY)
    if (at > out.settled) {
      if (Number.isFinite(at)) out.wakeAt(Math.max(at, out.now + 1))
      return
    }
    const touched = new Set<Spot>()
    if (open[0]?.ts === at) for (const change of takeInstant(open)) touched.add(apply(state, change))
    for (const spot of spots) {
      if (spot.due > at) continue
      spot.due = Number.POSITIVE_INFINITY
      touched.add(spot)
    }
    for (const spot of touched) judge(state, spot, { at: Math.max(at, spot.judged), out })
  }
}

function apply({ spots, scope }: State, { spot: index, set, subject, on, ts }: SpotChange): Spot {
  const spot = spots[index]!
  const cut = spot.over.size > 0
  if (on) spot[set].add(subject)
  else spot[set].delete(subject)
  if (spot.inside.size === 0) spot.ended = undefined
  if (!cut && spot.over.size > 0) {
    const { within: most } = scope.params
    // Gas that comes and goes gives nobody more time to leave.
    if (spot.ended === undefined || ts - spot.ended >= most) spot.since = ts
    spot.ended = undefined
    const due = spot.since + most
    spot.due = due > ts ? due : Number.POSITIVE_INFINITY
  } else if (spot.over.size === 0) {
    spot.due = Number.POSITIVE_INFINITY
    if (cut && spot.inside.size > 0) spot.ended = ts
  }
  return spot
}

function judge(state: State, spot: Spot, { at, out }: { at: Instant; out: Out }): void {
  const { instance, params } = state.scope
  spot.judged = at
  const active = spot.over.size > 0 && spot.inside.size > 0 && at >= spot.since + params.within
  if (!note(spot.statement, { active, at, clearAfter: instance.clearAfter })) return
  out.condition({
    key: spot.area.id,
    truth: active ? 'active' : 'inactive',
    at,
    value: spot.inside.size,
    limit: 0,
    text: wording(state, spot),
    evidence: active ? evidenceOf(state, spot) : [],
  })
}
