/** Wakes a loop that waits for a time to come, or for something to do before it. */
import type { Clock } from '../clock.ts'

export interface Bell {
  /** Whoever waits goes on; who does not wait yet will not. */
  ring(): void
  /** Resolves at the instant, at the next ring, or when the signal aborts. */
  wait(until: number): Promise<void>
}

export function createBell({ clock, signal }: { clock: Clock; signal: AbortSignal }): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(until) {
      const delay = until - clock.now()
      if (!rung && delay > 0 && !signal.aborted) {
        const done = new AbortController()
        wake = () => done.abort()
        // A timer holds at most 24 days; whoever waits looks again by then.
        await clock.wait(Math.min(delay, 2 ** 30), AbortSignal.any([done.signal, signal]))
        wake = undefined
      }
      rung = false
    },
  }
}
