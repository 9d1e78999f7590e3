/** What the house asks of adapters. Each port has one conformance suite in `test/conformance`. */

import type { TSchema } from 'typebox'
import type { AlarmState, Severity, Transition } from './alarm.ts'
import type { Entry, NewEntry, Offset } from './entry.ts'
import type { DeadLetter, RefusalCode } from './errors.ts'
import type { Json } from './json.ts'
import type { PointRef } from './point.ts'
import type { Measurement, Quality, Timing } from './reading.ts'
import type { Site } from './site.ts'
import type { Text } from './text.ts'
import type { Duration, Instant } from './time.ts'

/** A message as a source received it. */
export interface Frame {
  /** `davy/v1/{site}/{point}` or `davy/v1/{site}`, whatever the protocol was. */
  readonly topic: string
  /** UTF-8 JSON: a reading or an array of readings. */
  readonly payload: Uint8Array
  /** Set where the source has refused it already (its sender may not speak for this site): the door keeps it as a dead letter
   *  under this code, and never reads it. */
  readonly refused?: RefusalCode
  /** With `refused`: where in the input, and what stood there. */
  readonly detail?: string
  /** Said once, after the journal (or the dead letters) has it on disk; only then may the source acknowledge. */
  settle(outcome: 'journaled' | 'rejected'): void
}

export type LinkState = 'connecting' | 'up' | 'down'

export interface Link {
  readonly state: LinkState
  /** Since when, by the system clock. */
  readonly since: Instant
  /** What is wrong, in words for the operator. */
  readonly reason?: string
  /** The peer's address. */
  readonly peer: string
}

export interface Source {
  readonly name: string
  /** Connects and yields batches of frames until the signal aborts (then it returns) or the peer is lost (then it throws `SourceLost`).
   *  The consumer's pace is the back-pressure: a source holds a bounded number of frames. */
  open(signal: AbortSignal): AsyncIterable<readonly Frame[]>
  link(): Link
  /** What it turned away, held back or could not have beside frames (limits met, clients refused, gaps not filled), by kind: how often. */
  notices?(): Readonly<Record<string, number>>
}

export interface Journal {
  /** Resolves with the last entry's offset once all entries are on disk. Calls may overlap; they take effect in order. */
  append(entries: readonly NewEntry[]): Promise<Offset>
  /** Entries from `from` on, in batches, up to the end at the time of the call. */
  read(from: Offset, signal?: AbortSignal): AsyncIterable<readonly Entry[]>
  /** 0 while empty. */
  last(): Offset
  close(): Promise<void>
}

/** The fold's state after an entry. */
export interface Snapshot {
  readonly offset: Offset
  /** The configuration it was folded under. */
  readonly hash: string
  readonly state: Json
}

export interface Snapshots {
  save(snapshot: Snapshot): Promise<void>
  latest(): Promise<Snapshot | undefined>
}

export interface StoredLetter extends DeadLetter {
  readonly id: number
  readonly replayed: boolean
}

export interface DeadLetters {
  /** Resolves once on disk. Keeps a bounded number; the oldest replayed or refused ones go first. */
  put(letters: readonly DeadLetter[]): Promise<void>
  list(query: {
    readonly code?: string
    readonly before?: number
    readonly limit?: number
  }): Promise<readonly StoredLetter[]>
  get(id: number): Promise<StoredLetter | undefined>
  markReplayed(id: number): Promise<void>
  counts(): Promise<Readonly<Record<string, number>>>
}

/** An alarm as the desk lists it: its latest transition and its whole episode. */
export interface AlarmRecord {
  readonly alarm: string
  readonly episode: number
  readonly state: AlarmState
  readonly severity: Severity
  readonly raised: Instant
  readonly cleared?: Instant
  readonly last: Transition
}

export interface AlarmQuery {
  readonly state?: readonly AlarmState[]
  readonly site?: string
  readonly rule?: string
  readonly severity?: readonly Severity[]
  readonly from?: Instant
  readonly to?: Instant
  /** By the rise, newest first, where it is not said. `urgency`: what holds before what is over, unacknowledged before acknowledged, the
   *  worst of them first, then newest. */
  readonly order?: 'urgency'
  /** Of a page in the same order. */
  readonly cursor?: string
  readonly limit?: number
}

/** Persistent list of alarms and every transition: a projection of the fold, rebuilt from the journal where it is lost. */
export interface AlarmStore {
  /** Idempotent by transition id and place in the journal: under a known id, what lies elsewhere is another event and takes the place of
   *  that one and of what followed it in its episode. Returns each new transition's stream number, in order; known ones are left out. */
  put(transitions: readonly Transition[]): Promise<readonly StreamedTransition[]>
  list(query: AlarmQuery): Promise<{ readonly items: readonly AlarmRecord[]; readonly next?: string }>
  /** Every transition of an alarm, oldest first. */
  timeline(alarm: string): Promise<readonly Transition[]>
  /** Alarms that were ever raised and whose ids begin so, with their rules, by id. */
  beginning(prefix: string): Promise<readonly { readonly alarm: string; readonly rule: string }[]>
  /** Transitions after a stream number, oldest first: what a resumed SSE client missed. */
  since(seq: number, limit: number): Promise<readonly StreamedTransition[]>
  /** The newest stream number; 0 where there is none. */
  last(): Promise<number>
  /** The highest journal offset among what it holds. What is critical may have overtaken what still waits to be stored. */
  offset(): Promise<Offset>
  close(): Promise<void>
}

