/** On and off delays (raiseAfter, clearAfter), measured in event time: docs/decisions/002. */
import type { Condition, Truth } from '../model/alarm.ts'
import type { Duration, Instant } from '../model/time.ts'

/** A condition that has begun and waits for its delay. */
export interface Pending {
  readonly event: 'raise' | 'clear'
  /** Event time at which the condition began. */
  since: Instant
  readonly delay: Duration
  /** Under a rule item whose delays may be others by now: the next word of it says how long. */
  readonly anew?: true
  /** The arrival clock when it was stated: a tick concludes only after the delay has passed here, too. */
  readonly stated: Instant
}

/** What a statement leads to: events that are due, in order, and what remains to wait for. */
export interface Verdict {
  readonly due: readonly Due[]
  readonly pending: Pending | undefined
}

export interface Due {
  readonly event: 'raise' | 'clear'
  readonly since: Instant
  readonly at: Instant
}

const NOTHING: readonly Due[] = []

/** Weighs a statement against what was pending. `active`: whether the alarm is active before it. */
export function weigh(
  condition: Condition,
  before: { active: boolean; pending: Pending | undefined; now: Instant },
): Verdict {
  const { truth, at } = condition
  const { pending } = before
  // Nobody saw the clear delay through: it begins again with the next good word. A rise goes on waiting.
  if (truth === 'unknown') return { due: NOTHING, pending: pending?.event === 'raise' ? pending : undefined }

  const due: Due[] = []
  let { active } = before
  const wanted = truth === 'active'
  let open = pending
  if (open?.anew && wanted === (open.event === 'raise')) {
    const { event, since, stated } = open
    open = { event, since, stated, delay: delayOf(condition, truth) }
  }
  if (open && at >= open.since + open.delay) {
    due.push({ event: open.event, since: open.since, at: open.since + open.delay })
    active = open.event === 'raise'
    open = undefined
  }
  if (wanted === active) return { due, pending: undefined }
  const event = wanted ? 'raise' : 'clear'
  if (open && !condition.elapsed) {
    // Said again: still waiting, perhaps since earlier than first known.
    if (at < open.since) open.since = at
    return { due, pending: open }
  }
  const delay = delayOf(condition, truth)
  if (delay === 0 || condition.elapsed) {
    due.push({ event, since: at, at })
    return { due, pending: undefined }
  }
  return { due, pending: { event, since: at, delay, stated: before.now } }
}

function delayOf({ instance, raiseAfter, clearAfter }: Condition, truth: Truth): Duration {
  return truth === 'active' ? (raiseAfter ?? instance.raiseAfter) : (clearAfter ?? instance.clearAfter)
}

/** Whether a tick concludes what is pending. */
export function ripe(pending: Pending, { now, settled }: { now: Instant; settled: Instant }): boolean {
  return settled >= pending.since + pending.delay && now >= pending.stated + pending.delay
}
