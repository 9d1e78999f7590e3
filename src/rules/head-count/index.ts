/** `head-count`: the cards underground are not as many as the heads that video, lamps or the gates count (隐瞒入井人数). */
import type { Passage, Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule } from '../../model/rule.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import { holderOf } from '../holder.ts'
import { note } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { compareGates, passage } from './balance.ts'
import { type HeadCountParams, Params } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { belongs, type Counter, type HeadChange, type Spot, type State, start, whereabouts } from './state.ts'
import { evidenceOf, wording } from './wording.ts'

export const headCount: Rule<HeadCountParams, State> = {
  name: 'head-count',
  title: { zh: '人数不符', en: 'Head count differs' },
  key: 'area or site',
  watches: ['count.people', 'count.lamps', 'gate'],
  hears: ['card.reader', 'gate'],
  matches: 'points',
  partition: 'site',
  hindsight: 'remembered',
  outlives: ['match'],
  defaults: { raiseAfter: 120_000, clearAfter: 0, severity: 'major' },
  params: Params,

  begin(scope, out) {
    const state = start(scope, out.now)
    for (const member of scope.crew.members()) settleMember(state, member.id, out.now)
    advance(state, out)
    wish(state, out)
    return state
  },

  reading(state, reading, out) {
    if (reading.point.shape === 'sighting') seen(state, reading, out)
    else if (reading.point.shape === 'passage') passed(state, reading, out)
    else counted(state, reading, out)
  },

  /** Passages are taken in whole when they are read. */
  move(state, { member, ts, evidence }, out) {
    if (typeof evidence.value === 'object' && evidence.value !== null && 'direction' in evidence.value) return
    settleMember(state, member.id, ts)
    advance(state, out)
  },

  wake(state, out) {
    for (const spot of state.spots) {
      for (const counter of spot.counters) {
        if (counter.heads === undefined || counter.heard + counter.silentAfter > out.now) continue
        counter.heads = undefined
        judge(state, spot, { at: Math.max(counter.ts + counter.silentAfter, spot.judged), out })
      }
    }
    const { balance, scope } = state
    if (!balance.settled && scope.began + scope.params.settle <= out.now) {
      const spot = state.spots.find(({ counters }) => counters.some(({ point }) => !point))
      if (spot) balance.anonymous = Math.max(balance.anonymous, compareGates(state, spot).before)
      balance.settled = true
      balance.passed.clear()
    }
    advance(state, out)
    wish(state, out)
  },

  save: saveState,
  load: loadState,
}

/** Where the count of people has somebody now goes into the timeline. */
function settleMember(state: State, id: string, ts: Instant): void {
  const now = whereabouts(state.scope.crew.member(id))
  if (now && !now.carded) state.bare.add(id)
  else state.bare.delete(id)
  place(state.open, { type: 'member', ts, subject: id, now })
}

/** A reader that sees somebody where a gate had put them moves nobody, but shows their card. */
function seen(state: State, reading: Reading, out: Out): void {
  if (state.bare.size === 0 || reading.quality === 'bad') return
  const id = holderOf(reading.value as Sighting, state.scope.site)?.id
  if (id === undefined || !state.bare.has(id)) return
  settleMember(state, id, reading.ts)
  advance(state, out)
}

function passed(state: State, reading: Reading, out: Out): void {
  if (reading.quality === 'bad') return
  const value = reading.value as Passage
  const { direction } = value
  if (direction === 'out' && reading.quality !== 'good') return
  const id = holderOf(value, state.scope.site)?.id
  const { ts, point } = reading
  if (state.gates.has(point.id)) {
    place(state.open, { type: 'passage', ts, subject: id ?? point.id, direction, id, evidence: entryRef(reading) })
  }
  if (id !== undefined) settleMember(state, id, ts)
  advance(state, out)
}

function counted(state: State, reading: Reading, out: Out): void {
  const { ts, point, quality, value, received } = reading
  const heads = quality === 'bad' || typeof value !== 'number' ? undefined : value
  const evidence = entryRef(reading)
  place(state.open, { type: 'count', ts, subject: point.id, heads, doubtful: quality !== 'good', received, evidence })
  if (point.silentAfter !== undefined) out.wakeAt(received + point.silentAfter)
  advance(state, out)
}

/** Folds changes in the order of event time, as far as the site's news is complete. */
function advance(state: State, out: Out): void {
  const { open } = state
  while (open.length > 0 && open[0]!.ts <= out.settled) {
    const at = open[0]!.ts
    const touched = new Set<Spot>()
    for (const change of takeInstant(open)) for (const spot of apply(state, change)) touched.add(spot)
    for (const spot of touched) judge(state, spot, { at: Math.max(at, spot.judged), out })
  }
  if (open.length > 0) out.wakeAt(out.now + 1)
}

