/** A broker on a free port with a consumer, for tests. */
import type { Worker } from 'node:worker_threads'
import { type IClientOptions, type MqttClient, connectAsync as open } from 'mqtt'
import { expect } from 'vitest'
import type { Frame } from '../../model/ports.ts'
import { type Broker, createBroker } from './broker.ts'
import type { MqttSettingsInput } from './settings.ts'

export interface BrokerFixture {
  readonly broker: Broker
  readonly frames: readonly Frame[]
  readonly workers: readonly Worker[]
  readonly logs: readonly string[]
  /** What is done with every frame; at first it is settled. */
  take(frame: Frame): void
  /** mqtt.js, connected; closed with the fixture. */
  client(options?: IClientOptions): Promise<MqttClient>
  /** Payloads that came on a topic, as text. */
  payloads(topic: string): string[]
  stop(): Promise<void>
}

export async function startBroker(settings: MqttSettingsInput = {}): Promise<BrokerFixture> {
  const workers: Worker[] = []
  const logs: string[] = []
  const frames: Frame[] = []
  const clients: MqttClient[] = []
  const broker = createBroker(
    { port: 0, ...settings },
    {
      name: 'mqtt',
      now: Date.now,
      log: (level, message, detail) => logs.push(`${level} ${message} ${JSON.stringify(detail)}`),
      onWorker: (worker) => workers.push(worker),
    },
  )
  const fixture: BrokerFixture = {
    broker,
    frames,
    workers,
    logs,
    take: (frame) => frame.settle('journaled'),
    async client(options = {}) {
      const client = await open(broker.link().peer, { reconnectPeriod: 0, ...options })
      client.on('error', () => {})
      clients.push(client)
      return client
    },
    payloads: (topic) => frames.filter((f) => f.topic === topic).map((f) => Buffer.from(f.payload).toString()),
    async stop() {
      await Promise.all(clients.map((client) => client.endAsync(true)))
      await broker.close()
      await consuming
    },
  }
  const consuming = (async () => {
    for await (const batch of broker.open(new AbortController().signal)) {
      for (const frame of batch) {
        frames.push(frame)
        fixture.take(frame)
      }
    }
  })()
  await expect.poll(() => broker.link().state, { timeout: 10_000 }).toBe('up')
  return fixture
}
