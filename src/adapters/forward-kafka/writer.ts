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
}

export interface Writer {
  /** Resolves once all replicas in sync have them all; rejects with what the library says where they may not have been written. */
  write(records: readonly OutRecord[]): Promise<void>
  /** Resolves if the cluster answers. */
  probe(): Promise<void>
  close(): Promise<void>
}

/** A goodbye that takes longer is not waited for, milliseconds. */
const CLOSE_WITHIN = 3_000

/** Connects when it is first used. Throws where a file of the settings cannot be read. */
export function openWriter(settings: KafkaConnection, clientId: string): Writer {
  const producer = new Producer({ ...optionsOf(settings, clientId), idempotent: true, autocreateTopics: true })
  producer.on('error', () => {})
  return {
    async write(records) {
      const messages = records.map(({ topic, key, value, headers }) => ({
        topic,
        key: Buffer.from(key),
        value: Buffer.from(value),
        headers: new Map(Object.entries(headers ?? {}).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
      }))
      await producer.send({ messages })
    },
    async probe() {
      await producer.metadata({ topics: [], forceUpdate: true })
    },
    close: () => within(CLOSE_WITHIN, producer.close()),
  }
}