export interface StreamedTransition {
  /** Increases by one a transition: the SSE id. */
  readonly seq: number
  readonly transition: Transition
}

export interface AlarmSink {
  readonly name: string
  publish(transitions: readonly Transition[]): Promise<void>
  close(): Promise<void>
}

/** Readings of one site on their way up. */
export interface SiteReadings {
  readonly site: string
  /** UTF-8 JSON: an array of readings without their site, as the door above takes it. */
  readonly payload: string
}

/** A way up (上传): to whoever watches several installations like this one. */
export interface Uplink {
  readonly name: string
  link(): Link
  /** Resolves once the peer has acknowledged all of them, each site's in their order, however long it was away, or what it will not
   *  take is set aside; rejects where they will not be sent any more. */
  sendReadings(readings: readonly SiteReadings[]): Promise<void>
  /** The same of transitions. */
  sendTransitions(transitions: readonly Transition[]): Promise<void>
  /** Tries to send what it had set aside; resolves with why it is still refused, or nothing where the peer has it. Throws
   *  `forward-down` where the peer cannot be reached. Absent where nothing is ever set aside. */
  sendAgain?(letter: Pick<DeadLetter, 'topic' | 'payload'>): Promise<string | undefined>
  close(): Promise<void>
}

/** What an uplink is given beside its settings. */
export interface UplinkContext extends Pick<AdapterContext, 'now'> {
  /** The form in which a transition leaves the service. */
  serialise(transition: Transition): string
  /** Keeps what the peer will never take as it is, with the reason; resolves once on disk, and what is behind it goes on. */
  setAside(letter: Pick<DeadLetter, 'topic' | 'payload' | 'code' | 'detail'>): Promise<void>
}

/** What the history keeps of a reading. */
export interface HistoryRow extends Measurement {
  readonly quality: Quality
  readonly received: Instant
  readonly timing: Timing
}

export interface SeriesBucket {
  readonly ts: Instant
  /** Extremes are kept, so a peak never disappears from a chart. Absent where no good reading fell into the bucket. */
  readonly min?: number
  readonly max?: number
  readonly last?: number
  readonly count: number
  readonly worst: Quality
}

export interface TrackStep {
  readonly point: PointRef
  readonly ts: Instant
  readonly until: Instant
  readonly readings: number
}

/** In a series; more are refused. */
export const MOST_BUCKETS = 5_000

/** Readings for charts and tracks: a projection of the journal. */
export interface History {
  write(rows: readonly HistoryRow[], upTo: Offset): Promise<void>
  /** Throws `series-too-long` beyond `MOST_BUCKETS`. */
  series(query: {
    readonly point: PointRef
    readonly from: Instant
    readonly to: Instant
    readonly every: Duration
  }): Promise<readonly SeriesBucket[]>
  raw(query: {
    readonly point: PointRef
    readonly from: Instant
    readonly to: Instant
    readonly limit: number
  }): Promise<readonly HistoryRow[]>
  track(query: {
    readonly site: string
    readonly card: string
    readonly from: Instant
    readonly to: Instant
  }): Promise<readonly TrackStep[]>
  offset(): Promise<Offset>
  close(): Promise<void>
}

/** What an adapter is given beside its settings. */
export interface AdapterContext {
  /** The system clock. */
  now(): Instant
  /** The sites of the configuration in force, for adapters that find points by more than their ids; another map after a reload. */
  sites?(): ReadonlyMap<string, Site>
  /** Event time of the newest reading of a point, bad ones apart, that is in the journal, also from before this start of the service;
   *  where a gap of it is noted, up to when it was heard before; `undefined` where nothing is known of it. For adapters whose peer
   *  remembers what was missed. */
  heard?(site: string, point: string): Instant | undefined
  /** Notes up to when points were heard before a gap that is still to be filled, whatever is heard live meanwhile; `undefined`: it is
   *  filled. Holds at once, and beyond a crash once it resolves; rejects where it cannot be written. */
  gap?(site: string, marks: ReadonlyMap<string, Instant | undefined>): Promise<void>
  log(level: 'info' | 'warn' | 'error', message: string, detail?: Readonly<Record<string, unknown>>): void
}

/** One way in: a folder under `src/adapters` and one line in its `index.ts`. */
export interface Adapter<S = unknown> {
  /** The `adapter:` word of `sources:` in davy.yaml. */
  readonly name: string
  readonly title: Text
  /** Type, default, check, documentation and JSON schema of the settings in one. */
  readonly settings: TSchema
  /** Throws `settings-invalid` where settings that are each well formed do not go together. Opens nothing. */
  check?(settings: S, source: { readonly name: string }): void
  create(settings: S, context: AdapterContext & { readonly name: string }): Source
}
