/** `weld-permit`: an arc without an open permit for that place and time (无票动火), on an old gas test, or in too much gas. */
import type { PermitCommand } from '../../model/command.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { Reading, WeldStep } from '../../model/reading.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import { DAY, type Instant } from '../../model/time.ts'
import { amended, type Permit } from '../../model/welding.ts'
import { calm, note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { burningNow, hearArc, machineName } from '../welding.ts'
import { findings } from './findings.ts'
import { GASES, Params, type PermitParams } from './params.ts'
import { endOf, isStrict } from './permits.ts'
import { loadState, saveState } from './snapshot.ts'
import { type Gas, type Machine, machineAt, type PermitChange, type State, start } from './state.ts'

export const weldPermit: Rule<PermitParams, State> = {
  name: 'weld-permit',
  title: { zh: '无票动火', en: 'Welding without a permit' },
  key: 'machine',
  watches: ['weld.current'],
  hears: ['weld.session', ...GASES],
  matches: 'points',
  partition: 'site',
  hindsight: 'remembered',
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
    const { kind } = reading.point
    if (kind === 'weld.current') current(state, { reading, out })
    else if (kind === 'weld.session') session(state, { reading, out })
    else gas(state, { reading, out })
  },

  permit(state, command, out) {
    const ts = Math.min(command.ts, out.now)
    add(state, { ts, subject: `permit ${command.permit}`, type: 'permit', command }, out)
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
      place(state.open, { ts: out.now, subject: ref.point.id, type: 'arc', machine, on: true, ref })
    }
  }
  if (state.open.length > 0) out.wakeAt(out.now + 1)
}

interface Heard {
  readonly reading: Reading
  readonly out: Out
}

function current(state: State, { reading, out }: Heard): void {
  const machine = machineAt(state, reading.point)
  const on = machine && hearArc(reading, { heard: machine.heard, arc: state.scope.params.arc })
  if (!machine || on === undefined) return
  const { ts, point } = reading
  add(state, { ts, subject: point.id, type: 'arc', machine, on, ref: entryRef(reading) }, out)
}

/** What matters of a session is the permit it names. */
function session(state: State, { reading, out }: Heard): void {
  const machine = machineAt(state, reading.point)
  if (!machine || reading.quality === 'bad' || reading.value === null) return
  const { event, permit } = reading.value as WeldStep
  // What is doubtful may take a permit away but not name one.
  if (reading.quality !== 'good' && event !== 'lock') return
  const named = event === 'lock' ? null : event === 'unlock' || event === 'start' ? permit : undefined
  if (named === undefined) return
  add(state, { ts: reading.ts, subject: reading.point.id, type: 'session', machine, named }, out)
}

function gas(state: State, { reading, out }: Heard): void {
  const found = state.gases.get(reading.point.id)
  if (!found || reading.quality === 'bad' || typeof reading.value !== 'number') return
  const change = { type: 'gas', gas: found, ref: entryRef(reading), good: reading.quality === 'good' } as const
  if (state.open.length === 0 && reading.ts <= out.settled && !burns(state.machines)) {
    // Nobody welds, nor did before it: the value is only kept.
    measure(change)
    return
  }
  add(state, { ...change, ts: reading.ts, subject: reading.point.id }, out)
}

function add(state: State, change: PermitChange, out: Out): void {
  place(state.open, change)
  advance(state, out)
}

/** Folds changes, and beginnings and ends of permits, in the order of event time. What could raise waits for `grace`. */
function advance(state: State, out: Out): void {
  const { open } = state
  const { grace } = state.scope.params
  for (;;) {
    const edge = nextEdge(state)
    const first = open[0]?.ts ?? Number.POSITIVE_INFINITY
    const at = Math.min(first, edge)
    if (at === Number.POSITIVE_INFINITY) return
    const due = edge <= first || open.some((change) => change.ts === at && asksPatience(change)) ? at + grace : at
    if (due > out.settled) {
      out.wakeAt(Math.max(due, out.now + 1))
      return
    }
    const touched = new Set<Machine>()
    if (edge <= first) for (const machine of state.machines.values()) touched.add(machine)
    if (first === at)
      for (const change of takeInstant(open)) for (const machine of apply(state, change)) touched.add(machine)
    state.folded = Math.max(state.folded, at)
    for (const machine of touched) judge(state, machine, { at: Math.max(at, machine.judged), out })
  }
}

/** An arc may be ahead of its permit, and a command may end a permit in the very instant. */
function asksPatience(change: PermitChange): boolean {
  return change.type === 'permit' || (change.type === 'arc' && change.on === true)
}

function burns(machines: State['machines']): boolean {
  for (const { burning } of machines.values()) if (burning.size > 0) return true
  return false
}

