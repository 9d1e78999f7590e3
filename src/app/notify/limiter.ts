/** How many messages a channel's rate allows now: half of it at once, the other half evenly over its span, so that no span sees more
 *  than the rate and what is urgent is never shut out for long. */
import type { Rate } from '../../model/notification.ts'
import type { Instant } from '../../model/time.ts'

export interface Limiter {
  /** Attempts allowed now. Half of what may be sent at once is kept for what is urgent. */
  room(now: Instant, urgent: boolean): number
  /** When there is room again; `now` where there is. */
  again(now: Instant, urgent: boolean): Instant
  /** An attempt begins. */
  use(now: Instant): void
  /** Nothing before then: the peer asked for it. */
  rest(until: Instant): void
}

/** `used` are the attempts before this process, oldest first, so that a restart does not double the rate. */
export function createLimiter({ messages, per }: Rate, used: readonly Instant[]): Limiter {
  const burst = Math.max(1, Math.floor(messages / 2))
  /** Milliseconds until one more is allowed. */
  const pace = per / Math.max(1, messages - burst)
  const reserved = Math.floor(burst / 2)
  /** Where nothing can be kept for what is urgent, the rest comes this much later for each attempt that becomes free. */
  const behind = reserved === 0 ? pace / 8 : 0
  let tokens = burst
  /** Since when there is room for one. */
  let free = 0
  let counted = 0
  let resting = 0

  function refill(now: Instant): void {
    const full = counted + (1 - tokens) * pace
    if (tokens < 1 && full <= now) free = full
    tokens = Math.min(burst, tokens + Math.max(0, now - counted) / pace)
    counted = Math.max(counted, now)
  }
  function use(now: Instant): void {
    refill(now)
    tokens -= 1
  }
  for (const at of used) use(at)

  const kept = (urgent: boolean) => (urgent ? 0 : reserved)
  return {
    room(now, urgent) {
      refill(now)
      if (now < resting || (!urgent && now < free + behind)) return 0
      return Math.max(0, Math.floor(tokens - kept(urgent)))
    },
    again(now, urgent) {
      refill(now)
      const lacking = 1 + kept(urgent) - tokens
      const open = lacking > 0 ? now + lacking * pace : free
      return Math.max(now, resting, Math.ceil(open + (urgent ? 0 : behind)))
    },
    use,
    rest(until) {
      resting = Math.max(resting, until)
    },
  }
}
