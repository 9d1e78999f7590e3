/** One alarm as the desk keeps it between transitions. */
import type { AlarmState, Cause, Condition, Remark, Severity, Transition } from '../model/alarm.ts'
import type { EntryRef, Offset } from '../model/entry.ts'
import type { Text } from '../model/text.ts'
import type { Instant } from '../model/time.ts'
import type { Pending } from './delay.ts'

/** Shelved or out of service: what is published to people changes, what is true does not. */
export interface Hush {
  readonly by: string
  readonly until: Instant | null
  readonly reason?: string
}

/** Part of the alarm that no life of it changes. */
export interface Identity {
  /** `{site}/{instance}/{key}` */
  readonly alarm: string
  readonly site: string
  readonly rule: string
  readonly instance: string
  readonly clause?: string
  readonly key: string
}

/** What a statement says of its alarm. */
export type Words = Pick<Condition, 'severity' | 'value' | 'limit' | 'text' | 'evidence'>

export interface AlarmNode extends Identity {
  state: AlarmState
  episode: number
  revision: number
  pending?: Pending
  /** What is said once the clear delay has passed. */
  clearing?: Words
  /** The rule instance's hash when it last spoke of this alarm. */
  version: string
  /** Event time at which the running episode's condition began, and at which it was raised. */
  since: Instant
  raised: Instant
  /** Event time at which it ended; absent while it is active. */
  ended?: Instant
  severity: Severity
  value?: number
  limit?: number
  text: Text
  evidence: readonly EntryRef[]
  shelved?: Hush
  outOfService?: Hush
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
  readonly at: Instant
  readonly severity: Severity
  readonly text: Text
}

/** The alarm a condition speaks of. */
export function beginningOf(alarm: string, { site, instance, key, at, severity, text }: Condition): Beginning {
  const { id, rule, regulation, clause, hash } = instance
  return {
    alarm,
    site: site.id,
    rule,
    instance: id,
    ...(clause !== undefined && { clause: `${regulation.id}/${clause}` }),
    key,
    version: hash,
    at,
    severity,
    text,
  }
}

/** A new alarm, never raised. */
export function createNode({
  alarm,
  site,
  rule,
  instance,
  clause,
  key,
  version,
  at,
  severity,
  text,
}: Beginning): AlarmNode {
  return {
    alarm,
    site,
    rule,
    instance,
    ...(clause !== undefined && { clause }),
    key,
    state: 'normal',
    episode: 0,
    revision: 0,
    version,
    since: at,
    raised: at,
    severity,
    text,
    evidence: [],
  }
}

/** Takes over what the newest statement says of the alarm. */
export function describe(node: AlarmNode, { severity, value, limit, text, evidence }: Words): void {
  node.severity = severity
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
  step: { to: AlarmState; cause: Cause; at: Instant; stamp: Stamp; by?: string; reason?: string },
): Transition {
  const from = node.state
  node.state = step.to
  node.revision += 1
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
    to: step.to,
    cause: step.cause,
    severity: node.severity,
    ...(node.value !== undefined && { value: node.value }),
    ...(node.limit !== undefined && { limit: node.limit }),
    text: node.text,
    ...(step.by !== undefined && { by: step.by }),
    ...(step.reason !== undefined && { reason: step.reason }),
    evidence: node.evidence,
  }
}
