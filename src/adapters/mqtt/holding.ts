/** Publishes that wait for the journal: handed over in chunks, continued when their chunk is settled. */
import { type Chunk, Packer } from './handover.ts'

/** Frames in one chunk at most. */
const CHUNK_FRAMES = 2_000
const CHUNK_BYTES = 1_024 * 1_024
/** Chunks are posted at the end of a turn, but not more often than this, milliseconds. */
const PACE = 1

export interface HoldingOptions {
  readonly messages: number
  readonly bytes: number
  send(chunk: Chunk): void
  /** Something was settled: there is room again. */
  freed(): void
}

interface Held {
  readonly bytes: number
  readonly resume: readonly (() => void)[]
}

export class Holding {
  readonly #options: HoldingOptions
  readonly #packer = new Packer()
  readonly #held = new Map<number, Held>()
  #resume: (() => void)[] = []
  #messages = 0
  #bytes = 0
  #nextId = 1
  #scheduled = false
  #sentAt = 0

  constructor(options: HoldingOptions) {
    this.#options = options
  }

  /** Whether no more should be taken in before something is settled. */
  full(): boolean {
    return this.#messages >= this.#options.messages || this.#bytes + this.#packer.size >= this.#options.bytes
  }

  /** Hands a publish over; `resume` is called once it is settled. `forbidden`: why it is refused, or empty. */
  hold(publish: { topic: string; payload: Uint8Array; forbidden: string }, resume: () => void): void {
    this.#packer.add(publish.topic, publish.payload, publish.forbidden)
    this.#resume.push(resume)
    this.#messages++
    if (this.#packer.count >= CHUNK_FRAMES || this.#packer.size >= CHUNK_BYTES) this.#send()
    else if (!this.#scheduled) this.#schedule()
  }

  /** Everything of the chunk is in the journal or the dead letters. */
  settle(id: number): void {
    const held = this.#held.get(id)
    if (!held) return
    this.#held.delete(id)
    this.#messages -= held.resume.length
    this.#bytes -= held.bytes
    for (const resume of held.resume) resume()
    this.#options.freed()
  }

  #schedule(): void {
    this.#scheduled = true
    if (performance.now() - this.#sentAt >= PACE) setImmediate(this.#flush)
    else setTimeout(this.#flush, PACE)
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    if (this.#packer.count > 0) this.#send()
  }

  #send(): void {
    const id = this.#nextId++
    const bytes = this.#packer.size
    this.#held.set(id, { bytes, resume: this.#resume })
    this.#bytes += bytes
    this.#resume = []
    this.#sentAt = performance.now()
    this.#options.send(this.#packer.take(id))
  }
}
