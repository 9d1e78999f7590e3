/** `card-convoy`: cards of different persons that pass reader after reader together, into the face: one man carries both (代携卡). */
import type { EntryRef } from '../../model/entry.ts'
import type { Passage, Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import { refOf } from '../evidence.ts'
import { holderOf } from '../holder.ts'
import { place, takeInstant } from '../timeline.ts'
import { type CardConvoyParams, Params } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { addPair, type Check, dropPair, keyOf, type Pair, type Pass, type State, type Step, start } from './state.ts'
import { partedText, togetherText } from './wording.ts'

/** Those nearest before a card at a reader that it is compared with: one who carries two cards brings both at once. */
const NEAREST = 32
/** Passes kept of a card in a convoy, in multiples of `readers`. */
const KEPT = 4
/** A card not seen for so long begins anew. */
const FORGOTTEN = 24 * HOUR

export const cardConvoy: Rule<CardConvoyParams, State> = {
  name: 'card-convoy',
  title: { zh: '多卡同行（代携卡）', en: 'Card convoy' },
  key: 'pair',
  watches: ['card.reader'],
  hears: ['gate'],
  matches: 'points',
  partition: 'site',
  hindsight: 'alone',
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin(scope, out) {
    out.wakeAt(out.now + HOUR)
    return start(scope, out.now + HOUR)
  },

  reading(state, reading, out) {
    if (reading.quality !== 'good') return
    if (reading.point.shape === 'passage') went(state, reading, out)
    else seen(state, reading, out)
  },

  wake(state, out) {
    if (state.sweep <= out.now) sweep(state, out.now)
    out.wakeAt(state.sweep)
    advance(state, out)
  },

  save: saveState,
  load: loadState,
}

function sweep(state: State, now: Instant): void {
  for (const [card, { last }] of state.tracks) {
    if (last + FORGOTTEN < now && !state.pairsOf.has(card)) state.tracks.delete(card)
  }
  state.sweep = now + HOUR
}

/** A card that its reader goes on seeing passes nothing, and neither does one that two readers see by turns. */
function seen(state: State, reading: Reading, out: Out): void {
  const { card, gone } = reading.value as Sighting
  const { point, ts } = reading
  const { id } = point
  const track = state.tracks.get(card)
  if (track?.reader === id) {
    track.last = ts
    return
  }
  if (gone || !state.readers.has(id)) return
  if (!track) {
    const anew = { reader: id, before: undefined, since: ts, last: ts, n: 0, passes: [] }
    state.tracks.set(card, anew)
  } else {
    track.last = ts
    if (track.before === id && ts - track.since <= state.scope.params.gap) return
    Object.assign(track, { reader: id, before: track.reader, since: ts })
  }
  place(state.open, { ts, subject: card, reader: id, evidence: entryRef(reading) })
  advance(state, out)
}

/** Whoever is out by a gate has left every convoy. */
function went(state: State, reading: Reading, out: Out): void {
  const value = reading.value as Passage
  if (value.direction !== 'out') return
  const holder = holderOf(value, state.scope.site)
  const cards = new Set([...(holder?.person?.cards ?? []), ...(value.card === undefined ? [] : [value.card])])
  const evidence = entryRef(reading)
  for (const card of cards) place(state.open, { ts: reading.ts, subject: card, reader: undefined, evidence })
  if (cards.size > 0) advance(state, out)
}

/** Folds passes and partings in the order of event time, as far as the site's news is complete. */
function advance(state: State, out: Out): void {
  const { open, checks } = state
  for (;;) {
    const pass = open[0]?.ts ?? Number.POSITIVE_INFINITY
    const check = checks[0]?.ts ?? Number.POSITIVE_INFINITY
    const at = Math.min(pass, check)
    if (at > out.settled) {
      if (Number.isFinite(at)) out.wakeAt(Math.max(at, out.now + 1))
      return
    }
    if (pass <= check) for (const step of takeInstant(open)) take(state, step, out)
    else missed(state, checks.shift()!, out)
  }
}

function take(state: State, { subject: card, reader, ts, evidence }: Step, out: Out): void {
  const track = state.tracks.get(card)
  if (reader === undefined) {
    for (const pair of pairsOf(state, card)) part(state, pair, { at: ts, evidence, out })
    return
  }
  if (!track) return
  track.n += 1
  const pass: Pass = { n: track.n, reader, ts, evidence }
  track.passes.push(pass)
  for (const partner of companions(state, card, pass)) meet(state, { card, pass, partner, out })
  let longest = 0
  let waiting = false
  for (const pair of pairsOf(state, card)) {
    longest = Math.max(longest, pair.length)
    if ((pair.a === card ? pair.na : pair.nb) < pass.n) waiting = true
  }
  const { gap, readers } = state.scope.params
  // A partner who comes in the last moment of the gap still comes.
  if (waiting) place(state.checks, { ts: ts + gap + 1, subject: card, n: pass.n, evidence })
  // One more than the run: it may go on.
  track.passes.splice(0, track.passes.length - Math.min(longest + 1, KEPT * readers))
}

function pairsOf({ pairs, pairsOf }: State, card: string): readonly Pair[] {
  return [...(pairsOf.get(card) ?? [])].map((key) => pairs.get(key)!)
}

interface Companion {
  readonly card: string
  readonly n: number
}

/** Cards of others that passed the same reader within the gap before, the nearest first; and notes this pass for those to come. */
function companions({ scope, recent }: State, card: string, { n, reader, ts }: Pass): readonly Companion[] {
  const { gap } = scope.params
  const before = (recent.get(reader) ?? []).filter((one) => ts - one.ts <= gap)
  const others = new Map<string, Companion>()
  const holder = scope.site.cards.get(card)
  for (const one of before.toReversed()) {
    const same = one.card === card || (holder !== undefined && scope.site.cards.get(one.card) === holder)
    if (!same && !others.has(one.card)) others.set(one.card, one)
  }
  recent.set(reader, [...before, { card, n, ts }].slice(-NEAREST))
  return [...others.values()]
}

interface Meeting {
  readonly card: string
  readonly pass: Pass
  readonly partner: Companion
  readonly out: Out
}

function meet(state: State, { card, pass, partner, out }: Meeting): void {
  const ahead = card < partner.card
  const [a, b] = ahead ? [card, partner.card] : [partner.card, card]
  const [na, nb] = ahead ? [pass.n, partner.n] : [partner.n, pass.n]
  const pair = state.pairs.get(keyOf({ a, b }))
  if (!pair || pair.na !== na - 1 || pair.nb !== nb - 1) {
    if (pair) part(state, pair, { at: pass.ts, evidence: pass.evidence, out })
    addPair(state, { a, b, na, nb, length: 1, raised: false })
    return
  }
  Object.assign(pair, { na, nb, length: pair.length + 1 })
  if (pair.length >= state.scope.params.readers) judge(state, pair, { card, pass, out })
}

/** The readers of the run are those of the later card's last passes. */
function judge(state: State, pair: Pair, { card, pass, out }: Omit<Meeting, 'partner'>): void {
  const { params, site } = state.scope
  const passes = state.tracks.get(card)!.passes.slice(-pair.length)
  const readers = new Set(passes.map(({ reader }) => reader))
  const inside = [...readers].filter((reader) => state.readers.get(reader)).length
  if (!pair.raised && (readers.size < params.readers || inside < params.inside)) return
  pair.raised = true
  out.condition({
    key: keyOf(pair),
    truth: 'active',
    at: pass.ts,
    value: readers.size,
    limit: params.readers,
    text: togetherText(pair, { readers: readers.size, gap: params.gap, site, last: pass.evidence.point }),
    evidence: evidenceOf(state, pair),
  })
}

function evidenceOf({ tracks, scope }: State, { a, b, na, nb, length }: Pair): readonly EntryRef[] {
  const shown = Math.min(length, 2 * scope.params.readers)
  const of = (card: string, n: number) => tracks.get(card)!.passes.filter((p) => p.n <= n && p.n > n - shown)
  return [...of(a, na), ...of(b, nb)].sort((x, y) => x.ts - y.ts).map(({ evidence }) => refOf(evidence))
}

/** The gap after a pass is over: those who did not make it, too, are no longer together with who did. */
function missed(state: State, { subject: card, n, ts, evidence }: Check, out: Out): void {
  for (const pair of pairsOf(state, card)) {
    if ((pair.a === card ? pair.na : pair.nb) < n) part(state, pair, { at: ts - 1, evidence, out })
  }
}

function part(state: State, pair: Pair, { at, evidence, out }: { at: Instant; evidence: EntryRef; out: Out }): void {
  dropPair(state, pair)
  if (!pair.raised) return
  const text = partedText(pair)
  out.condition({ key: keyOf(pair), truth: 'inactive', at, text, evidence: [refOf(evidence)] })
}
