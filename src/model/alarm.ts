/** Conditions, alarms and transitions, in the words of ISA-18.2 and OPC UA Part 9. */
import type { DutyLevel } from './duty.ts'
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
  /** The severity is the rule's own word (a level's, an escalation's), not the item's. */
  readonly graded?: boolean
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
  'confirmed',
  'reset',
  'realarmed',
  'handed-on',
] as const
export type Cause = (typeof CAUSES)[number]

/** Why an alarm still stands though its condition is over: `latched` (锁存), until it is acknowledged after the end, or reset;
 *  `unconfirmed`, until somebody confirms that what was wrong has been put right. */
export type Held = 'latched' | 'unconfirmed'

/** What keeps an alarm from people: shelved (搁置) and out of service (停用) by somebody, suppressed (抑制) by a cause or a declared
 *  window. It never changes what is true. */
export interface Hush {
  readonly kind: 'shelved' | 'suppressed' | 'out-of-service'
  /** Who shelved it or took it out of service; the alarm or the window that suppresses it. */
  readonly by: string
  /** By the arrival clock; absent where something else ends it. */
  readonly until?: Instant
  /** Shelved until it next returns to normal, `until` at the latest. */
  readonly once?: true
  readonly reason?: string
  /** Who stood by; never the one who did it. */
  readonly witness?: string
}

/** A file kept by its content (its SHA-256); the bytes are not in the journal. */
export interface Attachment {
  readonly name: string
  /** Hex. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  readonly mediaType: string
}

/** What a person noted on an alarm: words, to whom they gave it, a file. It moves nothing, so it is no transition. */
export type Remark =
  | { readonly at: Instant; readonly by: string; readonly text: string }
  | { readonly at: Instant; readonly by: string; readonly assigned: string }
  | { readonly at: Instant; readonly by: string; readonly attached: Attachment }

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
  /** What the person who took the step gave as the reason; of a step that nobody took, `why` in English. */
  readonly reason?: string
  /** Why a step was taken that nobody took. */
  readonly why?: Text
  readonly held?: Held
  /** Set while people are not to be told. */
  readonly hush?: Hush
  /** It comes and goes faster than anybody can act: do not sound it again. */
  readonly chattering?: true
  /** First-up (首出): nothing else had risen in its area for a while when it rose. */
  readonly first?: true
  /** The alarm under which it is told: an alarm flood, or the cause of a statutory alarm that may not be suppressed. */
  readonly group?: string
  /** The duty desk that is called now, and its level in the duty tree. */
  readonly desk?: string
  readonly level?: DutyLevel
  /** It is a notice, and the desk's quiet hours: show it, and do not sound it. */
  readonly quiet?: true
  /** Of an alarm flood: how many alarms it holds, and their ids, the first of them. */
  readonly members?: { readonly count: number; readonly alarms: readonly string[] }
  readonly evidence: readonly EntryRef[]
}

/** What a transition says of the alarms around it. A re-run of one alarm's evidence cannot tell these. */
export const SURROUNDINGS = [
  'hush',
  'first',
  'group',
  'desk',
  'level',
  'quiet',
  'members',
] as const satisfies readonly (keyof Transition)[]
