/** `silent`: no good reading of a point for its `silentAfter` (断线, 无有效数据), from the first moment on. */
import Type from 'typebox'
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import { POINT_KINDS, type Point, type PointKind } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import { durationText, type Text } from '../../model/text.ts'
import { type Duration, HOUR, type Instant } from '../../model/time.ts'
import { loadRef, refOf, saveRef } from '../evidence.ts'
import { pointName } from '../names.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'

type Heard = EntryRef & Pick<Reading, 'received'>

interface State {
  readonly point: Point
  /** The point's `silentAfter` and the item's `raiseAfter`; infinity for a point that may be silent. */
  readonly patience: Duration
  readonly clearAfter: Duration
  /** From then on, not having been heard counts. */
  began: Instant
  /** The last good reading: all that a reading in the calm costs is to be put here. */
  last: Heard | undefined
  /** The last reading that was no good. */
  spoilt: EntryRef | undefined
  /** A live good reading has nothing to do but be remembered. */
  calm: boolean
  /** `at` of the alarm. */
  raised: Instant
  statement: Statement
}

export const silent: Rule<Record<string, never>, State> = {
  name: 'silent',
  title: { zh: '无数据', en: 'Silent point' },
  key: 'point',
  watches: Object.keys(POINT_KINDS) as PointKind[],
  matches: 'points',
  partition: 'point',
  hindsight: 'never',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'minor' },
  params: Type.Object(
    {},
    {
      description:
        'None: each point has its own `silentAfter`, and `raiseAfter` adds to it. Applies to points of any kind that have one.',
    },
  ),

  begin(scope, out) {
    const state = start(scope)
    // A point that is new to a running journal has the same time to be heard as one that was there from the start.
    state.began = Math.max(scope.began, out.now)
    arm(state, out)
    return state
  },

  reading(state, reading, out) {
    if (reading.quality !== 'good') {
      state.spoilt = reading
      return
    }
    state.last = reading
    if (state.calm) return
    const { statement, raised } = state
    if (statement.active) arm(state, out)
    const at = Math.max(reading.ts, raised)
    if (note(statement, { active: false, at, clearAfter: state.clearAfter })) {
      out.condition({
        key: state.point.id,
        truth: 'inactive',
        at,
        text: heardText(state),
        evidence: [entryRef(reading)],
      })
    }
    state.calm = calm(statement)
  },

  wake(state, out) {
    if (out.now < heardAt(state) + state.patience) {
      arm(state, out)
      return
    }
    state.raised = (state.last?.ts ?? state.began) + state.patience
    state.calm = false
    note(state.statement, { active: true, at: state.raised, clearAfter: state.clearAfter })
    const { last, spoilt } = state
    out.condition({
      key: state.point.id,
      truth: 'active',
      at: state.raised,
      elapsed: true,
      text: silentText(state),
      evidence: [last, spoiltSince(state) ? spoilt : undefined].filter((r) => r !== undefined).map(refOf),
    })
  },

  /** It may have less patience now. */
  redeclared(state, out) {
    if (!state.statement.active) arm(state, out)
  },

  save: ({ began, last, spoilt, raised, statement }) => [
    began,
    last?.received ?? null,
    saveRef(last),
    saveRef(spoilt),
    raised,
    saveStatement(statement),
  ],

  load(saved, scope) {
    const [began, received, last, spoilt, raised, statement] = saved as unknown as Saved
    const state = start(scope)
    const heard = loadRef(last, scope.site)
    Object.assign(state, { began, raised, statement: loadStatement(statement) })
    state.last = heard && { ...heard, received: received! }
    state.spoilt = loadRef(spoilt, scope.site)
    state.calm = calm(state.statement)
    return state
  },
}

type Saved = readonly [
  began: Instant,
  received: Instant | null,
  last: Json,
  spoilt: Json,
  raised: Instant,
  statement: Json,
]

function start({ point, instance, began }: Scope<Record<string, never>>): State {
  const patience =
    point!.silentAfter === undefined ? Number.POSITIVE_INFINITY : point!.silentAfter + instance.raiseAfter
  return {
    point: point!,
    patience,
    clearAfter: instance.clearAfter,
    began,
    last: undefined,
    spoilt: undefined,
    calm: true,
    raised: 0,
    statement: silence(),
  }
}

/** On the arrival clock. */
function heardAt({ last, began }: State): Instant {
  return last?.received ?? began
}

/** Now and then in any case: a new configuration may ask for less patience. */
function arm(state: State, out: Out): void {
  out.wakeAt(Math.min(heardAt(state) + state.patience, out.now + HOUR))
}

function spoiltSince({ spoilt, last }: State): boolean {
  return spoilt !== undefined && (last === undefined || spoilt.ts >= last.ts)
}

function silentText(state: State): Text {
  const { point } = state
  const name = pointName(point)
  const after = durationText(point.silentAfter!)
  const spoilt = spoiltSince(state)
  if (!state.last) {
    return {
      zh: `${name.zh} 自投入以来 ${after.zh} 内无有效数据${spoilt ? '（仅有无效或存疑数据）' : ''}`,
      en: `${name.en}: no good reading within ${after.en} of the start${spoilt ? ', only bad or doubtful ones' : ''}`,
    }
  }
  return {
    zh: `${name.zh} 超过 ${after.zh} 无有效数据${spoilt ? '（仅有无效或存疑数据）' : ''}`,
    en: `${name.en}: no good reading for ${after.en}${spoilt ? ', only bad or doubtful ones' : ''}`,
  }
}

function heardText({ point }: State): Text {
  const name = pointName(point)
  return { zh: `${name.zh} 已恢复有效数据`, en: `${name.en} is heard again` }
}
