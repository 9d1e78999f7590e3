/** Slows down who guesses passwords, per user and address, so that nobody can lock another out. */
import { type Duration, type Instant, MINUTE, SECOND } from '../../model/time.ts'

const FREE = 3
const LONGEST = 5 * MINUTE
const FORGET = 60 * MINUTE
const KEPT = 10_000

/** Counts an attempt before it is judged, so that many at once gain nothing. */
export class BackOff {
  readonly #tries = new Map<string, { failures: number; until: Instant; last: Instant }>()

  /** How long to wait still; 0: go ahead, and the attempt counts as failed until `succeeded`. */
  attempt(key: string, now: Instant): Duration {
    const known = this.#tries.get(key)
    if (known && known.until > now) return known.until - now
    const failures = known && now - known.last < FORGET ? known.failures + 1 : 1
    const wait = failures < FREE ? 0 : Math.min(SECOND * 2 ** (failures - FREE), LONGEST)
    this.#tries.delete(key)
    this.#tries.set(key, { failures, until: now + wait, last: now })
    if (this.#tries.size > KEPT) this.#tries.delete(this.#tries.keys().next().value as string)
    return 0
  }

  succeeded(key: string): void {
    this.#tries.delete(key)
  }
}
