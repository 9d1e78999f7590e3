/** What comes to the door, and what one append takes from it. */
import type { NewEntry } from '../model/entry.ts'
import type { DeadLetter, RefusalCode } from '../model/errors.ts'
import type { Instant } from '../model/time.ts'

/** A frame as the door takes it. */
export interface Arriving {
  /** Who brought it. */
  readonly source: string
  readonly topic: string
  readonly payload: Uint8Array
  /** Its source has refused it already: it becomes a dead letter under this code, unread. */
  readonly refused?: RefusalCode
  /** Where in the input its source found the fault. */
  readonly detail?: string
  /** A replayed dead letter's first arrival: it stamps a reading that has no `ts`, which must not pass for a fresh one. */
  readonly arrived?: Instant
}

export interface Counts {
  accepted: number
  duplicates: number
  refused: number
  /** Event time of the newest reading that the last frame brought; minus infinity where it brought none. */
  newest: Instant
}

/** What one append takes; the door adds to it, the caller makes and empties it. */
export interface Batch extends Counts {
  readonly entries: NewEntry[]
  readonly letters: DeadLetter[]
}

/** An empty batch. */
export function createBatch(): Batch {
  return { entries: [], letters: [], accepted: 0, duplicates: 0, refused: 0, newest: Number.NEGATIVE_INFINITY }
}
