/** The system clock: the one place outside adapters where real time enters Davylamp. */
import type { Duration, Instant } from '../model/time.ts'

export interface Clock {
  /** Milliseconds since the epoch; never runs backwards within one process. */
  now(): Instant
  /** Calls back every `period` until cancelled; does not keep the process alive. */
  every(period: Duration, call: () => void): { cancel(): void }
  /** Resolves after `delay`, or at once when the signal aborts. */
  wait(delay: Duration, signal?: AbortSignal): Promise<void>
}

export function systemClock(): Clock {
  let last = 0
  return {
    now() {
      last = Math.max(last, Date.now())
      return last
    },
    every(period, call) {
      const timer = setInterval(call, period)
      timer.unref()
      return { cancel: () => clearInterval(timer) }
    },
    wait(delay, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const done = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, delay)
        signal?.addEventListener('abort', done)
      })
    },
  }
}
