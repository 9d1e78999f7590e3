/** One alarm as the desk keeps it between transitions. */
import {
  type AlarmState,
  type Cause,
  type Condition,
  type Held,
  type Hush,
  type Remark,
  SEVERITIES,
  type Severity,
  type Transition,
} from '../model/alarm.ts'
import type { DutyLevel, ResponseClock } from '../model/duty.ts'
import type { EntryRef, Offset } from '../model/entry.ts'
import type { RuleInstance } from '../model/rule.ts'
import type { Text } from '../model/text.ts'
import type { Instant } from '../model/time.ts'
import type { Pending } from './delay.ts'
import type { Place } from './place.ts'

/** Whom an alarm calls now. */
export interface Call {
  readonly desk: string
  readonly level: DutyLevel
  /** How often it was handed on since its clock began. */
  readonly step: number
  readonly clock: keyof ResponseClock
  /** Arrival of the rise, and of the call of this desk. */
  readonly rose: Instant
  readonly since: Instant
  /** By the arrival clock; absent where nobody is left to hand it on to. */
  readonly due?: Instant
  /** Set while a notice is to be quiet. */
  readonly quietUntil?: Instant
}

/** Part of the alarm that no life of it changes. */
export interface Identity {
  /** `{site}/{instance}/{key}` */
  readonly alarm: string
  readonly site: string
  readonly rule: string
  readonly instance: string
  clause?: string
  readonly key: string
}

/** An alarm that became graver, or less so. */
export type Grading = Extract<Cause, 'escalated' | 'eased'>

export function gradingOf(before: Severity, after: Severity): Grading | undefined {
  const risen = SEVERITIES.indexOf(after) - SEVERITIES.indexOf(before)
  return risen === 0 ? undefined : risen < 0 ? 'escalated' : 'eased'
}

/** What a statement says of its alarm. */
export type Words = Pick<Condition, 'severity' | 'graded' | 'value' | 'limit' | 'text' | 'evidence'>

export interface AlarmNode extends Identity {
  /** Of the rule instance, as of `version`. */
  lineage: string
  /** Where the episode began: cards and people are elsewhere in the next one. */
  place: Place
  state: AlarmState
  held?: Held
  episode: number
  revision: number
  pending?: Pending
  /** What is said once what is pending has passed; until then the alarm is described by what stands. */
  saying?: Words
  /** The rule instance's hash when it last spoke of this alarm. */
  version: string
  /** Event time at which the running episode's condition began, and at which it was raised. */
  since: Instant
  raised: Instant
  /** Event time at which it ended; absent while it is active. */
  ended?: Instant
  /** Where the last episode was found in a backlog: when the last live one began and ended. */
  lived?: readonly [Instant, Instant]
  severity: Severity
  /** The severity is the rule's own word, not the item's. */
  graded?: boolean
  value?: number
  limit?: number
  text: Text
  evidence: readonly EntryRef[]
  statutory?: true
  shelved?: Hush
  outOfService?: Hush
  /** What suppresses it, by design or within a window; never empty. */
  suppressed?: readonly Hush[]
  /** Event times of its last rises and returns, as many as chattering takes. */
  moves?: readonly Instant[]
  chattering?: true
  first?: true
  group?: string
  members?: { readonly count: number; readonly alarms: readonly string[] }
  call?: Call
  /** By the arrival clock: when it is told again, if it is still active. */
  realarmAt?: Instant
  owner?: string
  /** What people noted, oldest first; the last hundred. */
  remarks?: readonly Remark[]
}

/** Where in the journal, and when on the arrival clock, something is judged. */
export interface Stamp {
  readonly now: Instant
  readonly offset: Offset
}

/** What is known of an alarm before it was ever raised. */
export interface Beginning extends Identity {
  readonly version: string
  readonly lineage: string
  readonly at: Instant
  readonly severity: Severity
  readonly text: Text
}

/** The clause an item stands for, under its regulation. */
export function clauseOf({ regulation, clause }: RuleInstance): Pick<Identity, 'clause'> {
  return clause === undefined ? {} : { clause: `${regulation.id}/${clause}` }
}

