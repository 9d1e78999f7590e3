/** `restricted`: somebody is where only those on the area's list may be (限制区域: old workings, blind roadways, return airways). */
import Type, { type Static } from 'typebox'
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Passage, Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import { type Area, type Person, within } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { loadRef, refOf, sameRef, saveRef } from '../evidence.ts'
import { holderOf } from '../holder.ts'
import { areaName } from '../names.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'

const Params = Type.Object({
  kinds: Type.Array(Type.String({ minLength: 1 }), {
    default: ['restricted'],
    minItems: 1,
    uniqueItems: true,
    description:
      'Kinds of area that only the persons in its `allow` may enter: add the kinds of places kept for named people (准入区域: magazine, substation), where they are declared with an `allow`.',
  }),
})
export type RestrictedParams = Static<typeof Params>

/** One person who is, or was just now, in one such area. */
interface Trespass {
  readonly id: string
  readonly area: Area
  /** What first showed them there. */
  first: EntryRef | undefined
  statement: Statement
}

interface State {
  readonly scope: Scope<RestrictedParams>
  readonly zones: readonly Area[]
  /** The zones a point lies in, by the point's id; absent for most points. */
  readonly zonesOf: ReadonlyMap<string, readonly Area[]>
  /** Of areas that are no longer restricted, from the load on until that is said. */
  readonly lifted: Trespass[]
  /** By member, then by area. */
  readonly trespasses: Map<string, Map<string, Trespass>>
}

export const restricted: Rule<RestrictedParams, State> = {
  name: 'restricted',
  title: { zh: '进入限制区域', en: 'Person in a restricted area' },
  key: 'person@area',
  watches: ['card.reader', 'gate'],
  hears: ['card.reader', 'gate'],
  matches: 'areas',
  partition: 'site',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin(scope, out) {
    const state = start(scope)
    for (const area of state.zones) {
      for (const { id, person, evidence } of scope.crew.inside(area)) {
        if (!allowed(area, person) && evidence) say(state, { id, area, active: true, at: out.now, seen: evidence, out })
      }
    }
    return state
  },

  reading(state, reading, out) {
    if (reading.quality === 'bad') return
    const here = state.zonesOf.get(reading.point.id)
    if (!here && state.trespasses.size === 0) return
    const holder = holderOf(reading.value as Sighting | Passage, state.scope.site)
    if (!holder) return
    const standing = state.trespasses.get(holder.id)
    if (!here && !standing) return
    const concerned = new Set([...(here ?? []), ...[...(standing?.values() ?? [])].map(({ area }) => area)])
    for (const area of concerned) {
      const inside = where(state, { reading, area, id: holder.id })
      if (inside === undefined || (inside && allowed(area, holder.person))) continue
      say(state, { id: holder.id, area, active: inside, at: reading.ts, seen: reading, out })
    }
  },

  /** What no reading tells: another configuration gave a card to somebody, or a reader to another area. */
  move(state, { member, from, to, ts, evidence }, out) {
    const { id, person } = member
    for (const area of state.zones) {
      const active = within(to, area)
      if (active === within(from, area) || (active && allowed(area, person))) continue
      if (active === (state.trespasses.get(id)?.get(area.id)?.statement.active ?? false)) continue
      say(state, { id, area, active, at: ts, seen: evidence, out })
    }
  },

  save: ({ trespasses }) =>
    [...trespasses.values()].flatMap((areas) =>
      [...areas.values()].map((t) => [t.id, t.area.id, saveRef(t.first), saveStatement(t.statement)]),
    ),

  load(saved, scope) {
    const state = start(scope)
    for (const [id, areaId, first, statement] of saved as unknown as [string, string, Json, Json][]) {
      const area = scope.site.areas.get(areaId)
      if (!area) continue
      const trespass = { id, area, first: loadRef(first, scope.site), statement: loadStatement(statement) }
      if (state.zones.includes(area)) keep(state, trespass)
      else state.lifted.push(trespass)
    }
    return state
  },

  /** Whom another configuration lets in, and those who were seen in what is restricted only now. */
  redeclared(state, out) {
    for (const { id, area, statement } of state.lifted.splice(0)) {
      if (!statement.active) continue
      const { zh, en } = areaName(area)
      const text = { zh: `${zh} 已不是限制区域`, en: `${en} is no longer a restricted area` }
      out.condition({ key: `${id}@${area.id}`, truth: 'inactive', at: out.now, text, evidence: [] })
    }
    for (const area of state.zones) {
      for (const { id, person, evidence } of state.scope.crew.inside(area)) {
        const known = state.trespasses.get(id)?.get(area.id)?.statement.active ?? false
        const active = !allowed(area, person)
        if (evidence && active !== known) say(state, { id, area, active, at: out.now, seen: evidence, out })
      }
    }
  },
}

