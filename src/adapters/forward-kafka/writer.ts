/** A producer that waits for every replica in sync and repeats without doubling: the only module that knows the producer of the client library. */
import { Producer } from '@platformatic/kafka'
import { type KafkaConnection, optionsOf } from '../kafka/connection.ts'
import { within } from '../kafka/within.ts'

/** A record to write; those of one key are kept in their order. */
export interface OutRecord {
  readonly topic: string
  readonly key: string
  readonly value: string
  readonly headers?: Readonly<Record<string, string>>
  /** The topic it would have over MQTT: under which it is set aside where no cluster takes it. */
  readonly ours: string
}

export interface Writer {
  /** One call after the other. Resolves once all replicas in sync have them all; rejects with what the library says where they may not
   *  have been written. */
  write(records: readonly OutRecord[]): Promise<void>
  /** Resolves if the cluster answers. */
  probe(): Promise<void>
  close(): Promise<void>
}

/** A goodbye that takes longer is not waited for, milliseconds. */
const CLOSE_WITHIN = 3_000

/** Answers of a cluster that will not take so much at once, however often it is asked. */
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/** Whether a write failed because its records are too large together, or one of them by itself. */
export function isTooLarge(error: unknown): boolean {
  const { apiId, errors, cause } = (error ?? {}) as { apiId?: string; errors?: readonly unknown[]; cause?: unknown }
  return (
    (apiId !== undefined && TOO_LARGE.has(apiId)) || [...(errors ?? []), ...(cause ? [cause] : [])].some(isTooLarge)
  )
}

/** Connects when it is first used. Throws where a file of the settings cannot be read. */
export function openWriter(settings: KafkaConnection, clientId: string): Writer {
  const producer = new Producer({ ...optionsOf(settings, clientId), idempotent: true, autocreateTopics: true })
  producer.on('error', () => {})
  let turn: Promise<unknown> = Promise.resolve()

  async function send(records: readonly OutRecord[]): Promise<void> {
    const messages = records.map(({ topic, key, value, headers }) => ({
      topic,
      key: Buffer.from(key),
      value: Buffer.from(value),
      headers: new Map(Object.entries(headers ?? {}).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    }))
    await producer.send({ messages })
  }

  return {
    write(records) {
      // The library numbers records as they are handed over, and begins anew when a write fails: two at once would mix their numbers up.
      const written = turn.then(() => send(records))
      turn = written.catch(() => {})
      return written
    },
    async probe() {
      await producer.metadata({ topics: [], forceUpdate: true })
    },
    close: () => within(CLOSE_WITHIN, producer.close()),
  }
}
