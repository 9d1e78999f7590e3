/** `card-missing`: somebody went in and no card of theirs is seen (未携卡入井). */
import type { Move } from '../../model/crew.ts'
import type { Passage, Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import { type Site, underground } from '../../model/site.ts'
import { HOUR } from '../../model/time.ts'
import { refOf } from '../evidence.ts'
import { calm, note, silence } from '../statement.ts'
import { type CardMissingParams, Params } from './params.ts'
import { type Expected, loadState, type Missing, type State, saveState, start } from './state.ts'
import { foundText, missingText } from './wording.ts'

export const cardMissing: Rule<CardMissingParams, State> = {
  name: 'card-missing',
  title: { zh: '未携卡入井', en: 'Person without card' },
  key: 'person',
  watches: ['gate'],
  hears: ['card.reader'],
  matches: 'points',
  partition: 'site',
  hindsight: 'remembered',
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin(scope, out) {
    const state = start(scope, out.now + HOUR)
    wish(state, out)
    return state
  },

  reading(state, reading, out) {
    if (reading.quality === 'bad') return
    if (reading.point.kind !== 'gate') seen(state, reading, out)
    else if ((reading.value as Passage).direction === 'in') entered(state, reading, out)
    else if (reading.quality === 'good') left(state, reading, out)
  },

  /** Comes after the reading that made it, so a card that its own holder's passage waited for is known by now. */
  move(state, move, out) {
    const { value } = move.evidence
    const sighted = typeof value === 'object' && value !== null && !('direction' in value)
    if (sighted && underground(move.to) && !underground(move.from)) appeared(state, move, out)
  },

  wake(state, out) {
    while (state.expected.length > 0 && state.expected[0]!.due <= out.now) raise(state, state.expected.shift()!, out)
    if (state.sweep <= out.now) sweep(state, out)
    wish(state, out)
  },

  save: saveState,
  load: loadState,
}

function wish(state: State, out: Out): void {
  out.wakeAt(Math.min(state.expected[0]?.due ?? Number.POSITIVE_INFINITY, state.sweep))
}

/** Whom a passage is about; like the count of people, an unknown name gives way to the holder of the card shown. */
function whose({ person: name, card }: Passage, site: Site): { key: string; also?: string } | undefined {
  const person = (name === undefined ? undefined : site.people.get(name)) ?? site.cards.get(card ?? '')
  if (person) return { key: person.id }
  if (name === undefined) return card === undefined ? undefined : { key: `card:${card}` }
  return card === undefined ? { key: name } : { key: name, also: `card:${card}` }
}

function entered(state: State, reading: Reading, out: Out): void {
  const { params, site, instance } = state.scope
  const { ts } = reading
  const who = whose(reading.value as Passage, site)
  const earliest = ts - params.before
  if (who) {
    state.named.set(who.key, ts)
    const fresh = state.fresh.findIndex(({ id }) => id === who.key)
    if (fresh >= 0) {
      state.fresh.splice(fresh, 1)
      state.named.delete(who.key)
    }
    const last = Math.max(state.seen.get(who.key) ?? 0, who.also === undefined ? 0 : (state.seen.get(who.also) ?? 0))
    if (last >= earliest) return
  } else {
    const fresh = state.fresh.findIndex((appearance) => appearance.ts >= earliest)
    if (fresh >= 0) {
      state.fresh.splice(fresh, 1)
      return
    }
  }
  const due = reading.received + params.within + instance.raiseAfter
  const { key, also } = who ?? { key: reading.point.id }
  state.expected.push({ key, also, anonymous: !who, ts, due, gate: reading.point.id, evidence: entryRef(reading) })
  out.wakeAt(due)
}

function left(state: State, reading: Reading, out: Out): void {
  const who = whose(reading.value as Passage, state.scope.site)
  const key = who?.key ?? reading.point.id
  const missing = state.missing.get(key)
  if (who) {
    state.expected = state.expected.filter((e) => e.key !== key || e.ts > reading.ts)
    state.named.delete(key)
    if (missing) resolve(state, { key, missing, all: true, reading, out })
  } else if (missing) {
    // Who went out is as unknown as who went in; the first one out through the same gate is taken for them.
    resolve(state, { key, missing, all: false, reading, out })
  }
}

function seen(state: State, reading: Reading, out: Out): void {
  const { card, gone } = reading.value as Sighting
  const { site, params } = state.scope
  state.certain = reading.quality === 'good'
  if (gone) return
  const key = site.cards.get(card)?.id ?? `card:${card}`
  // A reader whose clock runs ahead must not answer for passages to come.
  const ts = Math.min(reading.ts, reading.received)
  if (ts > (state.seen.get(key) ?? 0)) state.seen.set(key, ts)
  if (state.expected.length > 0) {
    state.expected = state.expected.filter(
      (e) => e.anonymous || (e.key !== key && e.also !== key) || e.ts - params.before > ts,
    )
  }
  if (state.missing.size === 0 || !state.certain) return
  for (const [name, missing] of state.missing) {
    if (missing.anonymous || (name !== key && missing.also !== key)) continue
    if (ts >= (missing.passages[0] ?? 0) - params.before)
      resolve(state, { key: name, missing, all: true, reading, out })
  }
}

/** A card that was not underground before is: it belongs to one of the passages. */
function appeared(state: State, { member, ts, evidence }: Move, out: Out): void {
  if (state.named.delete(member.id)) return
  const { params, site } = state.scope
  const waiting = state.expected.findIndex((e) => e.anonymous && e.ts - params.before <= ts)
  if (waiting >= 0) {
    state.expected.splice(waiting, 1)
    return
  }
  if (state.certain) {
    let oldest: { key: string; missing: Missing } | undefined
    for (const [key, missing] of state.missing) {
      const [first] = missing.passages
      if (!missing.anonymous || first === undefined || first - params.before > ts) continue
      if (!oldest || first < oldest.missing.passages[0]!) oldest = { key, missing }
    }
    if (oldest) {
      resolve(state, { ...oldest, all: false, reading: evidence, out })
      return
    }
  }
  const useless = out.now - site.lateAfter - params.before
  state.fresh = state.fresh.filter((appearance) => appearance.ts >= useless)
  state.fresh.push({ id: member.id, ts })
}

function raise(state: State, expected: Expected, out: Out): void {
  const { params, instance, site } = state.scope
  const { key, also, anonymous, ts, evidence } = expected
  const at = ts + params.within + instance.raiseAfter
  let missing = state.missing.get(key)
  if (!missing) {
    missing = { anonymous, also, passages: [], raised: at, statement: silence() }
    state.missing.set(key, missing)
  }
  missing.passages.push(ts)
  missing.raised = Math.max(missing.raised, at)
  note(missing.statement, { active: true, at, clearAfter: instance.clearAfter })
  out.condition({
    key,
    truth: 'active',
    at,
    elapsed: true,
    value: missing.passages.length,
    text: missingText(expected, { site, params }),
    evidence: [refOf(evidence)],
  })
}

interface Answer {
  readonly key: string
  readonly missing: Missing
  /** It answers every passage of the key, not the oldest alone. */
  readonly all: boolean
  readonly reading: Parameters<typeof refOf>[0]
  readonly out: Out
}

function resolve(state: State, { key, missing, all, reading, out }: Answer): void {
  missing.passages.splice(0, all ? missing.passages.length : 1)
  if (missing.passages.length > 0) return
  const at = Math.max(reading.ts, missing.raised)
  if (note(missing.statement, { active: false, at, clearAfter: state.scope.instance.clearAfter })) {
    out.condition({
      key,
      truth: 'inactive',
      at,
      value: 0,
      text: foundText(key, missing.anonymous),
      evidence: [refOf(reading)],
    })
  }
  if (calm(missing.statement)) state.missing.delete(key)
}

/** Forgets sightings and names too old to answer a passage that arrives from now on. */
function sweep(state: State, out: Out): void {
  const { params, site } = state.scope
  const useless = out.now - site.lateAfter - params.before
  for (const [key, ts] of state.seen) if (ts < useless) state.seen.delete(key)
  for (const [key, ts] of state.named) if (ts < useless - params.within) state.named.delete(key)
  state.sweep = out.now + HOUR
}