function start(scope: Scope<RestrictedParams>): State {
  const zones = scope.areas.filter(({ kind }) => scope.params.kinds.includes(kind))
  const zonesOf = new Map<string, readonly Area[]>()
  for (const point of scope.site.points.values()) {
    const around = zones.filter((zone) => within(point.area, zone))
    if (around.length > 0) zonesOf.set(point.id, around)
  }
  return { scope, zones, zonesOf, lifted: [], trespasses: new Map() }
}

function keep({ trespasses }: State, trespass: Trespass): void {
  const areas = trespasses.get(trespass.id)
  if (areas) areas.set(trespass.area.id, trespass)
  else trespasses.set(trespass.id, new Map([[trespass.area.id, trespass]]))
}

/** A card nobody is known to hold is nobody's permission. */
function allowed(area: Area, person: Person | undefined): boolean {
  return person !== undefined && area.allow.includes(person.id)
}

/** Whether the reading's subject is in the area after it; `undefined` where the reading does not tell. */
function where(
  { scope }: State,
  { reading, area, id }: { reading: Reading; area: Area; id: string },
): boolean | undefined {
  const member = scope.crew.member(id)
  if (within(member?.area, area)) return true
  const { quality, point, ts } = reading
  const gone = 'gone' in (reading.value as Sighting) && (reading.value as Sighting).gone === true
  const out = (reading.value as Passage).direction === 'out'
  // A doubtful sighting moves nobody in the count of people, but it may raise, where nothing newer is known.
  if (quality !== 'good') return !gone && !out && within(point.area, area) && ts >= (member?.ts ?? 0) ? true : undefined
  // A reader elsewhere that loses the card does not say where it went.
  if (gone && !within(point.area, area)) return undefined
  return false
}

interface Said {
  readonly id: string
  readonly area: Area
  readonly active: boolean
  readonly at: number
  readonly seen: EntryRef | Reading
  readonly out: Out
}

function say(state: State, { id, area, active, at, seen, out }: Said): void {
  let trespass = state.trespasses.get(id)?.get(area.id)
  if (!trespass) {
    if (!active) return
    trespass = { id, area, first: undefined, statement: silence() }
    keep(state, trespass)
  }
  const latest = 'quality' in seen ? entryRef(seen) : refOf(seen)
  if (active) trespass.first ??= latest
  const first = trespass.first && !sameRef(trespass.first, latest) ? [refOf(trespass.first)] : []
  if (note(trespass.statement, { active, at, clearAfter: state.scope.instance.clearAfter })) {
    out.condition({
      key: `${id}@${area.id}`,
      truth: active ? 'active' : 'inactive',
      at,
      text: active ? insideText(trespass, state.scope) : leftText(trespass),
      evidence: [...first, latest],
    })
  }
  if (!active) trespass.first = undefined
  if (!calm(trespass.statement)) return
  const areas = state.trespasses.get(id)!
  areas.delete(area.id)
  if (areas.size === 0) state.trespasses.delete(id)
}

/** By number of person or card, never by name. */
function insideText({ id, area }: Trespass, { site }: Scope<RestrictedParams>): Text {
  const { zh, en } = areaName(area)
  return site.people.has(id)
    ? { zh: `${id} 进入限制区域 ${zh}，不在准入名单`, en: `${id} is in restricted area ${en} and not on its list` }
    : {
        zh: `${id} 进入限制区域 ${zh}，持卡人不明`,
        en: `${id} is in restricted area ${en}, and nobody is known to hold it`,
      }
}

function leftText({ id, area }: Trespass): Text {
  const { zh, en } = areaName(area)
  return { zh: `${id} 已离开限制区域 ${zh}`, en: `${id} left restricted area ${en}` }
}
