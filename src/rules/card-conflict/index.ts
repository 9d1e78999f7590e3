/** `card-conflict`: one card at two places at once, or at the gate with somebody who does not hold it (唯一性异常). */
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Point } from '../../model/point.ts'
import type { Passage, Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import { HOUR } from '../../model/time.ts'
import { loadRef, refOf, saveRef } from '../evidence.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'
import { type CardConflictParams, Params } from './params.ts'
import { between, longestWay, type Spot } from './speed.ts'
import { conflictText, overText, ownerText } from './wording.ts'

interface Watch {
  /** The last good sighting at a reader whose place is known. */
  last: Spot | undefined
  evidence: EntryRef | undefined
  /** Too fast for a man: until it is next seen where it can have come from. */
  fast: boolean
  /** Somebody else went in with it: until its holder shows it, or it goes out. */
  lent: boolean
  statement: Statement
}

interface State {
  readonly scope: Scope<CardConflictParams>
  /** No way between two readers takes longer. */
  readonly horizon: number
  readonly watches: Map<string, Watch>
}

export const cardConflict: Rule<CardConflictParams, State> = {
  name: 'card-conflict',
  title: { zh: '标识卡唯一性异常', en: 'Card conflict' },
  key: 'card',
  watches: ['card.reader', 'gate'],
  matches: 'points',
  partition: 'site',
  hindsight: 'alone',
  defaults: { raiseAfter: 0, clearAfter: 600_000, severity: 'major' },
  params: Params,

  begin(scope, out) {
    out.wakeAt(out.now + HOUR)
    return start(scope)
  },

  reading(state, reading, out) {
    if (reading.quality === 'bad') return
    const value = reading.value as Sighting | Passage
    const { card } = value
    if (card === undefined) return
    if ('direction' in value) passed(state, { card, passage: value, reading, out })
    if (reading.point.at && !('gone' in value && value.gone)) located(state, { card, reading, out })
  },

  /** Forgets cards whose last place no longer proves anything. */
  wake(state, out) {
    for (const [card, { last, lent, statement }] of state.watches) {
      const stale = !last || last.ts + state.horizon + state.scope.site.lateAfter < out.now
      if (stale && !lent && calm(statement)) state.watches.delete(card)
    }
    out.wakeAt(out.now + HOUR)
  },

  save: ({ watches }) =>
    [...watches].map(([card, w]) => [card, saveRef(w.evidence), w.fast, w.lent, saveStatement(w.statement)]),

  load(saved, scope) {
    const state = start(scope)
    for (const [card, seen, fast, lent, statement] of saved as unknown as Saved[]) {
      const evidence = loadRef(seen, scope.site)
      const point = evidence && scope.site.points.get(evidence.point.id)
      const last = evidence && point && spotOf(point, { ...evidence, range: scope.params.range })
      state.watches.set(card, { last, evidence, fast, lent, statement: loadStatement(statement) })
    }
    return state
  },
}

type Saved = readonly [card: string, seen: Json, fast: boolean, lent: boolean, statement: Json]

function start(scope: Scope<CardConflictParams>): State {
  const { points, params } = scope
  const slowest = Math.min(params.speed, params.ride)
  const horizon = (longestWay(points) / slowest) * 1_000 + params.slack
  return { scope, horizon, watches: new Map() }
}

function spotOf(
  point: Point,
  { ts, value, range }: { ts: number; value: EntryRef['value']; range: number },
): Spot | undefined {
  if (!point.at) return undefined
  const { distance } = value as Sighting
  return {
    at: point.at,
    ts,
    // The card is so far away from its reader, on either side.
    off: distance === undefined ? range : Math.abs(distance),
    ride: point.attributes.vehicle === true,
    point,
  }
}

interface Seen {
  readonly card: string
  readonly reading: Reading
  readonly out: Out
}

function located(state: State, { card, reading, out }: Seen): void {
  // A clock that runs ahead proves nothing about speed.
  if (reading.timing === 'early') return
  const { params } = state.scope
  const spot = spotOf(reading.point, { ...reading, range: params.range })!
  const watch = state.watches.get(card)
  if (!watch) {
    if (reading.quality === 'good') state.watches.set(card, { ...blank(), last: spot, evidence: entryRef(reading) })
    return
  }
  const way = watch.last && between(watch.last, spot, params)
  if (way?.tooFast) {
    watch.fast = true
    say(state, watch, {
      card,
      at: reading.ts,
      value: way.speed,
      limit: way.limit,
      text: conflictText(card, { way, from: watch.last!.point, to: reading.point }),
      evidence: [refOf(watch.evidence!), entryRef(reading)],
      out,
    })
  } else if (reading.quality === 'good') {
    watch.fast = false
    settle(state, watch, { card, reading, out })
  }
  if (reading.quality === 'good') {
    watch.last = spot
    watch.evidence = entryRef(reading)
  }
}

function passed(state: State, { card, passage, reading, out }: Seen & { passage: Passage }): void {
  const { person, direction } = passage
  const owner = state.scope.site.cards.get(card)
  // Without an owner, or without a person, there are no two who could disagree.
  if (!owner || person === undefined) return
  const agree = owner.id === person
  const watch = state.watches.get(card) ?? (agree ? undefined : blank())
  if (!watch) return
  if (agree) {
    if (reading.quality !== 'good' || !watch.lent) return
    watch.lent = false
    settle(state, watch, { card, reading, out })
    return
  }
  state.watches.set(card, watch)
  watch.lent = true
  say(state, watch, {
    card,
    at: reading.ts,
    text: ownerText(card, { person, owner: owner.id, gate: reading.point }),
    evidence: [entryRef(reading)],
    out,
  })
  if (direction === 'out' && reading.quality === 'good') {
    watch.lent = false
    settle(state, watch, { card, reading, out })
  }
}

function blank(): Watch {
  return { last: undefined, evidence: undefined, fast: false, lent: false, statement: silence() }
}

type Said = Omit<Parameters<Out['condition']>[0], 'key' | 'truth'> & { readonly card: string; readonly out: Out }

function say({ scope }: State, { statement }: Watch, { card, out, ...said }: Said): void {
  note(statement, { active: true, at: said.at, clearAfter: scope.instance.clearAfter })
  out.condition({ key: card, truth: 'active', ...said })
}

/** A good word of the card that contradicts nothing. */
function settle({ scope }: State, watch: Watch, { card, reading, out }: Seen): void {
  if (watch.fast || watch.lent) return
  const at = reading.ts
  if (!note(watch.statement, { active: false, at, clearAfter: scope.instance.clearAfter })) return
  out.condition({ key: card, truth: 'inactive', at, text: overText(card), evidence: [entryRef(reading)] })
}
