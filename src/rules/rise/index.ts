/** `rise`: a value that has risen by so much within so short a time (突升), against the lowest good value of that time. */
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import { POINT_KINDS, type Point, type PointKind } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import type { Duration, Instant } from '../../model/time.ts'
import { loadRef, refOf, saveRef } from '../evidence.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'
import { Params, type RiseParams } from './params.ts'
import { createWindow, lowest, push, type Window } from './window.ts'
import { doubtText, overText, riseText } from './wording.ts'

interface State {
  readonly point: Point
  readonly params: RiseParams
  /** Never above `by`, or every value would both raise and clear. */
  readonly clear: number
  readonly clearAfter: Duration
  readonly window: Window
  /** The hysteresis: risen, and not yet back below `clear`. */
  held: boolean
  statement: Statement
}

const numeric = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => POINT_KINDS[kind].shape === 'number')

export const rise: Rule<RiseParams, State> = {
  name: 'rise',
  title: { zh: '突升', en: 'Rapid rise' },
  key: 'point',
  watches: numeric,
  matches: 'points',
  partition: 'point',
  hindsight: 'alone',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin: (scope) => start(scope),

  reading(state, reading, out) {
    const { value, quality, ts } = reading
    if (typeof value !== 'number' || quality === 'bad') {
      if (!calm(state.statement)) doubt(state, reading, out)
      return
    }
    const low = lowest(state.window, ts)
    const increase = low === undefined ? Number.NaN : Math.max(0, value - (low.value as number))
    // A doubtful value is held against good ones and never becomes what others are held against.
    if (quality === 'good') push(state.window, reading)
    if (reaches(increase, state.params.by)) state.held = true
    else if (!state.held && calm(state.statement)) return
    else if (low === undefined) return doubt(state, reading, out)
    else if (!state.held || !reaches(increase, state.clear)) {
      if (quality !== 'good') return
      state.held = false
    }
    judge(state, { reading, low: low!, increase, out })
  },

  save: ({ window, held, statement }) => [
    window.lows.slice(window.head).map((low, i) => [saveRef(low), window.until[window.head + i]!]),
    held,
    saveStatement(statement),
  ],

  load(saved, scope) {
    const [lows, held, statement] = saved as unknown as readonly [readonly [Json, Instant][], boolean, Json]
    const state = start(scope)
    for (const [ref, until] of lows) {
      state.window.lows.push(loadRef(ref, scope.site)!)
      state.window.until.push(until)
    }
    state.held = held
    state.statement = loadStatement(statement)
    return state
  },
}

/** Binary fractions: 0.3 less 0.1 reaches 0.2. */
function reaches(increase: number, bound: number): boolean {
  return increase >= bound * (1 - 1e-9)
}

function start({ point, params, instance }: Scope<RiseParams>): State {
  return {
    point: point!,
    params,
    clear: Math.min(params.clear ?? params.by, params.by),
    clearAfter: instance.clearAfter,
    window: createWindow(params.window),
    held: false,
    statement: silence(),
  }
}

interface Found {
  readonly reading: Reading
  readonly low: EntryRef
  readonly increase: number
  readonly out: Out
}

function judge(state: State, { reading, low, increase, out }: Found): void {
  const { held: active, point, params, statement, clearAfter } = state
  if (!note(statement, { active, at: reading.ts, clearAfter })) return
  const rounded = Number(increase.toPrecision(9))
  const found = { point, params, value: reading.value as number, low, increase: rounded }
  out.condition({
    key: point.id,
    truth: active ? 'active' : 'inactive',
    at: reading.ts,
    value: rounded,
    limit: params.by,
    text: active ? riseText(found, reaches(increase, params.by)) : overText(found),
    evidence: [refOf(low), entryRef(reading)],
  })
}

/** What cannot be compared neither raises nor clears: what was so is no longer known, and a clear delay begins anew. */
function doubt(state: State, reading: Reading, out: Out): void {
  state.statement.active = true
  out.condition({
    key: state.point.id,
    truth: 'unknown',
    at: reading.ts,
    text: doubtText(state.point, state.params),
    evidence: [entryRef(reading)],
  })
}
