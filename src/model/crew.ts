/** Who is where (入井人员): the engine's count of people, which rules and the page read. */
import type { EntryRef } from './entry.ts'
import type { Point } from './point.ts'
import type { Area, Person, Site } from './site.ts'
import type { Instant } from './time.ts'

/** A known person, or a card nobody is known to hold (id `card:…`), which counts as one. */
export interface Member {
  readonly id: string
  readonly person?: Person
  /** The card last seen. Absent: known from a gate only. */
  card?: string
  /** Where last seen; absent once gone or out. */
  area?: Area
  reader?: Point
  /** Event time of the last sighting or passage. */
  ts: Instant
  /** Event time of entering the present area. */
  since: Instant
  /** The sighting or passage that put them there; absent once gone or out. */
  evidence?: EntryRef
}

/** A change of one member's area. */
export interface Move {
  readonly member: Member
  readonly from?: Area
  readonly to?: Area
  readonly ts: Instant
  readonly evidence: EntryRef
}

/** Read-only to rules. */
export interface Crew {
  readonly site: Site
  member(id: string): Member | undefined
  /** Everybody in an area or its sub-areas, in order of id. */
  inside(area: Area): readonly Member[]
  /** How many `inside` would list. */
  count(area: Area): number
  /** Everybody heard of, those who have left included (they have no `reader`). */
  members(): IterableIterator<Member>
}
