/** Messages of QoS 2 between their arrival and their release: told again, they are not taken again. */

/** What is kept of a session's messages that its client has not released. */
export interface ReceiptStore {
  incomingGetPacket(client: { id: string }, packet: { readonly messageId: number }): Promise<unknown>
  incomingStorePacket(client: { id: string }, packet: { readonly messageId: number }): Promise<unknown>
}

export interface ReceiptClient {
  readonly id: string
  readonly clean: boolean
  readonly closed: boolean
}

export class Receipts {
  readonly #store: ReceiptStore
  /** Session (one that ends with its connection: the client itself) → message id → who waits for the same message. */
  readonly #underWay = new Map<string | object, Map<number, (() => void)[]>>()

  constructor(store: ReceiptStore) {
    this.#store = store
  }

  /** Calls `take` for a message not seen before, and `known` where it was: once it is settled, if it is under way still. */
  async enter<P extends { readonly messageId: number }>(
    { client, packet }: { readonly client: ReceiptClient; readonly packet: P },
    { take, known }: { take(settled: () => void): void; known(): void },
  ): Promise<void> {
    const session = client.clean ? client : client.id
    const messages = this.#underWay.get(session) ?? new Map<number, (() => void)[]>()
    this.#underWay.set(session, messages)
    const same = messages.get(packet.messageId)
    if (same) {
      same.push(known)
      return
    }
    const waiting: (() => void)[] = []
    messages.set(packet.messageId, waiting)
    const over = () => {
      messages.delete(packet.messageId)
      if (messages.size === 0) this.#underWay.delete(session)
      for (const call of waiting) call()
    }
    const { id } = client
    try {
      await this.#store.incomingGetPacket({ id }, packet)
    } catch {
      take(() => {
        // Nobody is there to be told: what comes again in the same session must be known.
        const stored = client.closed && !client.clean ? this.#store.incomingStorePacket({ id }, packet) : undefined
        Promise.resolve(stored).then(over, over)
      })
      return
    }
    over()
    known()
  }
}