/** Asks to look again when the first of the counts could have fallen silent, and when the gates' balance is settled. */
function wish({ scope, spots, balance, open }: State, out: Out): void {
  let next = out.now + HOUR
  if (open.length > 0) next = out.now + 1
  if (!balance.settled) next = Math.min(next, scope.began + scope.params.settle)
  for (const { counters } of spots) {
    for (const { heads, heard, silentAfter } of counters) {
      if (heads !== undefined) next = Math.min(next, heard + silentAfter)
    }
  }
  out.wakeAt(Math.max(next, out.now + 1))
}

/** The spots that may compare otherwise after a change. */
function apply(state: State, change: HeadChange): readonly Spot[] {
  switch (change.type) {
    case 'passage':
      passage(state.balance, change)
      return byGates(state).map((spot) => {
        const counter = spot.counters.find(({ point }) => !point)!
        counter.last = change.evidence
        // From the first passage on, there is a balance.
        counter.heads ??= 0
        return spot
      })
    case 'count': {
      const spot = state.spots.find(({ counters }) => counters.some(({ point }) => point?.id === change.subject))
      if (!spot) return []
      const counter = spot.counters.find(({ point }) => point?.id === change.subject)!
      return hear(state, { spot, counter, change }) ? [spot] : []
    }
    case 'member':
      return move(state, change)
  }
}

function byGates({ spots }: State): readonly Spot[] {
  return spots.filter(({ counters }) => counters.some(({ point }) => !point))
}

function move(state: State, { subject, now }: HeadChange & { type: 'member' }): readonly Spot[] {
  const { members, spots, scope, balance } = state
  const before = members.get(subject)
  if (now) members.set(subject, now)
  else members.delete(subject)
  const shown = before?.carded !== now?.carded && balance.named.has(subject)
  return spots.filter((spot) => {
    const is = now?.carded === true && belongs(spot, now.area, scope.site)
    const changed = is !== spot.cards.has(subject)
    if (is) spot.cards.add(subject)
    else spot.cards.delete(subject)
    return changed || (shown && spot.counters.some(({ point }) => !point))
  })
}

interface Heard {
  readonly spot: Spot
  readonly counter: Counter
  readonly change: HeadChange & { type: 'count' }
}

function hear({ scope }: State, { spot, counter, change }: Heard): boolean {
  const { heads, doubtful, received, ts, evidence } = change
  // A doubtful count may differ, but it is no proof that nobody is missing.
  const matches = heads !== undefined && Math.abs(spot.cards.size - heads) <= scope.params.tolerance
  if (heads !== undefined && doubtful && matches && counter.differs) return false
  if (heads !== undefined) Object.assign(counter, { heard: received, ts })
  counter.heads = heads
  counter.last = evidence
  return true
}

function compare(state: State, spot: Spot): void {
  for (const counter of spot.counters) {
    if (counter.heads === undefined) continue
    if (counter.point) counter.cards = spot.cards.size
    else Object.assign(counter, compareGates(state, spot).counts)
    counter.differs = Math.abs(counter.cards - counter.heads) > state.scope.params.tolerance
  }
}

function judge(state: State, spot: Spot, { at, out }: { at: Instant; out: Out }): void {
  const { instance, params } = state.scope
  spot.judged = at
  compare(state, spot)
  const differing = spot.counters.filter(({ differs }) => differs)
  const known = differing.filter(({ heads }) => heads !== undefined)
  if (differing.length > 0 && known.length === 0) {
    if (!spot.doubted) {
      const text = wording(spot, { site: state.scope.site, counters: differing })
      out.condition({ key: spot.key, truth: 'unknown', at, limit: params.tolerance, text, evidence: [] })
    }
    spot.doubted = true
    return
  }
  spot.doubted = false
  const active = known.length > 0
  const counters = active ? known : spot.counters.filter(({ heads }) => heads !== undefined)
  if (!note(spot.statement, { active, at, clearAfter: instance.clearAfter })) return
  out.condition({
    key: spot.key,
    truth: active ? 'active' : 'inactive',
    at,
    value: Math.max(0, ...known.map(({ heads, cards }) => Math.abs(cards - heads!))),
    limit: params.tolerance,
    text: wording(spot, { site: state.scope.site, counters }),
    evidence: evidenceOf(spot, { counters, scope: state.scope }),
  })
}
