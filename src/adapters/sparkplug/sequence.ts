/** The sequence numbers (0 to 255, then again) of one node's messages: what is missing, and for how long. */
import type { Duration, Instant } from '../../model/time.ts'

/** Further ahead than this it is not a message that overtook others. */
const WINDOW = 32

export class Sequence {
  #last: number | undefined
  readonly #missing = new Map<number, Instant>()
  readonly #patience: Duration

  /** `patience`: how late a missing message may be, milliseconds. */
  constructor(patience: Duration) {
    this.#patience = patience
  }

  /** A birth begins anew. */
  start(seq: number): void {
    this.#last = seq & 255
    this.#missing.clear()
  }

  /** Takes the next message's number. False: more is missing than can be on its way, or it carries none. */
  take(seq: number | undefined, now: Instant): boolean {
    if (this.#last === undefined) return true
    if (seq === undefined) return false
    const ahead = (seq - this.#last - 1) & 255
    if (ahead >= 256 - WINDOW) {
      // Late or told again.
      this.#missing.delete(seq)
      return true
    }
    for (let i = 0; i < Math.min(ahead, WINDOW); i++) this.#missing.set((this.#last + 1 + i) & 255, now)
    this.#last = seq & 255
    return ahead < WINDOW
  }

  /** Whether a message has been missing for longer than it may. */
  overdue(now: Instant): boolean {
    for (const since of this.#missing.values()) if (now - since >= this.#patience) return true
    return false
  }

  /** Nothing is expected any more until the next birth. */
  stop(): void {
    this.#last = undefined
    this.#missing.clear()
  }
}
