/** Conditions, alarms and transitions, in the words of ISA-18.2 and OPC UA Part 9. */
import type { EntryRef, Offset } from './entry.ts'
import type { RuleInstance } from './rule.ts'
import type { Site } from './site.ts'
import type { Text } from './text.ts'
import type { Duration, Instant } from './time.ts'

/** Red, orange, yellow, blue. */
export const SEVERITIES = ['critical', 'major', 'minor', 'notice'] as const
export type Severity = (typeof SEVERITIES)[number]

/** `unknown`: the rule can no longer tell (its point went bad); it neither raises nor clears. */
export type Truth = 'active' | 'inactive' | 'unknown'

/** What a rule says about one key. Saying it again confirms that it still holds at `at`. */
export interface Condition {
  readonly site: Site
  readonly instance: RuleInstance
  /** What the alarm is about, in the rule's terms: an area, a point, a card, `point:level`. */
  readonly key: string
  readonly truth: Truth
  /** Event time: since when, or until when, it is so. */
  readonly at: Instant
  readonly severity: Severity
  readonly value?: number
  readonly limit?: number
  readonly text: Text
  readonly evidence: readonly EntryRef[]
  /** Overrides of the instance's delays, where a level has its own. */
  readonly raiseAfter?: Duration
  readonly clearAfter?: Duration
  /** The rule has waited already (an absence that ran out): raise at `at`, without a delay of its own. */
  readonly elapsed?: boolean
}

export const ALARM_STATES = ['normal', 'unacked', 'acked', 'rtn-unacked'] as const
export type AlarmState = (typeof ALARM_STATES)[number]

export const CAUSES = [
  'raised',
  'cleared',
  'acked',
  'escalated',
  'eased',
  'shelved',
  'unshelved',
  'suppressed',
  'unsuppressed',
  'out-of-service',
  'in-service',
  'retrospective',
] as const
export type Cause = (typeof CAUSES)[number]

/** What a person noted on an alarm: words, or to whom they gave it. It moves nothing, so it is no transition. */
export type Remark =
  | { readonly at: Instant; readonly by: string; readonly text: string }
  | { readonly at: Instant; readonly by: string; readonly assigned: string }

/** One step of one alarm's life: the only thing sinks see. */
export interface Transition {
  /** `{alarm}/{episode}.{revision}`: derived, so publishing twice is harmless. */
  readonly id: string
  /** `{site}/{instance}/{key}`. */
  readonly alarm: string
  readonly episode: number
  readonly revision: number
  /** The instant at which the condition had held for its delay, or the command was given. */
  readonly at: Instant
  /** When the condition began. */
  readonly since?: Instant
  /** The arrival clock when it was judged. */
  readonly received: Instant
  /** The entry that decided it. */
  readonly offset: Offset
  readonly site: string
  readonly rule: string
  readonly instance: string
  /** `{regulation}/{clause}`. */
  readonly clause?: string
  readonly key: string
  readonly from: AlarmState
  readonly to: AlarmState
  readonly cause: Cause
  readonly severity: Severity
  readonly value?: number
  readonly limit?: number
  readonly text: Text
  readonly by?: string
  readonly reason?: string
  readonly evidence: readonly EntryRef[]
}
