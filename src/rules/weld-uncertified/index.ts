/** `weld-uncertified`: a session by a person whose certificate is missing, of another kind, or expired (无证作业). */
import Type, { type Static } from 'typebox'
import type { EntryRef } from '../../model/entry.ts'
import type { Reading, WeldStep } from '../../model/reading.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import type { Session } from '../../model/welding.ts'
import { sameRef } from '../evidence.ts'
import { note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { machineName, machineOf, takeStep } from '../welding.ts'
import { CERTIFICATES, type Standing, standingOf } from './certificate.ts'
import { loadState, type Machine, type State, type StepChange, saveState, start } from './state.ts'

const Params = Type.Object({
  certificates: Type.Array(Type.String({ minLength: 1 }), {
    default: [...CERTIFICATES],
    minItems: 1,
    uniqueItems: true,
    description: 'Certificates that allow welding, as `certificate` of the people file names them.',
  }),
})

export const weldUncertified: Rule<Static<typeof Params>, State> = {
  name: 'weld-uncertified',
  title: { zh: '无证焊接', en: 'Welding without a certificate' },
  key: 'machine',
  watches: ['weld.session'],
  matches: 'points',
  partition: 'site',
  outlives: ['match'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin(scope, out) {
    const state = start(scope)
    for (const machine of state.machines.values()) {
      const { opened, doubted } = machine.session
      // A doubtful word stands beside what was known for certain, where that is no alarm already.
      if (doubted && (!opened || standingAt(state, machine, out.now).certified)) {
        const step = doubted.value as WeldStep
        place(state.open, { ts: out.now, subject: doubted.point.id, machine, step, good: false, ref: doubted })
      } else if (!opened) continue
      machine.judged = out.now
      out.wakeAt(out.now + 1)
    }
    return state
  },

  reading(state, reading, out) {
    if (reading.quality === 'bad' || reading.value === null) return
    const { event } = reading.value as WeldStep
    // Who has scanned lends a later unlock the name: a doubtful word is not enough for that.
    if (event === 'stop' || (event === 'scan' && reading.quality !== 'good')) return
    place(state.open, changeOf(state, reading))
    advance(state, out)
  },

  /** A certificate ends while its holder works; or a new people file says something else of him. */
  wake(state, out) {
    advance(state, out)
    for (const machine of state.machines.values()) {
      if (!machine.session.opened) continue
      const standing = standingAt(state, machine, out.settled)
      if (standing.certified !== machine.statement.active) continue
      judge(state, machine, { standing, at: Math.max(out.settled, machine.judged), out })
    }
    wish(state, out)
  },

  /** Sessions that run at machines it has only now. */
  redeclared: (_, out) => out.wakeAt(out.now + 1),

  save: saveState,
  load: loadState,
}

function changeOf({ machines }: State, reading: Reading): StepChange {
  const { ts, point, quality } = reading
  const machine = machines.get(machineOf(point))!
  const step = reading.value as WeldStep
  return { ts, subject: point.id, machine, step, good: quality === 'good', ref: entryRef(reading) }
}

/** Folds steps, and ends of certificates, in the order of event time, as far as the site's news is complete. */
function advance(state: State, out: Out): void {
  for (;;) {
    const first = state.open[0]?.ts ?? Number.POSITIVE_INFINITY
    const ends = new Map<Machine, Instant>()
    for (const machine of state.machines.values()) ends.set(machine, endOf(state, machine))
    const at = Math.min(first, ...ends.values())
    if (at > out.settled) break
    const touched = new Set<Machine>()
    for (const [machine, end] of ends) if (end === at) touched.add(machine)
    if (first === at)
      for (const change of takeInstant(state.open)) if (apply(state, change)) touched.add(change.machine)
    for (const machine of touched) {
      if (machine.session.opened) judge(state, machine, { standing: standingAt(state, machine, at), at, out })
      else close(state, machine, { at, out })
    }
  }
  wish(state, out)
}

/** Whether the step changes who works. */
function apply(state: State, { machine, step, good, ts, ref }: StepChange): boolean {
  const before = machine.session
  const after = { ...before }
  takeStep(after, { ts, step, ref, good })
  // A doubtful word may show that somebody should not weld, but not that all is well again.
  if (!good && machine.statement.active && standingAt(state, { ...machine, session: after }, ts).certified) return false
  machine.session = after
  return step.event !== 'scan'
}

/** When the certificate of who works ends, if that has not been told. */
function endOf(state: State, machine: Machine): Instant {
  if (!machine.session.opened || machine.statement.active) return Number.POSITIVE_INFINITY
  const standing = standingAt(state, machine, machine.judged)
  return standing.certified ? standing.until : Number.POSITIVE_INFINITY
}

function standingAt({ scope }: State, { session: { person } }: Machine, at: Instant): Standing {
  return standingOf(person, { site: scope.site, certificates: scope.params.certificates, at })
}

function close({ scope }: State, machine: Machine, { at, out }: { at: Instant; out: Out }): void {
  machine.judged = Math.max(at, machine.judged)
  if (!note(machine.statement, { active: false, at: machine.judged, clearAfter: scope.instance.clearAfter })) return
  const { zh, en } = machineName(machine.id, machine.area)
  const text = { zh: `${zh} 已锁定`, en: `${en} is locked` }
  const { step } = machine.session
  out.condition({ key: machine.id, truth: 'inactive', at: machine.judged, text, evidence: step ? [step] : [] })
}

function judge(
  { scope }: State,
  machine: Machine,
  { standing, at, out }: { standing: Standing; at: Instant; out: Out },
): void {
  machine.judged = Math.max(at, machine.judged)
  const active = !standing.certified
  if (!note(machine.statement, { active, at: machine.judged, clearAfter: scope.instance.clearAfter })) return
  const { zh, en } = machineName(machine.id, machine.area)
  const why = standing.certified ? { zh: '作业人员证书有效', en: 'who works has a valid certificate' } : standing.why
  out.condition({
    key: machine.id,
    truth: active ? 'active' : 'inactive',
    at: machine.judged,
    text: { zh: `${zh}：${why.zh}`, en: `${en}: ${why.en}` },
    evidence: evidenceOf(machine.session),
  })
}

/** Who works, and that they do. */
function evidenceOf({ named, opened }: Readonly<Session>): EntryRef[] {
  if (!opened) return []
  return named && !sameRef(named, opened) ? [named, opened] : [opened]
}

/** For steps that wait; while a session runs, when the first certificate ends, and now and then for what a new people file brings. */
function wish(state: State, out: Out): void {
  let next = state.open[0]?.ts ?? Number.POSITIVE_INFINITY
  for (const machine of state.machines.values()) {
    if (machine.session.opened) next = Math.min(next, endOf(state, machine), out.now + HOUR)
  }
  if (Number.isFinite(next)) out.wakeAt(Math.max(next, out.now + 1))
}
