/** Levels of `limit`, and what is remembered of each at one point. */
import type { Severity } from '../../model/alarm.ts'
import type { Text } from '../../model/text.ts'
import type { Duration, Instant } from '../../model/time.ts'

export interface Level {
  readonly name: string
  readonly title?: Partial<Text>
  readonly high?: number
  readonly low?: number
  readonly clear?: number
  readonly severity?: Severity
  readonly raiseAfter?: Duration
  readonly clearAfter?: Duration
}

export interface LimitParams {
  readonly levels: readonly Level[]
}

/** `clearing`: below, with a clear delay that may still run. `unknown`: no valid value since it last was held or clearing. */
export type Open = 'none' | 'clearing' | 'unknown'

export interface Watch {
  readonly level: Level
  readonly key: string
  readonly limit: number
  readonly clear: number
  readonly clearAfter: Duration
  /** The hysteresis: over the limit and not yet back below `clear`. */
  held: boolean
  open: Open
  /** When it went back, where `open` is `clearing`. */
  ended: Instant
}
