/** Keeps who is where at one site (入井人员): a person is where last seen until seen elsewhere, gone, or out by a gate. */
import type { Crew, Member, Move } from '../model/crew.ts'
import type { EntryRef } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Point } from '../model/point.ts'
import type { Passage, Reading, Sighting } from '../model/reading.ts'
import { entryRef } from '../model/rule.ts'
import type { Area, Person, Site } from '../model/site.ts'
import type { Instant } from '../model/time.ts'

/** What one card, or the gate (under the name ''), last said of its holder. */
interface Trace {
  readonly point: Point
  readonly ts: Instant
  readonly evidence: EntryRef
}

interface Tracked extends Member {
  readonly traces: Map<string, Trace>
  /** Last passage out: older sightings no longer count. */
  out: Instant
}

const GATE = ''
const NEVER = Number.NEGATIVE_INFINITY
/** Of the id of a card nobody is known to hold. */
const UNKNOWN = 'card:'

/** The newest trace, under its name; of one instant, the last in order of name. */
function newestOf({ traces }: Tracked): [string, Trace] | undefined {
  let newest: [string, Trace] | undefined
  for (const entry of traces) {
    const [name, { ts }] = entry
    if (!newest || ts > newest[1].ts || (ts === newest[1].ts && name > newest[0])) newest = entry
  }
  return newest
}

/** The engine's writable side of a `Crew`. */
export interface CrewKeeper extends Crew {
  /** Takes a live or early card or gate reading in; the move it made, if any. */
  apply(reading: Reading): Move | undefined
  /** Whom another configuration put elsewhere: cards handed out, readers moved. To be told to the rules that go on. */
  readonly moves: readonly Move[]
  save(): Json
}

