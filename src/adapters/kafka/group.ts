/** A member of a consumer group: the only module that knows the consumer of the client library. */
import { Consumer, type Message, type MessagesStream } from '@platformatic/kafka'
import { optionsOf } from './connection.ts'
import type { Position } from './positions.ts'
import type { KafkaSettings } from './settings.ts'
import { within } from './within.ts'

/** A record as it stands in a partition; `key` and `value` may be missing. */
export type KafkaMessage = Position & { readonly key?: Buffer; readonly value?: Buffer }

export interface Group {
  /** Messages in batches, each partition in its order; throws what the library says when the cluster is lost; ends when closed. */
  messages(): AsyncIterable<readonly KafkaMessage[]>
  /** Whether the partition is this member's now. */
  has(place: Pick<Position, 'topic' | 'partition'>): boolean
  /** Resolves once the group remembers these places. */
  commit(places: readonly Position[]): Promise<void>
  /** Takes the cluster for lost: `messages` throws this. */
  fail(error: unknown): void
  /** Messages that are here and that nobody took yet. */
  held(): number
  /** Ends `messages`. */
  end(): void
  /** Leaves the group, so that others take over at once. Never rejects. */
  close(): Promise<void>
}

/** Of one fetch; what is waiting beyond `HELD` stops fetching. Together they bound what is held. */
const FETCH_BYTES = 1_048_576
const FETCH_PARTITION_BYTES = 262_144
const HELD = 256
/** How long the broker may wait for a message before it answers a fetch with none, milliseconds. */
const FETCH_WAIT = 1_000
const BATCH = 500
/** A goodbye that takes longer is not waited for, milliseconds. */
const LEAVE_WITHIN = 3_000

/** Joins, which takes as long as the group needs to agree; rejects where the cluster cannot be reached or a topic is not there.
 *  `lost` is told at once what `messages` throws when somebody asks it. */
export async function joinGroup(
  settings: KafkaSettings,
  { signal, lost }: { readonly signal: AbortSignal; readonly lost: (error: unknown) => void },
): Promise<Group> {
  const { topics, group, from, sessionTimeout, clientId = 'davylamp' } = settings
  const session = sessionTimeout * 1_000
  const base = optionsOf(settings, clientId)
  const consumer = new Consumer({
    ...base,
    groupId: group,
    sessionTimeout: session,
    rebalanceTimeout: session * 2,
    // The broker answers a member that joins when all have, or when the others' time is up.
    requestTimeout: Math.max(base.requestTimeout, session * 3),
    heartbeatInterval: session / 5,
    heartbeatStallTimeout: session,
  })
  let wake: PromiseWithResolvers<void> | undefined
  let ended = false
  let failure: unknown
  const fail = (error: unknown) => {
    if (ended || failure !== undefined) return
    failure = error
    lost(error)
    wake?.resolve()
  }
  const end = () => {
    ended = true
    wake?.resolve()
  }
  consumer.on('error', fail)
  consumer.on('consumer:heartbeat:stalled', () => fail(new Error('the group answers no heartbeats')))

  const leave = () => within(LEAVE_WITHIN, consumer.close(true))
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => {})
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const joining = consumer.consume({
    topics,
    mode: 'committed',
    fallbackMode: from,
    autocommit: false,
    maxBytes: FETCH_BYTES,
    maxBytesPerPartition: FETCH_PARTITION_BYTES,
    maxWaitTime: FETCH_WAIT,
    highWaterMark: HELD,
  })
  // Where the abort came first, nobody else looks at what becomes of it.
  joining.catch(() => {})
  const stream = await Promise.race([joining, aborted.promise])
    .catch(async (error) => {
      await leave()
      throw error
    })
    .finally(() => signal.removeEventListener('abort', abort))

  stream.on('readable', () => wake?.resolve())
  stream.on('error', fail)
  stream.on('close', end)
  // With no place of its own a group would begin anew, at an end that has moved on, whenever it is interrupted.
  if (from === 'latest') stream.on('offsets', () => void pinStart(consumer, stream).catch(fail))

  async function* messages(): AsyncIterable<readonly KafkaMessage[]> {
    for (;;) {
      if (failure !== undefined) throw failure
      const batch: KafkaMessage[] = []
      while (batch.length < BATCH) {
        const message = stream.read() as Message | null
        if (message === null) break
        batch.push(message)
      }
      if (batch.length > 0) {
        yield batch
      } else if (ended) {
        return
      } else {
        wake = Promise.withResolvers()
        await wake.promise
      }
    }
  }

  return {
    messages,
    has: ({ topic, partition }) =>
      consumer.assignments?.some((own) => own.topic === topic && own.partitions.includes(partition)) ?? false,
    commit: (places) => commit(consumer, places),
    fail,
    held: () => stream.readableLength,
    end,
    close: leave,
  }
}

function commit(consumer: Consumer, places: readonly Position[]): Promise<void> {
  return consumer.commit({ offsets: places.map((place) => ({ ...place, leaderEpoch: -1 })) })
}

/** Commits where the stream begins in each partition that has no place yet. */
async function pinStart(consumer: Consumer, stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>): Promise<void> {
  const assigned = consumer.assignments ?? []
  if (assigned.length === 0) return
  const topics = assigned.map(({ topic, partitions }) => ({ topic, partitions }))
  const committed = await consumer.listCommittedOffsets({ topics })
  const places = topics.flatMap(({ topic, partitions }) =>
    partitions
      .filter((partition) => (committed.get(topic)?.[partition] ?? -1n) < 0n)
      .map((partition) => ({ topic, partition, offset: stream.offsetsToFetch.get(`${topic}:${partition}`) ?? -1n }))
      .filter(({ offset }) => offset >= 0n),
  )
  if (places.length > 0) await commit(consumer, places)
}
