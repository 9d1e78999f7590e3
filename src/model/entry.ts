/** The journal's entries: everything that can change an outcome, in the order of arrival. */
import type { Command } from './command.ts'
import type { PointRef } from './point.ts'
import type { Measurement } from './reading.ts'
import type { Instant } from './time.ts'

/** Position in the journal, from 1, without gaps. Safe integers: 2^53 entries outlast any mine. */
export type Offset = number

export type NewEntry =
  | { readonly type: 'reading'; readonly at: Instant; readonly reading: Measurement }
  | { readonly type: 'tick'; readonly at: Instant }
  | { readonly type: 'command'; readonly at: Instant; readonly command: Command }
  | { readonly type: 'config'; readonly at: Instant; readonly hash: string }

/** `at` is the arrival clock, which never runs backwards. */
export type Entry = NewEntry & { readonly offset: Offset }

/** What evidence points to. */
export interface EntryRef {
  readonly point: PointRef
  readonly ts: Instant
  readonly value: Measurement['value']
  readonly ref?: string
}
