/** Whose word a reading is: the point's, or that of the card or person it tells of, wherever it was seen. */
import type { Point } from '../model/point.ts'
import type { Passage, Sighting, Value } from '../model/reading.ts'
import type { Duration, Instant } from '../model/time.ts'

/** Event time of each named subject's last live word, in one site. */
export interface Subjects {
  readonly cards: Map<string, Instant>
  readonly persons: Map<string, Instant>
  /** Size of a map at which stale subjects are looked for. */
  limit: number
}

/** Nobody has been heard. */
export function createSubjects(): Subjects {
  return { cards: new Map(), persons: new Map(), limit: 1_024 }
}

/** The card of a sighting; the card, else the person, of a passage. Absent: the subject is the point. */
export function nameOf({ shape }: Point, value: Value | null): string | undefined {
  if (value === null) return undefined
  if (shape === 'sighting') return (value as Sighting).card
  return shape === 'passage' ? ((value as Passage).card ?? (value as Passage).person) : undefined
}

/** Where the subject's last word stands, for a value that names one. */
export function bookOf({ cards, persons }: Subjects, value: Value): Map<string, Instant> {
  return typeof value === 'object' && 'card' in value && value.card !== undefined ? cards : persons
}

/** Forgets whoever was last heard at or before `stale` = arrival less `lateAfter`: being older than that is late without them. */
export function sweep(subjects: Subjects, stale: Instant): void {
  const { cards, persons } = subjects
  if (cards.size + persons.size < subjects.limit) return
  for (const book of [cards, persons]) {
    for (const [name, ts] of book) if (ts <= stale) book.delete(name)
  }
  subjects.limit = Math.max(1_024, 2 * (cards.size + persons.size))
}

/** The subjects that `sweep` would leave, in order of name. */
export function fresh(book: ReadonlyMap<string, Instant>, stale: Instant): [string, Instant][] {
  return [...book].filter(([, ts]) => ts > stale).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A reading is late where its subject has been heard since, or arrival has left it behind. */
export function isLate(
  ts: Instant,
  { last, received, lateAfter }: { last: Instant; received: Instant; lateAfter: Duration },
): boolean {
  return ts < last || received - ts > lateAfter
}
