/** Gathers what may happen a thousand times a second into one notice a minute. */

const EVERY = 60_000

export interface Notice {
  readonly message: string
  /** How often since it was last said. */
  readonly count: number
  /** The latest case. */
  readonly detail: string
}

export class Notices {
  readonly #say: (notice: Notice) => void
  readonly #pending = new Map<string, { count: number; detail: string }>()
  #timer: NodeJS.Timeout | undefined

  constructor(say: (notice: Notice) => void) {
    this.#say = say
  }

  /** Says the first of a kind at once, the others of the same minute together. */
  add(message: string, detail: string): void {
    const pending = this.#pending.get(message)
    if (pending) {
      pending.count++
      pending.detail = detail
      return
    }
    this.#pending.set(message, { count: 0, detail })
    this.#say({ message, count: 1, detail })
    this.#timer ??= setInterval(() => this.flush(), EVERY).unref()
  }

  /** Says what is pending. */
  flush(): void {
    for (const [message, { count, detail }] of this.#pending) if (count > 0) this.#say({ message, count, detail })
    this.#pending.clear()
  }
}