export function createCrew(site: Site, saved?: Json): CrewKeeper {
  const members = new Map<string, Tracked>()
  const counts = new Map<Area, number>()

  function track(id: string, person: Person | undefined): Tracked {
    let member = members.get(id)
    if (!member) {
      member = {
        id,
        ...(person && { person }),
        ts: NEVER,
        since: NEVER,
        out: NEVER,
        traces: new Map(),
      }
      members.set(id, member)
    }
    return member
  }

  function shift(area: Area | undefined, by: 1 | -1): void {
    for (let a = area; a; a = a.parent) counts.set(a, (counts.get(a) ?? 0) + by)
  }

  /** The newest trace decides; a passage out has removed the older ones. */
  function locate(member: Tracked, reading: Reading): Move | undefined {
    const [card, newest] = newestOf(member) ?? []
    if (reading.ts > member.ts) member.ts = reading.ts
    const from = member.area
    const to = newest?.point.area
    if (newest) {
      member.reader = newest.point
      member.evidence = newest.evidence
      if (card !== GATE) member.card = card!
    } else {
      delete member.reader
      delete member.evidence
    }
    if (from === to) {
      if (!newest && !member.person) members.delete(member.id)
      return undefined
    }
    if (to) member.area = to
    else delete member.area
    member.since = reading.ts
    shift(from, -1)
    shift(to, 1)
    // A card nobody is known to hold leaves nothing worth remembering behind.
    if (!newest && !member.person) members.delete(member.id)
    return { member, ...(from && { from }), ...(to && { to }), ts: reading.ts, evidence: entryRef(reading) }
  }

  function sight(reading: Reading): Move | undefined {
    const { card, gone } = reading.value as Sighting
    const person = site.cards.get(card)
    const id = person?.id ?? `card:${card}`
    const known = members.get(id)
    if (gone) {
      // Only the reader that has the card can lose it, and only for certain.
      const trace = known?.traces.get(card)
      if (!known || !trace || reading.quality !== 'good' || trace.point !== reading.point || reading.ts < trace.ts) {
        return undefined
      }
      known.traces.delete(card)
      const gate = known.traces.get(GATE)
      if (gate && gate.ts <= reading.ts) known.traces.delete(GATE)
      return locate(known, reading)
    }
    if (known && reading.ts < known.out) return undefined
    // An uncertain sighting may add somebody to a count, never take them out of one.
    if (reading.quality === 'uncertain' && known?.area) return undefined
    const member = known ?? track(id, person)
    member.traces.set(card, { point: reading.point, ts: reading.ts, evidence: entryRef(reading) })
    return locate(member, reading)
  }

  function pass(reading: Reading): Move | undefined {
    const { direction, person: name, card } = reading.value as Passage
    const person = (name === undefined ? undefined : site.people.get(name)) ?? site.cards.get(card ?? '')
    const id = person?.id ?? name ?? (card === undefined ? undefined : `card:${card}`)
    if (id === undefined) return undefined
    const known = members.get(id)
    if (direction === 'out') {
      if (!known || reading.quality !== 'good') return undefined
      known.out = Math.max(known.out, reading.ts)
      for (const [key, trace] of known.traces) if (trace.ts <= reading.ts) known.traces.delete(key)
      return locate(known, reading)
    }
    if (known && (reading.ts < known.out || (reading.quality === 'uncertain' && known.area))) return undefined
    if (!reading.point.area) return undefined
    const member = known ?? track(id, person)
    member.traces.set(GATE, { point: reading.point, ts: reading.ts, evidence: entryRef(reading) })
    return locate(member, reading)
  }

  const moves: Move[] = []
  if (saved) restore(saved as unknown as SavedCrew)

  /** Whose a trace is under the configuration of today: cards are handed out, and readers moved, while people are below. */
  function ownerOf(id: string, name: string): string {
    const card = name === GATE ? (id.startsWith(UNKNOWN) ? id.slice(UNKNOWN.length) : undefined) : name
    if (card === undefined) return id
    return site.cards.get(card)?.id ?? `${UNKNOWN}${card}`
  }

  function restore(state: SavedCrew): void {
    const areas = new Map<string, Area | undefined>()
    for (const [id, ts, since, out, traces, card, area] of state) {
      areas.set(id, site.areas.get(area ?? ''))
      const owners = traces.map(([name]) => ownerOf(id, name))
      for (const owner of owners.length > 0 ? owners : [id]) {
        const member = track(owner, site.people.get(owner))
        member.ts = Math.max(member.ts, ts ?? NEVER)
        member.since = Math.max(member.since, since ?? NEVER)
        member.out = Math.max(member.out, out ?? NEVER)
        if (card !== null && ownerOf(id, card) === owner) member.card = card
      }
      for (const [i, [name, pointId, at, value, ref, claimed]] of traces.entries()) {
        const point = site.points.get(pointId)
        if (!point) continue
        const evidence = { point, ts: claimed ?? at, value: value as never, ...(ref !== null && { ref }) }
        const { traces: kept } = members.get(owners[i]!)!
        const before = kept.get(name)
        if (!before || at >= before.ts) kept.set(name, { point, ts: at, evidence })
      }
    }
    for (const member of members.values()) {
      const [name, newest] = newestOf(member) ?? []
      if (newest) {
        member.reader = newest.point
        member.evidence = newest.evidence
        if (name !== GATE) member.card = name!
        if (newest.point.area) member.area = newest.point.area
        shift(member.area, 1)
      } else if (!member.person) members.delete(member.id)
    }
    for (const [id, from] of areas) {
      const member = members.get(id)
      if (from !== member?.area) moved(member ?? { id, ts: NEVER, since: NEVER }, from)
    }
    for (const member of members.values()) if (member.area && !areas.has(member.id)) moved(member, undefined)
  }

  function moved(member: Member, from: Area | undefined): void {
    const evidence = member.evidence ?? { point: { siteId: site.id, id: '' }, ts: 0, value: null }
    const { area: to } = member
    moves.push({ member, ...(from && { from }), ...(to && { to }), ts: member.ts, evidence })
  }

  return {
    site,
    moves,
    apply: (reading) =>
      reading.quality === 'bad' ? undefined : reading.point.shape === 'sighting' ? sight(reading) : pass(reading),
    member: (id) => members.get(id),
    members: () => members.values(),
    count: (area) => counts.get(area) ?? 0,
    inside(area) {
      const found: Member[] = []
      for (const member of members.values()) {
        for (let a = member.area; a; a = a.parent) {
          if (a === area) {
            found.push(member)
            break
          }
        }
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1))
    },
    save: () =>
      [...members.values()].map((m) => [
        m.id,
        finite(m.ts),
        finite(m.since),
        finite(m.out),
        [...m.traces].map(([card, { point, ts, evidence }]) => {
          const trace = [card, point.id, ts, evidence.value, evidence.ref ?? null]
          // The device's own time, where it ran ahead of arrival.
          return evidence.ts === ts ? trace : [...trace, evidence.ts]
        }),
        m.card ?? null,
        m.area?.id ?? null,
      ]) as unknown as Json,
  }
}

type SavedCrew = readonly [
  id: string,
  ts: number | null,
  since: number | null,
  out: number | null,
  traces: readonly [card: string, point: string, ts: number, value: Json, ref: string | null, claimed?: number][],
  card: string | null,
  area: string | null,
][]

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null)
