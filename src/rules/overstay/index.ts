/** `overstay`: somebody has been underground for longer than a shift may last (超时), counted from going in. */
import Type, { type Static } from 'typebox'
import type { Member } from '../../model/crew.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Passage } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import { type Area, type Site, underground, within } from '../../model/site.ts'
import { durationText, type Text } from '../../model/text.ts'
import { formatInstant, HOUR, type Instant } from '../../model/time.ts'
import { loadRef, refOf, sameRef, saveRef } from '../evidence.ts'
import { holderOf } from '../holder.ts'

const Params = Type.Object({
  hours: DurationSchema({
    default: '12h',
    description: 'The alarm is for more. From the passage in, or where there was none the first sighting underground.',
  }),
  gap: DurationSchema({
    default: '30m',
    description:
      'Somebody whose card was lost underground and is seen there again within this time never left: the stay goes on.',
  }),
})
export type OverstayParams = Static<typeof Params>

/** One member underground, or lost there a short time ago. */
interface Stay {
  entered: Instant
  first: EntryRef | undefined
  /** When the last of their cards was lost underground; absent while they are in. */
  lost: Instant | undefined
  raised: boolean
  /** When they were found again; the entry, where they were never lost. */
  back: Instant
}

interface State {
  readonly scope: Scope<OverstayParams>
  /** The areas underground of those that match. */
  readonly areas: readonly Area[]
  readonly stays: Map<string, Stay>
}

export const overstay: Rule<OverstayParams, State> = {
  name: 'overstay',
  title: { zh: '超时', en: 'Too long underground' },
  key: 'person',
  watches: [],
  hears: ['gate'],
  matches: 'areas',
  partition: 'site',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'minor' },
  params: Params,

  begin(scope, out) {
    const state = start(scope)
    // Since when those were underground whom an earlier item watched is not known; in their present area, it is.
    for (const member of scope.crew.members())
      if (inside(state, member)) enter(state, member, { at: member.since, out })
    return state
  },

  /** A passage in begins a stay before any reader underground has seen the card, and one out ends it wherever the gate is. */
  reading(state, reading, out) {
    if (reading.quality === 'bad' || state.areas.length === 0) return
    const passage = reading.value as Passage
    const id = holderOf(passage, state.scope.site)?.id
    if (id === undefined) return
    const seen = { at: reading.ts, evidence: entryRef(reading), out }
    if (passage.direction === 'in') {
      // Only the way into the whole mine says nothing of one of its faces.
      if (state.scope.areas.some((area) => area.kind === 'underground')) enter(state, { id }, seen)
    } else if (reading.quality === 'good' && !inside(state, state.scope.crew.member(id))) leave(state, id, seen)
  },

  move(state, { member, from, to, ts, evidence }, out) {
    const seen = { at: ts, evidence, out }
    if (inside(state, { area: to })) {
      if (!inside(state, { area: from })) enter(state, member, seen)
    } else if (to) {
      // The way in leads through a gate above ground.
      if (!passedIn(evidence)) leave(state, member.id, seen)
    } else if (inside(state, { area: from })) lose(state, member.id, seen)
  },

  wake(state, out) {
    const { params } = state.scope
    for (const [id, stay] of state.stays) {
      if (stay.lost !== undefined && stay.lost + params.gap < out.settled) state.stays.delete(id)
      else if (!stay.raised && stay.lost === undefined && stay.entered + params.hours <= out.settled) {
        raise(state, id, { stay, out })
      }
    }
    wish(state, out)
  },

  /** Who is in what the item is for only now stays from then on; of who is elsewhere it would never say that they are out. */
  redeclared(state, out) {
    const { crew } = state.scope
    for (const [id, stay] of state.stays) {
      const at = crew.member(id)?.area
      if (stay.lost !== undefined || at === undefined || inside(state, { area: at })) continue
      // Through the gate and not seen underground yet: nobody said that they are elsewhere.
      if (!underground(at)) continue
      state.stays.delete(id)
      if (stay.raised) out.condition({ key: id, truth: 'inactive', at: out.now, text: elsewhereText(id), evidence: [] })
    }
    for (const member of crew.members())
      if (inside(state, member) && !state.stays.has(member.id)) enter(state, member, { at: member.since, out })
    wish(state, out)
  },

  save: ({ stays }) => [...stays].map(([id, s]) => [id, s.entered, saveRef(s.first), s.lost ?? null, s.raised, s.back]),

  load(saved, scope) {
    const state = start(scope)
    for (const [id, entered, first, lost, raised, back] of saved as unknown as Saved[]) {
      state.stays.set(id, { entered, first: loadRef(first, scope.site), lost: lost ?? undefined, raised, back })
    }
    return state
  },
}

type Saved = readonly [id: string, entered: Instant, first: Json, lost: Instant | null, raised: boolean, back: Instant]

