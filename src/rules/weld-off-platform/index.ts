/** `weld-off-platform`: a machine welds without an unlocked session (不入平台作业); while locked, it may have been modified (疑似改装焊机). */
import type { Reading, WeldStep } from '../../model/reading.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { burningNow, hearArc, takeStep } from '../welding.ts'
import { Params, type WeldParams } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { type Machine, type State, start, type WeldChange } from './state.ts'
import { wording } from './wording.ts'

export const weldOffPlatform: Rule<WeldParams, State> = {
  name: 'weld-off-platform',
  title: { zh: '不入平台焊接', en: 'Welding off the platform' },
  key: 'machine',
  watches: ['weld.current'],
  hears: ['weld.session'],
  matches: 'points',
  partition: 'site',
  outlives: ['match'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,
  edges: ({ arc }) => [arc],

  begin(scope, out) {
    const state = start(scope)
    look(state, out)
    return state
  },

  reading(state, reading, out) {
    const machine = state.slots[reading.point.index - state.base]
    if (!machine) return
    if (reading.point.kind === 'weld.session') session(state, machine, { reading, out })
    else current(state, machine, { reading, out })
  },

  wake: (state, out) => advance(state, out),
  redeclared: look,

  save: saveState,
  load: loadState,
}

/** Finds arcs that burn at machines that the item has only now. */
function look(state: State, out: Out): void {
  const { scope } = state
  for (const machine of state.machines.values()) {
    if (machine.heard.size > 0) continue
    for (const ref of burningNow(scope, { machine, arc: scope.params.arc })) {
      const change = { ts: out.now, subject: ref.point.id, machine, type: 'arc', on: true, ref } as const
      place(state.open, change)
    }
  }
  if (state.open.length > 0) out.wakeAt(out.now + 1)
}

interface Heard {
  readonly reading: Reading
  readonly out: Out
}

function session(state: State, machine: Machine, { reading, out }: Heard): void {
  if (reading.quality === 'bad' || reading.value === null) return
  const { event } = reading.value as WeldStep
  // What is doubtful may close a session but not open one.
  if (reading.quality !== 'good' && event !== 'lock') return
  const { ts, point } = reading
  add(state, { ts, subject: point.id, machine, type: 'session', event, ref: entryRef(reading) }, out)
}

function current(state: State, machine: Machine, { reading, out }: Heard): void {
  const on = hearArc(reading, { heard: machine.heard, arc: state.scope.params.arc })
  if (on === undefined) return
  const { ts, point } = reading
  add(state, { ts, subject: point.id, machine, type: 'arc', on, ref: entryRef(reading) }, out)
}

function add(state: State, change: WeldChange, out: Out): void {
  place(state.open, change)
  advance(state, out)
}

/** Folds changes in the order of event time. What could raise waits for `grace`: the session's news may be on its way. */
function advance(state: State, out: Out): void {
  const { open } = state
  const { grace } = state.scope.params
  for (let first = open[0]; first; first = open[0]) {
    const { ts } = first
    const due = couldRaise(open, ts) ? ts + grace : ts
    if (due > out.settled) {
      out.wakeAt(Math.max(due, out.now + 1))
      return
    }
    const touched = new Set<Machine>()
    for (const change of takeInstant(open)) touched.add(apply(change))
    for (const machine of touched) judge(state, machine, { at: Math.max(ts, machine.judged), out })
  }
}

/** Whether one of the machines that change at that instant, all of it taken, may weld without a session. */
function couldRaise(open: readonly WeldChange[], ts: Instant): boolean {
  const touched = new Map<Machine, WeldChange[]>()
  for (const change of open) {
    if (change.ts !== ts) break
    const known = touched.get(change.machine)
    if (known) known.push(change)
    else touched.set(change.machine, [change])
  }
  for (const [machine, changes] of touched) {
    if (machine.statement.active) continue
    const then = { ...machine, session: { ...machine.session }, burning: new Map(machine.burning) }
    for (const change of changes) apply({ ...change, machine: then })
    if (exposed(then)) return true
  }
  return false
}

/** It welds, and no session is unlocked. */
function exposed({ burning, session }: Machine): boolean {
  return burning.size > 0 && session.lock !== 'unlocked'
}

function apply(change: WeldChange): Machine {
  const { machine, ref, ts } = change
  if (change.type === 'session') takeStep(machine.session, { ts, step: { event: change.event }, ref, good: true })
  else if (change.on === true) machine.burning.set(ref.point.id, ref)
  else if (change.on === false || !machine.statement.active) machine.burning.delete(ref.point.id)
  return machine
}

function judge(state: State, machine: Machine, { at, out }: { at: Instant; out: Out }): void {
  const active = exposed(machine) && !excused(state, machine, at)
  machine.judged = at
  const { instance, params } = state.scope
  if (!note(machine.statement, { active, at, clearAfter: instance.clearAfter })) return
  const arcs = [...machine.burning.values()]
  const amperes = arcs.length > 0 ? Math.max(...arcs.map(({ value }) => value as number)) : undefined
  out.condition({
    key: machine.id,
    truth: active ? 'active' : 'inactive',
    at,
    ...(amperes !== undefined && { value: amperes }),
    limit: params.arc,
    text: wording(machine, { active, amperes, unit: state.scope.site.points.get(arcs[0]?.point.id ?? '')?.unit }),
    evidence: active ? [...arcs, ...(machine.session.step ? [machine.session.step] : [])] : [],
  })
}

/** Clocks and ways of the two differ by seconds: an unlock just after the arc began, an arc that died just after the lock. */
function excused({ open, scope }: State, machine: Machine, at: Instant): boolean {
  // What stands already is for the unlock, or the arc's end, itself to end.
  if (machine.statement.active) return false
  const { grace } = scope.params
  const { lock, lockedAt } = machine.session
  const locked = lock === 'locked' && at <= lockedAt + grace
  return open.some(
    (change) =>
      change.machine === machine &&
      (change.type === 'session'
        ? change.event === 'unlock' && change.ts <= at + grace
        : locked && change.on === false && change.ts <= lockedAt + grace),
  )
}
