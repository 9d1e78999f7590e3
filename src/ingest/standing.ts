/** What the judge knows of one site, and how that is written down. */
import type { Duration, Instant } from '../model/time.ts'
import { createDisorder, type Disorder } from './disorder.ts'
import { createSubjects, fresh, type Subjects } from './subjects.ts'

/** How far a point's clock runs ahead of arrival, and when that was seen last. */
export interface Ahead {
  readonly by: Duration
  readonly received: Instant
}

export interface Standing {
  readonly disorder: Disorder
  readonly subjects: Subjects
  /** Points whose last word, late ones apart, was early, by id. */
  readonly ahead: Map<string, Ahead>
  late: number
  early: number
  bad: number
}

/** A site nothing has been heard of. */
export function createStanding(): Standing {
  return {
    disorder: createDisorder(),
    subjects: createSubjects(),
    ahead: new Map(),
    late: 0,
    early: 0,
    bad: 0,
  }
}

/** A standing as JSON; lists are in order of name. */
export type SavedStanding = {
  readonly disorder: readonly [bucket: number, lag: Duration, before: Duration]
  readonly counts: readonly [late: number, early: number, bad: number]
  readonly cards: readonly (readonly [string, Instant])[]
  readonly persons: readonly (readonly [string, Instant])[]
  readonly ahead: readonly (readonly [string, Duration, Instant])[]
}

/** Writes a standing; who was last heard at or before `stale` is left out, for nothing depends on it any more. */
export function saveStanding({ disorder, subjects, ahead, late, early, bad }: Standing, stale: Instant): SavedStanding {
  return {
    disorder: [disorder.bucket, disorder.lag, disorder.before],
    counts: [late, early, bad],
    cards: fresh(subjects.cards, stale),
    persons: fresh(subjects.persons, stale),
    ahead: [...ahead]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { by, received }]): [string, Duration, Instant] => [id, by, received]),
  }
}

/** What `saveStanding` wrote. */
export function loadStanding(saved: SavedStanding): Standing {
  const [bucket, lag, before] = saved.disorder
  const [late, early, bad] = saved.counts
  return {
    disorder: { bucket, lag, before },
    subjects: { ...createSubjects(), cards: new Map(saved.cards), persons: new Map(saved.persons) },
    ahead: new Map(saved.ahead.map(([id, by, received]) => [id, { by, received }])),
    late,
    early,
    bad,
  }
}
