/** Slows down who guesses passwords: by address and user, so that nobody locks another out, and so that hashing is no way to flood. */

const FREE = 3
const FIRST = 1_000
const LONGEST = 300_000
/** A pair that was quiet for so long begins anew, milliseconds. */
const FORGET = 3_600_000
const KEPT = 10_000
/** Hashes computed at once, and waiting: the thread pool that does them serves files and names too. */
const AT_ONCE = 2
const WAITING = 500

interface Failures {
  count: number
  until: number
}

export class Guesses {
  readonly #now: () => number
  readonly #failures = new Map<string, Failures>()
  readonly #queue: (() => void)[] = []
  #running = 0

  /** `now`: milliseconds of any clock that only goes forward. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Runs a check of a pair's password; `undefined`: it has to wait, or too many wait already, and nothing was checked. */
  async attempt<T>(
    pair: string,
    check: () => Promise<T | undefined>,
  ): Promise<{ readonly right: T | undefined } | undefined> {
    const known = this.#failures.get(pair)
    if (known && known.until > this.#now()) return undefined
    if (this.#running >= AT_ONCE) {
      if (this.#queue.length >= WAITING) return undefined
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    }
    // Counted before it is judged: many at once gain nothing.
    this.#fail(pair)
    this.#running++
    try {
      const right = await check()
      if (right !== undefined) this.#failures.delete(pair)
      return { right }
    } finally {
      this.#running--
      this.#queue.shift()?.()
    }
  }

  #fail(pair: string): void {
    const now = this.#now()
    const known = this.#failures.get(pair)
    const count = known && now - known.until < FORGET ? known.count + 1 : 1
    const wait = count < FREE ? 0 : Math.min(FIRST * 2 ** (count - FREE), LONGEST)
    this.#failures.delete(pair)
    this.#failures.set(pair, { count, until: now + wait })
    if (this.#failures.size > KEPT) this.#failures.delete(this.#failures.keys().next().value as string)
  }
}
