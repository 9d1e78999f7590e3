/** The gate between sockets and the broker: limits the size of packets, and stops reading where too much is unsettled. */
import type { Duplex } from 'node:stream'
import { Pace } from './pace.ts'

/** A first packet is a CONNECT: client id, will, user and password, 64 KiB each at most. */
const FIRST_PACKET = 328 * 1_024
/** Packets from this size on are counted while they arrive. */
const LARGE = 64 * 1_024

export interface GateOptions {
  /** Bytes in one packet. */
  readonly packet: number
  /** Packets a second that one connection may bring. */
  readonly rate: number
  /** Bytes of large packets that may be under way on all connections together. */
  readonly budget: number
  /** Whether no more may be taken in. */
  full(): boolean
  /** Told why a connection is closed. */
  refused(reason: string, socket: Duplex): void
  /** A connection brings more than its rate, and is read more slowly. */
  slowed(socket: Duplex): void
}

/** Overrides the `read` of admitted sockets, the one way by which the broker takes bytes. */
export class Gate {
  readonly #options: GateOptions
  readonly #waiting = new Set<Duplex>()
  #underWay = 0

  constructor(options: GateOptions) {
    this.#options = options
  }

  admit(socket: Duplex): void {
    const take = socket.read.bind(socket)
    const framing = new Framing()
    const pace = new Pace(this.#options.rate)
    let reserved = 0
    const reserve = (bytes: number): void => {
      this.#underWay += bytes - reserved
      reserved = bytes
    }
    socket.read = (size?: number) => {
      if (size === 0) return take(0)
      if (framing.packets > 0 && this.#options.full()) {
        this.#waiting.add(socket)
        return null
      }
      const wait = pace.wait()
      if (wait > 0) {
        if (pace.pause(wait, () => socket.emit('readable'))) this.#options.slowed(socket)
        return null
      }
      const bytes: Buffer | null = take(size)
      if (bytes === null) return null
      const before = framing.packets
      const largest = framing.follow(bytes)
      pace.spend(framing.packets - before)
      reserve(framing.left > LARGE ? framing.length : 0)
      const reason =
        largest > (framing.first ? Math.min(FIRST_PACKET, this.#options.packet) : this.#options.packet)
          ? 'packet larger than `limits.packet`'
          : this.#underWay > this.#options.budget
            ? 'too many large packets under way'
            : undefined
      if (reason === undefined) return bytes
      this.#options.refused(reason, socket)
      socket.destroy()
      return null
    }
    socket.once('close', () => {
      reserve(0)
      pace.stop()
      this.#waiting.delete(socket)
    })
  }

  /** Lets waiting sockets read, one after another, until it is full again. */
  release(): void {
    for (const socket of this.#waiting) {
      if (this.#options.full()) return
      this.#waiting.delete(socket)
      socket.emit('readable')
    }
  }
}

/** Follows the fixed headers of a stream of MQTT packets. */
class Framing {
  /** Packets begun. */
  packets = 0
  /** Length of the packet under way, and what is missing of it. */
  length = 0
  left = 0
  #factor = 0

  get first(): boolean {
    return this.packets <= 1
  }

  /** Returns the length of the largest packet begun in these bytes; infinite where a length is malformed. */
  follow(bytes: Buffer): number {
    let largest = 0
    let at = 0
    while (at < bytes.length) {
      if (this.left > 0) {
        const step = Math.min(this.left, bytes.length - at)
        this.left -= step
        at += step
      } else if (this.#factor === 0) {
        this.packets++
        this.#factor = 1
        this.length = 0
        at++
      } else {
        const digit = bytes[at++]!
        this.length += (digit & 127) * this.#factor
        if (digit < 128) {
          this.#factor = 0
          this.left = this.length
          if (this.length > largest) largest = this.length
        } else if (this.#factor === 128 ** 3) {
          return Number.POSITIVE_INFINITY
        } else {
          this.#factor *= 128
        }
      }
    }
    return largest
  }
}
