/** Frames on their way from the broker's thread to the fold's: many in one transferred buffer, unpacked as views. */
import type { Frame } from '../../model/ports.ts'

/** One buffer of frames: `u16 bytes of why it is forbidden, why, u16 topic bytes, topic, u32 payload bytes, payload`, `count` times. */
export interface Chunk {
  readonly id: number
  readonly buffer: ArrayBuffer
  readonly count: number
}

const HEAD = 8
const FIRST_SIZE = 64 * 1_024

/** Packs frames on the broker's thread. */
export class Packer {
  count = 0
  /** Bytes packed. */
  size = 0
  #buffer = Buffer.allocUnsafeSlow(FIRST_SIZE)

  /** `forbidden`: why the frame is refused; empty where it is not. */
  add(topic: string, payload: Uint8Array, forbidden: string): void {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    const most = this.size + HEAD + (topic.length + forbidden.length) * 3 + payload.length
    if (most > this.#buffer.length) this.#grow(most)
    const buffer = this.#buffer
    const body = this.#text(topic, this.#text(forbidden, this.size))
    buffer.writeUInt32LE(payload.length, body)
    buffer.set(payload, body + 4)
    this.size = body + 4 + payload.length
    this.count++
  }

  /** The frames packed so far, to be transferred; the packer starts afresh. */
  take(id: number): Chunk {
    const chunk = { id, buffer: this.#buffer.buffer as ArrayBuffer, count: this.count }
    this.#buffer = Buffer.allocUnsafeSlow(FIRST_SIZE)
    this.count = 0
    this.size = 0
    return chunk
  }

  /** Writes a text behind its length; returns where it ends. */
  #text(text: string, at: number): number {
    const bytes = text === '' ? 0 : this.#buffer.write(text, at + 2, 'utf8')
    this.#buffer.writeUInt16LE(bytes, at)
    return at + 2 + bytes
  }

  #grow(least: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(least, this.#buffer.length * 2))
    larger.set(this.#buffer.subarray(0, this.size))
    this.#buffer = larger
  }
}

/** Frames of a chunk, without copying. `settled` is called once, when the last of them is settled. */
export function unpack({ buffer, count }: Chunk, settled: () => void): readonly Frame[] {
  const bytes = Buffer.from(buffer)
  const open = { left: count, settled }
  const frames: Frame[] = new Array(count)
  let at = 0
  for (let i = 0; i < count; i++) {
    const whyEnd = at + 2 + bytes.readUInt16LE(at)
    const topicEnd = whyEnd + 2 + bytes.readUInt16LE(whyEnd)
    const topic = bytes.toString('utf8', whyEnd + 2, topicEnd)
    const end = topicEnd + 4 + bytes.readUInt32LE(topicEnd)
    const payload = Buffer.from(buffer, topicEnd + 4, end - topicEnd - 4)
    const frame = new HandedFrame(topic, payload)
    const detail = bytes.toString('utf8', at + 2, whyEnd)
    frames[i] = detail === '' ? frame : Object.assign(frame, { refused: 'topic-forbidden' as const, detail })
    frame.chunk = open
    at = end
  }
  return frames
}

interface OpenChunk {
  left: number
  readonly settled: () => void
}

class HandedFrame implements Frame {
  readonly topic: string
  readonly payload: Uint8Array
  /** Unset once settled. */
  chunk: OpenChunk | undefined

  constructor(topic: string, payload: Uint8Array) {
    this.topic = topic
    this.payload = payload
    this.chunk = undefined
  }

  settle(): void {
    const chunk = this.chunk
    if (!chunk) return
    this.chunk = undefined
    if (--chunk.left === 0) chunk.settled()
  }
}
