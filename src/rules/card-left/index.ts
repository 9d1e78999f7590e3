/** `card-left`: a card that lies still underground (人卡分离: the card is there, the person is not). */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Passage, Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import { underground } from '../../model/site.ts'
import { durationText, type Text } from '../../model/text.ts'
import { type Duration, HOUR, type Instant, MINUTE, SECOND } from '../../model/time.ts'
import { loadRef, refOf, sameRef, saveRef } from '../evidence.ts'
import { pointName, quantity } from '../names.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'

const Params = Type.Object({
  move: Type.Number({
    default: 2,
    exclusiveMinimum: 0,
    description: 'Metres. A card whose distances differ by this much, or more, has moved.',
  }),
  still: DurationSchema({
    default: '60m',
    description: 'How long a card lies still before it counts as left, in event time.',
  }),
  gap: Type.Optional(
    DurationSchema({
      description:
        'The longest time between two sightings over which a card is taken to have lain still. Default: half of `still`, so that somebody who passes a lone reader there and back has not left his card there.',
    }),
  ),
})
export type CardLeftParams = Static<typeof Params>

/** One card at one reader. */
interface Watch {
  /** Absent: nothing is watched, but the end of an alarm is still to be confirmed. */
  reader: string | undefined
  since: Instant
  last: Instant
  /** Extremes of the distances seen. */
  near: number | undefined
  far: number | undefined
  first: EntryRef | undefined
  statement: Statement
}

interface State {
  readonly scope: Scope<CardLeftParams>
  /** Readers where a card must not lie. */
  readonly readers: ReadonlySet<string>
  readonly gap: Duration
  readonly watches: Map<string, Watch>
}

