/** What is counted of past alarms for the figures of EEMUA 191 and ISA-18.2, and whom it is asked of. */
import type { AlarmState, Severity } from './alarm.ts'
import type { Duration, Instant } from './time.ts'

/** A time, `to` excluded, and perhaps some sites or a duty desk. */
export interface KpiQuery {
  readonly from: Instant
  readonly to: Instant
  readonly sites?: readonly string[]
  /** Only what stood on this duty desk, each alarm from when it came to it: from its rise, or from when it was handed on. */
  readonly desk?: string
}

/** How a number of durations is spread, in milliseconds. */
export interface Spread {
  readonly count: number
  readonly median: Duration
  readonly p90: Duration
  readonly max: Duration
}

/** Episodes raised in the time asked for. */
export interface AlarmFigures {
  readonly raised: number
  /** Minutes (since the epoch) in which any was raised, in order, and how many. */
  readonly minutes: readonly (readonly [minute: number, raised: number])[]
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>
  /** As they are now. */
  readonly byState: Readonly<Partial<Record<AlarmState, number>>>
  readonly byRule: readonly { readonly rule: string; readonly raised: number }[]
  /** Those raised most often, at most ten. */
  readonly top: readonly { readonly alarm: string; readonly raised: number }[]
  /** Alarms that rose three times within a minute, or more than five times within an hour. */
  readonly chattering: readonly { readonly alarm: string; readonly raised: number }[]
  /** From raised to acknowledged, and to cleared; absent where none was. */
  readonly acknowledge?: Spread
  readonly clear?: Spread
  /** Rises of the alarm that says that a response clock ran out; of a desk: how often its own clocks did. */
  readonly breaches: number
}

/** Reads beside the one writer, so that a long look at the past holds up nothing. */
export interface AlarmKpis {
  figures(query: KpiQuery): Promise<AlarmFigures>
  /** How what reads is doing: it ends and begins anew without the service. */
  reader(): ReaderState
  close(): Promise<void>
}

/** Of the thread that reads. */
export interface ReaderState {
  readonly up: boolean
  /** How often it was begun anew since the service started. */
  readonly restarts: number
  /** Why it last ended, where it is not up. */
  readonly reason?: string
}

/** Instance under which a response clock that ran out is told. */
export const RESPONSE_CLOCK = 'response-clock'
