/** `idle-power`: a meter of a site that is suspended, closed or under maintenance draws more than ventilation and drainage need (停产期间异常用电). */
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Point } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import type { Out, Rule, Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, refOf, saveRef } from '../evidence.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'
import { type Floor, floorOf } from './floor.ts'
import { beginLearning, type Learning, learn, loadLearning, saveLearning } from './learning.ts'
import { type IdlePowerParams, Params } from './params.ts'
import { overText, workText } from './wording.ts'

type Heard = EntryRef & Pick<Reading, 'received'>

interface State {
  readonly scope: Scope<IdlePowerParams>
  readonly point: Point
  learning: Learning
  /** What may be drawn; absent while nothing is declared or learnt. */
  floor: Floor | undefined
  /** The reading that first was over the floor, while power is on. */
  first: Heard | undefined
  /** The highest since. */
  peak: EntryRef | undefined
  /** The good reading that first was back at the floor, if the last one was. */
  pause: Heard | undefined
  /** Power has been on for the item's delay. */
  raised: boolean
  statement: Statement
}

export const idlePower: Rule<IdlePowerParams, State> = {
  name: 'idle-power',
  title: { zh: '停产期间异常用电', en: 'Power without production' },
  key: 'point',
  watches: ['power.active'],
  matches: 'points',
  partition: 'point',
  hindsight: 'alone',
  outlives: ['match'],
  defaults: { raiseAfter: 600_000, clearAfter: 0, severity: 'major' },
  params: Params,

  begin: (scope) => start(scope, beginLearning(scope.site.status)),

  reading(state, reading, out) {
    const { status } = state.scope.site
    if (status === 'producing') {
      produce(state, reading, out)
      return
    }
    const { value, quality, ts } = reading
    if (typeof value !== 'number' || quality === 'bad') return
    if (quality === 'good') study(state, ts, value)
    const { floor } = state
    if (!floor) return
    if (value > floor.power) work(state, reading, out)
    else if (quality === 'good') rest(state, reading, out)
  },

  wake(state, out) {
    const { first, pause } = state
    if (!first) return
    if (pause) {
      const { pause: longest } = state.scope.params
      // What came before the pause was over may still be on its way.
      if (out.now >= pause.received + longest && out.settled >= pause.ts + longest) finish(state, out)
    } else if (!state.raised && out.now >= first.received + state.scope.instance.raiseAfter) {
      const due = first.ts + state.scope.instance.raiseAfter
      if (out.settled >= due) tell(state, { at: due, evidence: [], out })
    }
    wish(state, out)
  },

  save: ({ learning, first, peak, pause, raised, statement }) => [
    saveLearning(learning),
    [saveRef(first), first?.received ?? 0],
    saveRef(peak),
    [saveRef(pause), pause?.received ?? 0],
    raised,
    saveStatement(statement),
  ],

  load(saved, scope) {
    const [learning, first, peak, pause, raised, statement] = saved as unknown as Saved
    const state = start(scope, loadLearning(learning))
    state.first = loadHeard(first, scope)
    state.peak = loadRef(peak, scope.site)
    state.pause = loadHeard(pause, scope)
    state.raised = raised
    state.statement = loadStatement(statement)
    return state
  },
}

type Saved = readonly [Json, readonly [Json, Instant], Json, readonly [Json, Instant], boolean, Json]

function loadHeard([ref, received]: readonly [Json, Instant], { site }: Scope<IdlePowerParams>): Heard | undefined {
  const found = loadRef(ref, site)
  return found && { ...found, received }
}

function start(scope: Scope<IdlePowerParams>, learning: Learning): State {
  const point = scope.point!
  const floor = floorOf(point, { params: scope.params, learning })
  const nothing = { first: undefined, peak: undefined, pause: undefined, raised: false, statement: silence() }
  return { scope, point, learning, floor, ...nothing }
}

/** Production explains any power; what was only half learnt before it is not gone on with. */
function produce(state: State, reading: Reading, out: Out): void {
  const { learning, statement } = state
  if (learning.usual === undefined && learning.since !== undefined) state.learning = beginLearning(learning.status)
  state.first = undefined
  state.pause = undefined
  state.raised = false
  if (reading.quality !== 'good' || calm(statement)) return
  over(state, { at: reading.ts, evidence: reading, out })
}