export const cardLeft: Rule<CardLeftParams, State> = {
  name: 'card-left',
  title: { zh: '标识卡滞留（人卡分离）', en: 'Card left behind' },
  key: 'card',
  watches: ['card.reader'],
  hears: ['card.reader', 'gate'],
  matches: 'points',
  partition: 'site',
  hindsight: 'alone',
  outlives: ['match'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin(scope, out) {
    out.wakeAt(out.now + HOUR)
    return start(scope)
  },

  reading(state, reading, out) {
    if (reading.quality !== 'good') return
    if (reading.point.kind === 'gate') passed(state, reading, out)
    else seen(state, reading, out)
  },

  /** Forgets cards that nobody has seen for longer than `gap`: their next sighting begins anew anyhow. */
  wake(state, out) {
    const { gap, scope } = state
    for (const [card, { last, statement }] of state.watches) {
      if (calm(statement) && last + gap + scope.site.lateAfter < out.now) state.watches.delete(card)
    }
    out.wakeAt(out.now + HOUR)
  },

  /** A card that lies where the item no longer looks: nobody would say that it is taken up. */
  redeclared(state, out) {
    for (const [card, watch] of state.watches) {
      if (watch.reader === undefined || state.readers.has(watch.reader)) continue
      state.watches.delete(card)
      if (calm(watch.statement)) continue
      const text = unwatchedText(card)
      out.condition({ key: card, truth: 'inactive', at: out.now, text, evidence: [], elapsed: true })
    }
  },

  save: ({ watches }) =>
    [...watches].map(([card, w]) => [
      card,
      w.reader ?? null,
      w.since,
      w.last,
      w.near ?? null,
      w.far ?? null,
      saveRef(w.first),
      saveStatement(w.statement),
    ]),

  load(saved, scope) {
    const state = start(scope)
    for (const [card, reader, since, last, near, far, first, statement] of saved as unknown as Saved[]) {
      state.watches.set(card, {
        reader: reader ?? undefined,
        since,
        last,
        near: near ?? undefined,
        far: far ?? undefined,
        first: loadRef(first, scope.site),
        statement: loadStatement(statement),
      })
    }
    return state
  },
}

type Saved = readonly [
  card: string,
  reader: string | null,
  since: Instant,
  last: Instant,
  near: number | null,
  far: number | null,
  first: Json,
  statement: Json,
]

function start(scope: Scope<CardLeftParams>): State {
  const readers = scope.points.filter((p) => underground(p.area) && p.attributes.fixedPost !== true)
  const { gap = scope.params.still / 2 } = scope.params
  return { scope, readers: new Set(readers.map((p) => p.id)), gap, watches: new Map() }
}

function seen(state: State, reading: Reading, out: Out): void {
  const { params } = state.scope
  const { card, moving, gone } = reading.value as Sighting
  const { point, ts } = reading
  let watch = state.watches.get(card)
  const here = watch?.reader === point.id
  if (gone) {
    // Only the reader that had the card last can lose it.
    if (watch && here) release(state, watch, { card, reading, out })
    return
  }
  // Nobody saw it lie there during a gap; but an alarm that stands needs more than a gap to end.
  const bridged = watch && (watch.statement.active || ts - watch.last <= state.gap)
  if (!watch || !here || !bridged || moving || !steady(watch, reading, params.move)) {
    if (watch) release(state, watch, { card, reading, out })
    if (moving || !state.readers.has(point.id)) return
    watch = lay(watch, reading)
    state.watches.set(card, watch)
    return
  }
  watch.last = ts
  const lain = ts - watch.since >= params.still
  const at = lain && !watch.statement.active ? watch.since + params.still : ts
  tell(state, watch, { card, active: lain, at, reading, out })
}

/** Somebody went out: their cards are no longer expected anywhere, and one that is seen again begins anew. */
function passed(state: State, reading: Reading, out: Out): void {
  const { direction, person, card } = reading.value as Passage
  if (direction !== 'out') return
  const { people, cards } = state.scope.site
  const holder = (person === undefined ? undefined : people.get(person)) ?? cards.get(card ?? '')
  const held = new Set([...(holder?.cards ?? []), ...(card === undefined ? [] : [card])])
  for (const name of held) {
    const watch = state.watches.get(name)
    if (watch) release(state, watch, { card: name, reading, out })
  }
}

/** Begins a watch where the card was seen now. */
function lay(before: Watch | undefined, reading: Reading): Watch {
  const { distance } = reading.value as Sighting
  return {
    reader: reading.point.id,
    since: reading.ts,
    last: reading.ts,
    near: distance,
    far: distance,
    first: entryRef(reading),
    statement: before?.statement ?? silence(),
  }
}

function release(
  state: State,
  watch: Watch,
  { card, reading, out }: { card: string; reading: Reading; out: Out },
): void {
  watch.reader = undefined
  watch.last = reading.ts
  tell(state, watch, { card, active: false, at: reading.ts, reading, out })
}

/** Widens the extremes by this sighting; false where the card has moved. A sighting without a distance changes nothing. */
function steady(watch: Watch, reading: Reading, move: number): boolean {
  const { distance } = reading.value as Sighting
  if (distance === undefined) return true
  watch.near = Math.min(watch.near ?? distance, distance)
  watch.far = Math.max(watch.far ?? distance, distance)
  return watch.far - watch.near < move
}

interface Told {
  readonly card: string
  readonly active: boolean
  readonly at: Instant
  readonly reading: Reading
  readonly out: Out
}

function tell({ scope }: State, watch: Watch, { card, active, at, reading, out }: Told): void {
  if (!note(watch.statement, { active, at, clearAfter: scope.instance.clearAfter })) return
  const latest = entryRef(reading)
  const first = active && watch.first && !sameRef(watch.first, latest) ? [refOf(watch.first)] : []
  const text = active ? leftText(card, { watch, reading }) : movedText(card)
  out.condition({ key: card, truth: active ? 'active' : 'inactive', at, text, evidence: [...first, latest] })
}

function leftText(card: string, { watch, reading }: { watch: Watch; reading: Reading }): Text {
  const { zh, en } = pointName(reading.point)
  const since = reading.ts - watch.since
  const unit = since < MINUTE ? SECOND : MINUTE
  const lain = durationText(Math.floor(since / unit) * unit)
  const spread = watch.near === undefined ? '' : quantity(watch.far! - watch.near, 'm')
  return {
    zh: `标识卡 ${card} 在${zh}处静止 ${lain.zh}${spread && `，位移 ${spread}`}，疑似人卡分离`,
    en: `Card ${card} has lain still at ${en} for ${lain.en}${spread && `, within ${spread}`}: its holder may not have it`,
  }
}

function unwatchedText(card: string): Text {
  return {
    zh: `标识卡 ${card} 所在读卡器已不属于本规则监视范围，是否取走未知`,
    en: `Card ${card} lies at a reader that this rule is no longer for; whether it was taken up is not known`,
  }
}

function movedText(card: string): Text {
  return { zh: `标识卡 ${card} 已移动或离开`, en: `Card ${card} moved or left` }
}