/** The alarm a condition speaks of. */
export function beginningOf(alarm: string, condition: Condition): Beginning {
  const { site, instance, key, at, severity, text } = condition
  const { id, rule, hash, lineage } = instance
  return {
    alarm,
    site: site.id,
    rule,
    instance: id,
    ...clauseOf(instance),
    key,
    version: hash,
    lineage,
    at,
    severity,
    text,
  }
}

/** A new alarm, never raised. */
export function createNode({ at, severity, text, version, lineage, ...identity }: Beginning): AlarmNode {
  const { alarm, site, rule, instance, clause, key } = identity
  return {
    alarm,
    site,
    rule,
    instance,
    ...(clause !== undefined && { clause }),
    key,
    place: {},
    state: 'normal',
    episode: 0,
    revision: 0,
    version,
    lineage,
    since: at,
    raised: at,
    severity,
    text,
    evidence: [],
  }
}

/** Takes over what the newest statement says of the alarm. */
export function describe(node: AlarmNode, { severity, graded, value, limit, text, evidence }: Words): void {
  node.severity = severity
  if (graded) node.graded = true
  else delete node.graded
  node.text = text
  node.evidence = evidence
  if (value === undefined) delete node.value
  else node.value = value
  if (limit === undefined) delete node.limit
  else node.limit = limit
}

/** Writes the next transition of an alarm and moves it there. */
export function transit(
  node: AlarmNode,
  step: {
    state: AlarmState
    held?: Held
    cause: Cause
    at: Instant
    stamp: Stamp
    by?: string
    /** A person's words, or the desk's own. */
    reason?: string | Text
  },
): Transition {
  const from = node.state
  node.state = step.state
  if (step.held) node.held = step.held
  else delete node.held
  node.revision += 1
  const hush = hushOf(node)
  return {
    id: `${node.alarm}/${node.episode}.${node.revision}`,
    alarm: node.alarm,
    episode: node.episode,
    revision: node.revision,
    at: step.at,
    since: node.since,
    received: step.stamp.now,
    offset: step.stamp.offset,
    site: node.site,
    rule: node.rule,
    instance: node.instance,
    ...(node.clause !== undefined && { clause: node.clause }),
    key: node.key,
    from,
    to: step.state,
    cause: step.cause,
    severity: node.severity,
    ...(node.value !== undefined && { value: node.value }),
    ...(node.limit !== undefined && { limit: node.limit }),
    text: node.text,
    ...(step.by !== undefined && { by: step.by }),
    ...(typeof step.reason === 'string' && { reason: step.reason }),
    ...(typeof step.reason === 'object' && { reason: step.reason.en, why: step.reason }),
    ...(node.held && { held: node.held }),
    ...(hush && { hush }),
    ...(node.chattering && { chattering: true }),
    ...(node.first && { first: true }),
    ...(node.group !== undefined && { group: node.group }),
    ...(node.call && { desk: node.call.desk, level: node.call.level }),
    // What became graver in quiet hours is heard.
    ...(node.severity === 'notice' && step.stamp.now < (node.call?.quietUntil ?? 0) && { quiet: true }),
    ...(node.members && { members: node.members }),
    evidence: node.evidence,
  }
}

/** Where the alarm stands and stays, for a transition that does not move it. */
export function standingOf({ state, held }: AlarmNode): { state: AlarmState; held?: Held } {
  return held ? { state, held } : { state }
}

/** Whether a person keeps it from people: shelved, out of service, within a declared window (which has a witness). */
export function isKeptBack({ outOfService, suppressed, shelved }: AlarmNode): boolean {
  return (outOfService ?? shelved ?? suppressed?.find(({ witness }) => witness !== undefined)) !== undefined
}

/** What keeps it from people now: what is out of service is nobody's business, whatever else holds. */
export function hushOf({ outOfService, suppressed, shelved }: AlarmNode): Hush | undefined {
  return outOfService ?? suppressed?.[0] ?? shelved
}