/** The next beginning or end of a permit that has not been looked at; none while nothing burns. */
function nextEdge({ permits, machines, folded, scope }: State): Instant {
  let next = Number.POSITIVE_INFINITY
  if (!burns(machines)) return next
  for (const permit of permits.values()) {
    if (permit.from > folded) next = Math.min(next, permit.from)
    const end = endOf(permit, scope.params)
    if (end > folded) next = Math.min(next, end)
  }
  return next
}

function apply(state: State, change: PermitChange): Iterable<Machine> {
  switch (change.type) {
    case 'arc':
      arc(state, change.machine, change)
      return [change.machine]
    case 'session':
      change.machine.named = change.named ?? undefined
      return [change.machine]
    case 'gas':
      measure(change)
      return change.gas.machines.filter((machine) => matters(state, machine, change.ref.value as number))
    case 'permit':
      command(state, change.command, change.ts)
      return state.machines.values()
  }
}

/** Whether a machine must be judged anew on a gas value: what was well stays so under a value that no permit forbids. */
function matters({ permits }: State, { statement, burning }: Machine, value: number): boolean {
  if (!calm(statement)) return true
  if (burning.size === 0) return false
  for (const { limit } of permits.values()) if (limit !== undefined && value > limit) return true
  return false
}

function arc(
  { permits, scope }: State,
  machine: Machine,
  change: { ts: Instant; on: boolean | 'unknown'; ref: EntryRef },
) {
  const { ts, on, ref } = change
  const burned = machine.burning.size > 0
  if (on === true) machine.burning.set(ref.point.id, ref)
  else if (on === false || !machine.statement.active) machine.burning.delete(ref.point.id)
  if (burned && machine.burning.size === 0) machine.ended = ts
  if (burned || on !== true) return
  const pause = machine.ended === undefined ? Number.POSITIVE_INFINITY : ts - machine.ended
  for (const id of machine.accepted) {
    const permit = permits.get(id)
    const { retest } = permit && isStrict(permit) ? scope.params.strict : scope.params
    if (!permit || pause > retest) machine.accepted.delete(id)
  }
}

function measure({ gas: kept, ref, good }: { gas: Gas; ref: EntryRef; good: boolean }): void {
  const before = kept.last?.value
  if (good || typeof before !== 'number' || (ref.value as number) > before) kept.last = ref
}

function command({ permits, machines, scope }: State, given: PermitCommand, ts: Instant): void {
  if (given.state === 'closed') {
    permits.delete(given.permit)
    for (const { accepted } of machines.values()) accepted.delete(given.permit)
  } else permits.set(given.permit, amended(permits.get(given.permit), given))
  // What ended is worth a word for a day.
  const past = (permit: Permit) => endOf(permit, scope.params) + DAY < ts
  for (const permit of permits.values()) if (past(permit)) permits.delete(permit.id)
}

function judge(state: State, machine: Machine, { at, out }: { at: Instant; out: Out }): void {
  const { instance } = state.scope
  machine.judged = at
  const burns = machine.burning.size > 0
  const found = burns && !dies(state, machine, at) ? findings(state, machine, at) : []
  const active = found.length > 0
  if (!note(machine.statement, { active, at, clearAfter: instance.clearAfter })) return
  const name = machineName(machine.id, machine.area)
  const over = found.find(({ value }) => value !== undefined)
  const well = burns
    ? { zh: '动火票有效，检测合格', en: 'a permit is open, and its test and gas are good' }
    : { zh: '已熄弧', en: 'the arc is out' }
  const whys = { zh: found.map(({ why }) => why.zh).join('；'), en: found.map(({ why }) => why.en).join('; ') }
  out.condition({
    key: machine.id,
    truth: active ? 'active' : 'inactive',
    at,
    ...(over?.value !== undefined && over.limit !== undefined && { value: over.value, limit: over.limit }),
    text: active
      ? { zh: `${name.zh} 正在焊接：${whys.zh}`, en: `${name.en} welds: ${whys.en}` }
      : { zh: `${name.zh} ${well.zh}`, en: `${name.en}: ${well.en}` },
    evidence: active ? [...machine.burning.values(), ...found.flatMap(({ evidence }) => evidence ?? [])] : [],
  })
}

/** The arc is known to end within the grace after a permit's end: clocks differ by seconds. */
function dies({ open, permits, scope }: State, machine: Machine, at: Instant): boolean {
  const { params } = scope
  if (machine.statement.active || ![...permits.values()].some((permit) => endOf(permit, params) === at)) return false
  return open.some((c) => c.type === 'arc' && c.machine === machine && c.on === false && c.ts <= at + params.grace)
}
