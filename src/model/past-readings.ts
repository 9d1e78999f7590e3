/** What reports ask of the history: whole sites over whole shifts, summed up where the readings lie. */
import type { Instant } from './time.ts'

/** A point's readings in a time. */
export interface PointSummary {
  readonly point: string
  readonly good: number
  readonly uncertain: number
  readonly bad: number
  /** Of good numbers and switches; absent where there was none. */
  readonly min?: number
  readonly max?: number
  readonly mean?: number
  readonly first?: number
  readonly last?: number
}

/** A card seen where it was not seen before. */
export interface CardMove {
  readonly card: string
  readonly ts: Instant
  /** The reader. */
  readonly point: string
  /** It left this reader's reach for good. */
  readonly gone: boolean
}

interface Past {
  readonly site: string
  readonly from: Instant
  /** Excluded. */
  readonly to: Instant
}

export interface PastReadings {
  /** One a point that was heard. */
  summary(query: Past): Promise<readonly PointSummary[]>
  /** In the order of time; a card's first sighting in the time is among them. */
  moves(query: Past): Promise<readonly CardMove[]>
}
