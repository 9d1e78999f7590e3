/** Sessions kept for clients that are away: so many, so long. */

export interface SessionsOptions {
  /** Sessions of absent clients. */
  readonly most: number
  /** How long one is kept, milliseconds. */
  readonly expiry: number
  now(): number
  /** Whether a client of this id is connected. */
  present(id: string): boolean
  /** Forgets a session and what was queued for it. */
  forget(id: string): void
  dropped(what: string, detail: string): void
}

export class Sessions {
  readonly #options: SessionsOptions
  /** Id → since when it is away, the longest first. */
  readonly #away = new Map<string, number>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** A client is there. */
  came(id: string): void {
    this.#away.delete(id)
  }

  /** A client with a session is gone. */
  left(id: string): void {
    const { most, now, dropped } = this.#options
    this.#away.delete(id)
    this.#away.set(id, now())
    if (this.#away.size <= most) return
    const longest = this.#away.keys().next().value as string
    dropped('`limits.sessions` is reached: the session that was away longest is forgotten', longest)
    this.#forget(longest)
  }

  /** Forgets what is away for too long; called once in a while. */
  sweep(): void {
    const { expiry, now, dropped } = this.#options
    for (const [id, since] of this.#away) {
      if (now() - since < expiry) return
      dropped('a session was away for longer than `limits.sessionExpiry`, and is forgotten', id)
      this.#forget(id)
    }
  }

  #forget(id: string): void {
    this.#away.delete(id)
    if (!this.#options.present(id)) this.#options.forget(id)
  }
}
