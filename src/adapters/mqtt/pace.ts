/** How fast one connection may be read: a second's worth at once, and then its rate. */

export class Pace {
  readonly #rate: number
  #left: number
  #at = performance.now()
  #timer: NodeJS.Timeout | undefined

  /** `rate`: packets a second. */
  constructor(rate: number) {
    this.#rate = rate
    this.#left = rate
  }

  /** Milliseconds until the next may be read; 0: now. */
  wait(): number {
    const now = performance.now()
    this.#left = Math.min(this.#rate, this.#left + ((now - this.#at) * this.#rate) / 1_000)
    this.#at = now
    return this.#left > 0 ? 0 : Math.ceil((-this.#left * 1_000) / this.#rate) + 1
  }

  /** So many were read: one read may take more than is left, which is owed then. */
  spend(packets: number): void {
    this.#left -= packets
  }

  /** Calls back when reading may go on; false where it was asked already. */
  pause(wait: number, resume: () => void): boolean {
    if (this.#timer) return false
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      resume()
    }, wait)
    return true
  }

  /** The connection is gone. */
  stop(): void {
    clearTimeout(this.#timer)
  }
}
