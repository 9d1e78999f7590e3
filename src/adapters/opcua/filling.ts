/** The gap before a session, which the server's history has to fill: noted until the journal has what was read of it, and told on the link. */
import type { AdapterContext, Frame } from '../../model/ports.ts'
import type { Duration, Instant } from '../../model/time.ts'
import { encodedFrame } from '../outgoing.ts'
import type { FromThread, Mark } from './protocol.ts'

type Word = Extract<FromThread, { type: 'gap' }>

/** Between two notes of how far it is filled: a crash in between reads so much again, and the door knows it. */
const NOTE_EVERY: Duration = 1_000

export class Filling {
  readonly #site: string
  readonly #points: readonly string[]
  readonly #context: AdapterContext & { readonly name: string }
  /** By point, what the next note has to say. */
  #marks: Map<string, Instant | undefined>
  #notedAt = performance.now()
  #reason: string | undefined
  /** Frames that the journal does not have yet. */
  #unsettled = 0
  #filled = false
  #over = false

  /** `since`: up to when each of the points has been heard; one that never was has no gap. */
  constructor(
    { site, points, since }: { site: string; points: readonly string[]; since: readonly (Instant | undefined)[] },
    context: AdapterContext & { readonly name: string },
  ) {
    this.#site = site
    this.#points = points
    this.#context = context
    this.#marks = new Map(points.flatMap((point, i) => (since[i] === undefined ? [] : [[point, since[i]]])))
  }

  /** What is wrong with the past while the link is up; `undefined`: nothing. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** Resolves when a crash would leave a gap from where each item was heard last, whatever is heard live from now on. */
  begin(): Promise<void> {
    return this.#note()
  }

  /** How it stands, as the thread says it. */
  hear({ state, message }: Word): void {
    this.#reason = message
    if (state === 'waiting' || state === 'unfilled') this.#context.log('warn', message!, { source: this.#context.name })
    if (state !== 'filled') return
    this.#filled = true
    this.#close()
  }

  /** A frame of what was read. */
  frame(payload: Uint8Array, got: readonly Mark[]): Frame {
    this.#unsettled++
    let settled = false
    const settle = () => {
      if (settled) return
      settled = true
      this.#unsettled--
      for (const [item, upTo] of got) this.#marks.set(this.#points[item]!, upTo)
      if (performance.now() - this.#notedAt > NOTE_EVERY) void this.#note()
      this.#close()
    }
    return { ...encodedFrame(this.#site, payload), settle }
  }

  /** The session is over: what is settled from now on is asked for again by the next. */
  end(): void {
    this.#over = true
  }

  #close(): void {
    if (!this.#filled || this.#unsettled > 0) return
    this.#marks = new Map(this.#points.map((point) => [point, undefined]))
    void this.#note()
  }

  async #note(): Promise<void> {
    if (this.#over || this.#marks.size === 0) return
    const marks = this.#marks
    this.#marks = new Map()
    this.#notedAt = performance.now()
    try {
      await this.#context.gap?.(this.#site, marks)
    } catch (error) {
      const message = `how far the past has been read cannot be noted, a crash may leave some of it out: ${String(error)}`
      this.#context.log('error', message, { source: this.#context.name })
    }
  }
}
