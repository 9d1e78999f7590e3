/** Messages received and not yet settled, acknowledged in the order in which they came and many in one write. */

/** One received message. */
export interface Received {
  readonly messageId: number
  readonly qos: 0 | 1 | 2
  /** Of topic and payload. */
  readonly bytes: number
  settled: boolean
}

const PUBACK = 0x40
const PUBREC = 0x50

export class Unacknowledged {
  readonly #write: (acknowledgements: Buffer) => void
  readonly #waiting: Received[] = []
  /** Ids of QoS 2 messages taken and not yet released by the broker. */
  readonly #untilReleased = new Set<number>()
  #bytes = 0
  #scheduled = false

  /** `write` gets the acknowledgements of one turn in one buffer, which is empty where all were QoS 0. */
  constructor(write: (acknowledgements: Buffer) => void) {
    this.#write = write
  }

  /** How many are not settled, or wait for an earlier one that is not. */
  get size(): number {
    return this.#waiting.length
  }

  /** Their bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Notes a message. `undefined`: a QoS 2 message that was taken already and must not be taken twice. */
  take({ messageId, qos, bytes }: Omit<Received, 'settled'>): Received | undefined {
    if (qos === 2) {
      if (this.#untilReleased.has(messageId)) {
        if (!this.#waiting.some((received) => received.messageId === messageId && received.qos === 2)) {
          this.#write(acknowledgement(PUBREC, messageId))
        }
        return undefined
      }
      this.#untilReleased.add(messageId)
    }
    const received: Received = { messageId, qos, bytes, settled: false }
    this.#bytes += bytes
    this.#waiting.push(received)
    return received
  }

  /** The message is on disk: it is acknowledged at the end of this turn, unless an earlier one is not settled. */
  settle(received: Received): void {
    received.settled = true
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#acknowledge()
    })
  }

  /** The broker released a QoS 2 message: its id may come again. */
  release(messageId: number): void {
    this.#untilReleased.delete(messageId)
  }

  #acknowledge(): void {
    let count = 0
    while (this.#waiting[count]?.settled) count++
    if (count === 0) return
    const settled = this.#waiting.splice(0, count)
    for (const { bytes } of settled) this.#bytes -= bytes
    const done = settled.filter(({ qos }) => qos > 0)
    this.#write(
      Buffer.concat(done.map(({ qos, messageId }) => acknowledgement(qos === 1 ? PUBACK : PUBREC, messageId))),
    )
  }
}

function acknowledgement(type: number, messageId: number): Buffer {
  return Buffer.from([type, 2, messageId >> 8, messageId & 255])
}
