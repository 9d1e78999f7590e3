/** The client against a real Mosquitto: the conformance suite, and that nothing is lost over its restart. */
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { createMqttClient } from '../../src/adapters/mqtt-client/index.ts'
import { startFaultProxy } from '../conformance/fault-proxy.ts'
import { describeSource } from '../conformance/source.ts'
import { tapSource } from '../conformance/tap.ts'
import { MOSQUITTO, mosquitto } from './mosquitto.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }
const CONTEXT = { name: 'mosquitto', now: Date.now, log: () => {} }

test('Mosquitto is installed', () => {
  expect(MOSQUITTO, 'apt-get install mosquitto').toBeDefined()
})

describeSource('mqtt-client on Mosquitto', async () => {
  // Its queue of 1 000 would drop what a consumer that stops pulling has not taken.
  const broker = await mosquitto(['max_queued_messages 0', 'max_inflight_messages 200'])
  const device = await connectAsync(broker.url, { reconnectPeriod: 20, clientId: 'device' })
  device.on('error', () => {})
  const count = (pattern: RegExp) => broker.log.filter((line) => pattern.test(line)).length
  const wire = await startFaultProxy({ port: broker.port })
  let next = 1
  return {
    wire,
    source: createMqttClient({ url: `mqtt://127.0.0.1:${wire.port}` }, CONTEXT),
    async emit(n) {
      const values = Array.from({ length: n }, () => next++)
      await Promise.all(
        values.map((value) => device.publishAsync('davy/v1/mine/face/t1', JSON.stringify({ value }), { qos: 1 })),
      )
      return values
    },
    emitBad: async () => {
      await device.publishAsync('davy/v1/mine/face/t1', '{"value":', { qos: 1 })
    },
    acknowledged: () => count(/Received PUBACK from davylamp/),
    losePeer: () => broker.stop('kill'),
    restorePeer: () => broker.start(),
    async close() {
      await wire.close()
      await device.endAsync(true)
      await broker.remove()
    },
  }
})

test('what it was not told is safe comes again after both were away', { timeout: 60_000 }, async () => {
  const broker = await mosquitto()
  const device = await connectAsync(broker.url, { reconnectPeriod: 20, clientId: 'device' })
  device.on('error', () => {})
  const publish = (value: number) => device.publishAsync('davy/v1/mine/p', JSON.stringify({ value }), { qos: 1 })
  try {
    const first = tapSource(createMqttClient({ url: broker.url }, CONTEXT), () => {})
    await expect.poll(() => broker.log.some((line) => /Sending SUBACK to davylamp/.test(line)), PATIENCE).toBe(true)
    for (let value = 0; value < 10; value++) await publish(value)
    await expect.poll(() => first.values().size, PATIENCE).toBe(10)
    await first.stop()
    for (let value = 10; value < 20; value++) await publish(value)
    await broker.stop('terminate')
    await broker.start()
    const second = tapSource(createMqttClient({ url: broker.url }, CONTEXT), (frame) => frame.settle('journaled'))
    await expect
      .poll(() => [...second.values()].toSorted((a, b) => Number(a) - Number(b)), PATIENCE)
      .toEqual(Array.from({ length: 20 }, (_, value) => value))
    await second.stop()
  } finally {
    await device.endAsync(true)
    await broker.remove()
  }
})
