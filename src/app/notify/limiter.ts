/** How many attempts a channel's rate still allows, from what was attempted before; and how long its peer asked to be left alone. */
import type { Rate } from '../../model/notification.ts'
import type { Instant } from '../../model/time.ts'

export interface Limiter {
  /** Attempts allowed now. Of a rate of four or more a quarter is kept for what is urgent. */
  room(now: Instant, urgent: boolean): number
  /** When there is room again; `now` where there is. */
  again(now: Instant, urgent: boolean): Instant
  /** An attempt begins. */
  use(now: Instant): void
  /** Nothing before then. */
  rest(until: Instant): void
}

/** `used` are the attempts before this process, so that a restart does not double the rate. */
export function createLimiter({ messages, per }: Rate, used: readonly Instant[]): Limiter {
  let times = [...used]
  let resting = 0
  const reserved = Math.floor(messages / 4)
  const allowed = (urgent: boolean) => messages - (urgent ? 0 : reserved)
  const recent = (now: Instant) => {
    times = times.filter((at) => at > now - per)
    return times
  }
  return {
    room: (now, urgent) => (now < resting ? 0 : Math.max(0, allowed(urgent) - recent(now).length)),
    again(now, urgent) {
      const over = recent(now).length - allowed(urgent)
      return Math.max(now, resting, over >= 0 ? times[over]! + per : now)
    },
    use(now) {
      times.push(now)
    },
    rest(until) {
      resting = Math.max(resting, until)
    },
  }
}