function study(state: State, ts: Instant, value: number): void {
  const { scope, point } = state
  const { status } = scope.site
  // Each idle status has its own load: a closed mine does not pump as one under maintenance does.
  if (state.learning.status !== status) {
    state.learning = beginLearning(status)
    state.floor = floorOf(point, { params: scope.params, learning: state.learning })
  }
  if (state.learning.usual !== undefined || state.floor?.origin === 'declared') return
  learn(state.learning, { ts, value }, scope.params)
  if (state.learning.usual !== undefined) {
    state.floor = floorOf(point, { params: scope.params, learning: state.learning })
  }
}

function work(state: State, reading: Reading, out: Out): void {
  const { instance, params } = state.scope
  const { raiseAfter } = instance
  if (state.pause && reading.ts - state.pause.ts >= params.pause) finish(state, out)
  state.pause = undefined
  if (!state.first) {
    state.first = reading
    state.peak = reading
    if (raiseAfter > 0) out.wakeAt(reading.received + raiseAfter)
  } else if ((reading.value as number) > (state.peak!.value as number)) {
    state.peak = reading
  }
  if (reading.ts >= state.first.ts + raiseAfter) tell(state, { at: reading.ts, evidence: [reading], out })
}

/** Says that power is on. The first time, first since when: the delay is the rule's own, since a pause must not begin it anew. */
function tell(state: State, { at, evidence, out }: { at: Instant; evidence: readonly EntryRef[]; out: Out }): void {
  const { scope, point, statement } = state
  const first = state.first!
  const peak = state.peak!
  const floor = state.floor!
  const shown = [first, peak, ...evidence].filter((ref, i, all) => all.findIndex((one) => one.ts === ref.ts) === i)
  const words = {
    key: point.id,
    truth: 'active' as const,
    value: peak.value as number,
    limit: floor.power,
    text: workText({ scope, floor, peak: peak.value as number, since: first.ts, at }),
    evidence: shown.map(refOf),
  }
  if (!state.raised) out.condition({ ...words, at: first.ts })
  state.raised = true
  note(statement, { active: true, at, clearAfter: scope.instance.clearAfter })
  out.condition({ ...words, at })
}

function rest(state: State, reading: Reading, out: Out): void {
  const { first, pause, statement, scope } = state
  if (!first) {
    if (!calm(statement)) over(state, { at: reading.ts, evidence: reading, out })
    return
  }
  if (!pause) {
    const due = first.ts + scope.instance.raiseAfter
    // On for all of the delay, though no tick has told so while the site's news were on their way.
    if (!state.raised && reading.ts > due) tell(state, { at: due, evidence: [], out })
    state.pause = reading
    wish(state, out)
  }
  if (reading.ts - state.pause!.ts >= scope.params.pause) finish(state, out)
}

/** The power has been off for long enough to have gone off when it did. */
function finish(state: State, out: Out): void {
  const { scope, first, pause, raised } = state
  // Told by a tick, the alarm may be younger than the reading that ends it.
  const at = Math.max(pause!.ts, first!.ts + scope.instance.raiseAfter)
  state.first = undefined
  state.pause = undefined
  state.raised = false
  if (raised) over(state, { at, evidence: pause!, out })
}

function over(state: State, { at, evidence, out }: { at: Instant; evidence: EntryRef; out: Out }): void {
  const { scope, point, floor, statement } = state
  if (!note(statement, { active: false, at, clearAfter: scope.instance.clearAfter })) return
  out.condition({
    key: point.id,
    truth: 'inactive',
    at,
    ...(typeof evidence.value === 'number' && { value: evidence.value }),
    ...(floor && { limit: floor.power }),
    text: overText({ scope, floor, value: evidence.value as number }),
    evidence: [refOf(evidence)],
  })
}

function wish({ first, pause, raised, scope }: State, out: Out): void {
  if (!first) return
  if (pause) out.wakeAt(Math.max(pause.received + scope.params.pause, out.now + 1))
  else if (!raised) out.wakeAt(Math.max(first.received + scope.instance.raiseAfter, out.now + 1))
}
