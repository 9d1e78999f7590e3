/** Bounds what subscribers cost: readings nobody asked for never enter aedes' emitter, and slow or absent subscribers have a limit. */
import type { Aedes, AedesPublishPacket } from 'aedes'

/** What aedes has beside its declared interface, as of 1.2.0. */
interface Inside {
  /** Those connected, by id. */
  readonly clients: Readonly<Record<string, unknown>>
  readonly mq: {
    on(filter: string, listener: unknown, done?: () => void): unknown
    removeListener(filter: string, listener: unknown, done?: () => void): unknown
  }
  readonly persistence: {
    addSubscriptions(client: { id: string }, subscriptions: readonly { topic: string }[]): Promise<unknown>
    removeSubscriptions(client: { id: string }, filters: readonly string[]): Promise<unknown>
    cleanSubscriptions(client: { id: string }): Promise<unknown>
    incomingGetPacket(client: { id: string }, packet: { readonly messageId: number }): Promise<unknown>
    incomingStorePacket(client: { id: string }, packet: { readonly messageId: number }): Promise<unknown>
    cleanIncoming(client: { id: string }): Promise<unknown>
    outgoingStream(client: { id: string }): AsyncIterable<Queued & { readonly messageId?: number }>
    outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: Queued): Promise<unknown>
    outgoingClearMessageId(client: { id: string }, packet: unknown): Promise<QueuedOrReceived | undefined>
    storeRetained(packet: unknown): Promise<unknown>
  }
}

/** What is kept of a message for a subscriber. */
interface Queued {
  readonly topic: string
  readonly payload: { readonly length: number }
}

/** The same once a subscriber has received it at QoS 2: only its id is kept. */
type QueuedOrReceived = Queued | { readonly payload?: undefined }

const sizeOf = ({ topic, payload }: Queued) => topic.length + payload.length

/** aedes with the parts its type leaves out. */
export type OpenAedes = Aedes & Inside

export interface FanOutOptions {
  /** Messages kept for one persistent session. */
  readonly queue: number
  /** The same in bytes. */
  readonly queueBytes: number
  dropped(what: string, detail: string): void
}

/** Forwards that may be under way at once; readings beyond are not forwarded (the fold has them all the same). */
const UNDER_WAY = 10_000

/** Filters in use, by whether a topic matches one. */
class Interest {
  readonly #filters = new Map<string, number>()
  readonly #known = new Map<string, boolean>()

  add(filter: string): void {
    this.#filters.set(filter, (this.#filters.get(filter) ?? 0) + 1)
    this.#known.clear()
  }

  remove(filter: string): void {
    const left = (this.#filters.get(filter) ?? 0) - 1
    if (left > 0) this.#filters.set(filter, left)
    else this.#filters.delete(filter)
    this.#known.clear()
  }

  in(topic: string): boolean {
    let known = this.#known.get(topic)
    if (known === undefined) {
      if (this.#known.size >= 100_000) this.#known.clear()
      known = [...this.#filters.keys()].some((filter) => filterMatches(filter, topic))
      this.#known.set(topic, known)
    }
    return known
  }
}

/** Whether an MQTT filter matches a topic. */
export function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/')
  const levels = topic.split('/')
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false
  for (const [i, want] of wanted.entries()) {
    if (want === '#') return true
    if (i >= levels.length || (want !== '+' && want !== levels[i])) return false
  }
  return wanted.length === levels.length
}

/** Returns what forwards a device's message to whoever subscribed, without anybody waiting for it. */
export function limitFanOut(
  aedes: OpenAedes,
  { queue, queueBytes, dropped }: FanOutOptions,
): (packet: AedesPublishPacket) => void {
  const interest = new Interest()
  const { mq, persistence } = aedes

  const on = mq.on.bind(mq)
  mq.on = (filter, listener, done) => {
    interest.add(filter)
    return on(filter, listener, done)
  }
  const removeListener = mq.removeListener.bind(mq)
  mq.removeListener = (filter, listener, done) => {
    interest.remove(filter)
    return removeListener(filter, listener, done)
  }

  const sessions = new Map<string, Set<string>>()
  const forget = (id: string, filters: Iterable<string>) => {
    const session = sessions.get(id)
    for (const filter of filters) if (session?.delete(filter)) interest.remove(filter)
    if (session?.size === 0) sessions.delete(id)
  }
  const { addSubscriptions, removeSubscriptions, cleanSubscriptions } = persistence
  persistence.addSubscriptions = (client, subscriptions) => {
    const session = sessions.get(client.id) ?? new Set()
    sessions.set(client.id, session)
    for (const { topic } of subscriptions) {
      if (!session.has(topic)) interest.add(topic)
      session.add(topic)
    }
    return addSubscriptions.call(persistence, client, subscriptions)
  }
  persistence.removeSubscriptions = (client, filters) => {
    forget(client.id, filters)
    return removeSubscriptions.call(persistence, client, filters)
  }
  persistence.cleanSubscriptions = async (client) => {
    forget(client.id, [...(sessions.get(client.id) ?? [])])
    await cleanSubscriptions.call(persistence, client)
    if (!queued.delete(client.id)) return
    // A session that is over leaves nothing behind.
    for await (const packet of persistence.outgoingStream(client)) {
      await outgoingClearMessageId.call(persistence, client, packet)
    }
  }

  const queued = new Map<string, { length: number; bytes: number }>()
  const { outgoingEnqueueCombi, outgoingClearMessageId } = persistence
  persistence.outgoingEnqueueCombi = (subscriptions, packet) => {
    const size = sizeOf(packet)
    const within = subscriptions.filter(({ clientId }) => {
      const kept = queued.get(clientId) ?? { length: 0, bytes: 0 }
      if (kept.length >= queue || kept.bytes + size > queueBytes) {
        dropped('a subscriber is away or slow: messages for it are dropped', clientId)
        return false
      }
      kept.length++
      kept.bytes += size
      queued.set(clientId, kept)
      return true
    })
    return outgoingEnqueueCombi.call(persistence, within, packet)
  }
  persistence.outgoingClearMessageId = async (client, packet) => {
    const cleared = await outgoingClearMessageId.call(persistence, client, packet)
    const kept = queued.get(client.id)
    if (cleared !== undefined && kept) {
      // What a QoS 2 message took is not known any more once it was received: the others' average stands for it.
      kept.bytes -= cleared.payload ? sizeOf(cleared) : kept.bytes / kept.length
      kept.length--
      if (kept.length <= 0) queued.delete(client.id)
    }
    return cleared
  }

  let underWay = 0
  return (packet) => {
    if (!interest.in(packet.topic)) return
    if (underWay >= UNDER_WAY) {
      dropped('subscribers are too slow for the readings: some are not forwarded', packet.topic)
      return
    }
    underWay++
    aedes.publish(packet, () => underWay--)
  }
}
