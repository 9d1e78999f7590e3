import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, expect, test } from 'vitest'
import type { SimulatedReading } from '../gateway.ts'
import { freePort } from '../ports.ts'
import { createMqttTransport, type MqttTransport } from './mqtt.ts'

let cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.reverse()) await clean()
  cleanups = []
})

/** A broker that remembers the refs it acknowledged. */
async function startBroker(port: number, refs: string[]): Promise<() => Promise<void>> {
  const broker = await Aedes.createBroker()
  broker.authorizePublish = (_, packet, done) => {
    if (packet.topic === 'davy/v1/baoyuan') {
      for (const { ref } of JSON.parse(String(packet.payload)) as { ref: string }[]) refs.push(ref)
    }
    done(null)
  }
  const server = createServer(broker.handle)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    await new Promise<void>((resolve) => broker.close(() => resolve()))
    await closed
  }
}

const readings = (from: number, count: number): SimulatedReading[] =>
  Array.from({ length: count }, (_, i) => ({
    site: 'baoyuan',
    point: 'face-101/ch4-t1',
    ts: 1_800_000_000_000 + from + i,
    value: 0.4,
    quality: 'good',
    ref: `r${from + i}`,
  }))

function connect(port: number): MqttTransport {
  const transport = createMqttTransport({ url: `mqtt://127.0.0.1:${port}`, site: 'baoyuan', clientId: 'gateway' })
  cleanups.push(() => transport.stop())
  return transport
}

test('what is said while the broker is away goes out once it is back, in order and whole', async () => {
  const port = await freePort()
  const refs: string[] = []
  const stop = await startBroker(port, refs)
  const transport = connect(port)
  transport.send(readings(0, 700))
  await expect.poll(() => transport.acknowledged, { timeout: 10_000 }).toBe(700)
  await stop()
  await expect.poll(() => transport.connected, { timeout: 10_000 }).toBe(false)
  transport.send(readings(700, 700))
  expect(transport.waiting).toBe(700)
  cleanups.unshift(await startBroker(port, refs))
  await expect.poll(() => transport.waiting, { timeout: 10_000 }).toBe(0)
  expect([...new Set(refs)]).toEqual(readings(0, 1_400).map(({ ref }) => ref))
  expect(transport.lost).toBe(0)
})

test('a full outbox gives up the oldest and counts them', async () => {
  const transport = connect(await freePort())
  transport.send(readings(0, 60_000))
  expect(transport.waiting).toBe(50_000)
  expect(transport.lost).toBe(10_000)
})
