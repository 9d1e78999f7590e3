/** `limit`: a value at or beyond a level (超限), each level with its own hysteresis, severity and delays. */
import Type from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { POINT_KINDS, type Point, type PointKind } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { SeveritySchema } from '../params.ts'
import type { LimitParams, Open, Watch } from './watch.ts'
import { wording } from './wording.ts'

interface State {
  readonly point: Point
  readonly watches: readonly Watch[]
  /** A value strictly between these two concerns no level while all are calm. */
  readonly from: number
  readonly to: number
  calm: boolean
}

const numeric = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => POINT_KINDS[kind].shape === 'number')

const LevelSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      pattern: '^[^:\\s]+$',
      expects: 'a word without a colon or a space',
      description:
        'Name of the level; part of the key, so it is unique within the item. `cut` is the level at which power is cut.',
    }),
    title: Type.Optional(
      Type.Object(
        { zh: Type.Optional(Type.String({ minLength: 1 })), en: Type.Optional(Type.String({ minLength: 1 })) },
        {
          additionalProperties: false,
          description: "What people read instead of the name. Default: the field's word for the usual names.",
        },
      ),
    ),
    high: Type.Optional(Type.Number({ description: "Active at or above this value, in the point's unit." })),
    low: Type.Optional(Type.Number({ description: "Active at or below this value, in the point's unit." })),
    clear: Type.Optional(
      Type.Number({ description: 'Clears below (with `low`: above) this value. Default: `high`, or `low`.' }),
    ),
    severity: Type.Optional(SeveritySchema({ description: "Default: the item's." })),
    raiseAfter: Type.Optional(DurationSchema({ description: "How long it must hold. Default: the item's." })),
    clearAfter: Type.Optional(DurationSchema({ description: "How long it must be over. Default: the item's." })),
  },
  { additionalProperties: false, oneOf: [{ required: ['high'] }, { required: ['low'] }] },
)

export const limit: Rule<LimitParams, State> = {
  name: 'limit',
  title: { zh: '超限', en: 'Limit exceeded' },
  key: 'point:level',
  watches: numeric,
  matches: 'points',
  partition: 'point',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Type.Object({
    levels: Type.Array(LevelSchema, { minItems: 1, description: 'Levels, each with exactly one of `high` and `low`.' }),
  }),

  edges: ({ levels }) =>
    levels.flatMap(({ high, low, clear }) => [high, low, clear].filter((edge) => edge !== undefined)),

  begin: (scope) => start(scope),

  reading(state, reading, out) {
    const { value } = reading
    const valid = typeof value === 'number' && reading.quality !== 'bad'
    if (state.calm && (!valid || (value > state.from && value < state.to))) return
    let calm = true
    for (const watch of state.watches) {
      if (valid) judge(watch, reading, out)
      else doubt(watch, reading, out)
      if (watch.held || watch.open !== 'none') calm = false
    }
    state.calm = calm
  },

  save: ({ watches }) =>
    watches.filter((w) => w.held || w.open !== 'none').map((w) => [w.level.name, w.held, w.open, w.ended]),

  load(saved, scope) {
    const state = start(scope)
    for (const [name, held, open, ended] of saved as unknown as [string, boolean, Open, Instant][]) {
      const watch = state.watches.find((w) => w.level.name === name)
      if (!watch) continue
      Object.assign(watch, { held, open, ended })
      state.calm = false
    }
    return state
  },
}

function start({ params, instance, point }: Scope<LimitParams>): State {
  let from = Number.NEGATIVE_INFINITY
  let to = Number.POSITIVE_INFINITY
  const watches = params.levels.map((level): Watch => {
    const { high, low } = level
    const bound = high ?? low!
    if (high !== undefined) to = Math.min(to, high)
    else from = Math.max(from, bound)
    return {
      level,
      key: `${point!.id}:${level.name}`,
      limit: bound,
      // A clear value on the wrong side of the limit would make every value both raise and clear.
      clear: high !== undefined ? Math.min(level.clear ?? bound, bound) : Math.max(level.clear ?? bound, bound),
      clearAfter: level.clearAfter ?? instance.clearAfter,
      held: false,
      open: 'none',
      ended: 0,
    }
  })
  return { point: point!, watches, from, to, calm: true }
}

function judge(watch: Watch, reading: Reading, out: Out): void {
  const value = reading.value as number
  const { high } = watch.level
  const reached = high === undefined ? value <= watch.limit : value >= watch.limit
  const cleared = high === undefined ? value > watch.clear : value < watch.clear
  if (reached || (watch.held && !cleared)) {
    watch.held = true
    watch.open = 'none'
    say(watch, 'active', { reading, out })
    return
  }
  // Only a good value may clear, and only a good value proves that a clear delay was kept.
  if (reading.quality !== 'good' || (!watch.held && watch.open === 'none')) return
  if (watch.held || watch.open === 'unknown') watch.ended = reading.ts
  watch.held = false
  watch.open = reading.ts >= watch.ended + watch.clearAfter ? 'none' : 'clearing'
  say(watch, 'inactive', { reading, out })
}

/** An invalid value neither raises nor clears: what was so is no longer known. */
function doubt(watch: Watch, reading: Reading, out: Out): void {
  if (!watch.held && watch.open === 'none') return
  watch.open = 'unknown'
  say(watch, 'unknown', { reading, out })
}

function say(
  watch: Watch,
  truth: 'active' | 'inactive' | 'unknown',
  { reading, out }: { reading: Reading; out: Out },
): void {
  const { level, key } = watch
  out.condition({
    key,
    truth,
    at: reading.ts,
    limit: watch.limit,
    text: wording(watch, { truth, reading }),
    evidence: [entryRef(reading)],
    ...(truth !== 'unknown' && { value: reading.value as number }),
    ...(level.severity && { severity: level.severity }),
    ...(level.raiseAfter !== undefined && { raiseAfter: level.raiseAfter }),
    ...(level.clearAfter !== undefined && { clearAfter: level.clearAfter }),
  })
}