function start(scope: Scope<OverstayParams>): State {
  return { scope, areas: scope.areas.filter(underground), stays: new Map() }
}

function inside(
  { areas }: State,
  member: Pick<Member, 'area'> | { readonly area: Area | undefined } | undefined,
): boolean {
  return member?.area !== undefined && areas.some((area) => within(member.area, area))
}

function passedIn({ value }: EntryRef): boolean {
  return typeof value === 'object' && value !== null && 'direction' in value && value.direction === 'in'
}

interface Seen {
  readonly at: Instant
  readonly evidence?: EntryRef | undefined
  readonly out: Out
}

function enter(state: State, { id, evidence }: Pick<Member, 'id' | 'evidence'>, { at, out, ...seen }: Seen): void {
  const { params } = state.scope
  const first = seen.evidence ?? evidence
  const stay = state.stays.get(id)
  if (stay && (stay.lost === undefined || at - stay.lost <= params.gap)) {
    if (stay.lost !== undefined) stay.back = at
    stay.lost = undefined
    // The news of the passage may come after that of the first sighting.
    if (at < stay.entered) {
      stay.entered = at
      stay.first = first
    }
  } else state.stays.set(id, { entered: at, first, lost: undefined, raised: false, back: at })
  wish(state, out, state.stays.get(id)!)
}

function leave(state: State, id: string, { at, evidence, out }: Seen): void {
  const stay = state.stays.get(id)
  if (!stay || at < stay.entered) return
  overdue(state, id, { stay, at, out })
  state.stays.delete(id)
  clear(state, id, { stay, at, evidence, out })
}

/** Out, as far as anybody can tell; but a card that is lost between two readers has not left the mine. */
function lose(state: State, id: string, { at, evidence, out }: Seen): void {
  const stay = state.stays.get(id)
  if (!stay) return
  overdue(state, id, { stay, at, out })
  stay.lost = at
  clear(state, id, { stay, at, evidence, out })
  stay.raised = false
  wish(state, out, stay)
}

/** Asks to be woken for one stay, or for the next of all. */
function wish({ scope: { params }, stays }: State, out: Out, only?: Stay): void {
  let next = Number.POSITIVE_INFINITY
  for (const { entered, lost, raised } of only ? [only] : stays.values()) {
    if (lost !== undefined) next = Math.min(next, lost + params.gap)
    else if (!raised) next = Math.min(next, entered + params.hours)
  }
  if (Number.isFinite(next)) out.wakeAt(Math.max(next, out.now + 1))
}

/** They stayed too long, although the tick that would have said so is still to come. */
function overdue(state: State, id: string, { stay, at, out }: { stay: Stay; at: Instant; out: Out }): void {
  const due = Math.max(stay.entered + state.scope.params.hours, stay.back)
  if (!stay.raised && stay.lost === undefined && at > due) raise(state, id, { stay, out })
}

function raise(state: State, id: string, { stay, out }: { stay: Stay; out: Out }): void {
  const { params, site, crew } = state.scope
  stay.raised = true
  const at = Math.max(stay.entered + params.hours, stay.back)
  const last = crew.member(id)?.evidence
  const evidence = stay.first ? [refOf(stay.first)] : []
  if (last && !(stay.first && sameRef(last, stay.first))) evidence.push(refOf(last))
  out.condition({
    key: id,
    truth: 'active',
    at,
    value: inHours(at - stay.entered),
    limit: inHours(params.hours),
    text: longText(id, { entered: stay.entered, limit: params.hours, site }),
    evidence,
  })
}

function clear({ scope }: State, id: string, { stay, at, evidence, out }: Seen & { stay: Stay }): void {
  if (!stay.raised) return
  out.condition({
    key: id,
    truth: 'inactive',
    at: Math.max(at, stay.back, stay.entered + scope.params.hours),
    value: inHours(at - stay.entered),
    limit: inHours(scope.params.hours),
    text: { zh: `${id} 已出井`, en: `${id} is no longer underground` },
    evidence: evidence ? [refOf(evidence)] : [],
  })
}

function elsewhereText(id: string): Text {
  return {
    zh: `${id} 所在区域已不属于本规则监视范围`,
    en: `${id} is in an area that this rule is no longer for`,
  }
}

function inHours(duration: number): number {
  return Math.round((duration / HOUR) * 100) / 100
}

/** By number of person or card, never by name. */
function longText(id: string, { entered, limit, site }: { entered: Instant; limit: number; site: Site }): Text {
  const since = formatInstant(entered, site.timezone).slice(0, 16).replace('T', ' ')
  return {
    zh: `${id} 入井已超过 ${durationText(limit).zh}（自 ${since}）`,
    en: `${id} has been underground for more than ${durationText(limit).en}, since ${since}`,
  }
}
