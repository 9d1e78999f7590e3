/** One open line to Modbus slaves, with one request in flight: more would let answers reach the wrong request. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Duration } from '../../model/time.ts'
import { type Line, openLine, pauseOf, type Route } from './line.ts'
import type { Block } from './register-map.ts'

/** `silence` and `garbled`: what comes next on this connection may belong to this request, so it must be reopened. */
export type Answer =
  | { readonly kind: 'words'; readonly words: readonly number[] }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'garbled'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }

export class Connection {
  readonly #line: Line
  readonly #pause: Duration
  /** Ends the one wait that is under way. */
  #interrupt: (() => void) | undefined

  private constructor(line: Line, pause: Duration) {
    this.#line = line
    this.#pause = pause
    line.onClose(() => this.#interrupt?.())
  }

  /** Throws where the peer cannot be reached within `timeout`, or the signal aborts. */
  static async open(
    route: Route,
    limits: { readonly timeout: Duration; readonly signal: AbortSignal },
  ): Promise<Connection> {
    return new Connection(await openLine(route, limits), pauseOf(route))
  }

  get isOpen(): boolean {
    return this.#line.isOpen()
  }

  /** Why it is not open. */
  get reason(): string {
    return this.#line.reason()
  }

  /** Never rejects. One at a time. */
  async read(block: Block, { unit, timeout }: { unit: number; timeout: Duration }): Promise<Answer> {
    // On a serial line silence ends a frame, and slaves are not to be talked into theirs.
    if (this.#pause > 0) await wait(this.#pause)
    if (!this.isOpen) return { kind: 'lost', reason: this.reason }
    this.#line.client.setID(unit)
    this.#line.client.setTimeout(timeout)
    const interrupted = new Promise<Answer>((resolve) => {
      this.#interrupt = () => resolve({ kind: 'lost', reason: this.reason })
    })
    const answer = await Promise.race([this.#ask(block), interrupted])
    this.#interrupt = undefined
    return answer
  }

  /** Waits, at most until the connection closes. */
  rest(duration: Duration): Promise<void> {
    if (!this.isOpen || duration <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#interrupt = undefined
        resolve()
      }
      const timer = setTimeout(end, duration)
      this.#interrupt = end
    })
  }

  close(): void {
    this.#line.close()
  }

  async #ask({ table, address, size }: Block): Promise<Answer> {
    const { client } = this.#line
    try {
      switch (table) {
        case 'holding':
          return { kind: 'words', words: (await client.readHoldingRegisters(address, size)).data }
        case 'input':
          return { kind: 'words', words: (await client.readInputRegisters(address, size)).data }
        case 'coil':
          return { kind: 'words', words: (await client.readCoils(address, size)).data.map(Number) }
        case 'discrete':
          return { kind: 'words', words: (await client.readDiscreteInputs(address, size)).data.map(Number) }
      }
    } catch (error) {
      const { modbusCode, errno, message } = error as { modbusCode?: number; errno?: string; message?: string }
      if (modbusCode !== undefined) return { kind: 'exception', code: modbusCode }
      if (errno === 'ETIMEDOUT') return { kind: 'silence' }
      return { kind: 'garbled', reason: message ?? String(error) }
    }
  }
}
