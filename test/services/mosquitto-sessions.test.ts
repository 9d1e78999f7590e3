/** The client's sessions on a real Mosquitto: both versions, both qualities, over the broker's restart, and shared between two. */
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { createMqttClient } from '../../src/adapters/mqtt-client/index.ts'
import { tapSource } from '../conformance/tap.ts'
import { mosquitto } from './mosquitto.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }
const CONTEXT = { name: 'mosquitto', now: Date.now, log: () => {} }
const BOTH = [
  ['3.1.1', 1],
  ['3.1.1', 2],
  [5, 1],
  [5, 2],
] as const

test.each(BOTH)(
  'MQTT %s, QoS %i: what was under way when the broker went comes again when it is back, in the same session',
  async (version, qos) => {
    const broker = await mosquitto(['autosave_interval 1', 'max_inflight_messages 100'])
    const settings = { url: broker.url, version, qos, clientId: 'davy' }
    const device = await connectAsync(broker.url, { reconnectPeriod: 20, clientId: 'device' })
    device.on('error', () => {})
    const publish = (value: number) => device.publishAsync('davy/v1/mine/p', JSON.stringify({ value }), { qos })
    const held: (() => void)[] = []
    let holding = true
    const source = createMqttClient(settings, CONTEXT)
    const tap = tapSource(source, (frame) => {
      const settle = () => frame.settle('journaled')
      if (holding) held.push(settle)
      else settle()
    })
    try {
      await expect.poll(() => source.link().state, PATIENCE).toBe('up')
      for (let value = 0; value < 20; value++) await publish(value)
      await expect.poll(() => tap.values().size, PATIENCE).toBe(20)
      for (const settle of held.slice(0, 8)) settle()
      const acknowledged = () => broker.log.filter((line) => /Received (PUBACK|PUBREC) from davy/.test(line)).length
      await expect.poll(acknowledged, PATIENCE).toBe(8)
      await broker.stop('terminate')
      await expect.poll(() => source.link().state, PATIENCE).toBe('down')
      holding = false
      const seen = tap.frames.length
      await broker.start()
      await expect.poll(() => source.link().state, PATIENCE).toBe('up')
      const again = () =>
        new Set(tap.frames.slice(seen).map(({ payload }) => JSON.parse(Buffer.from(payload).toString()).value))
      await expect
        .poll(() => [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].every((value) => again().has(value)), PATIENCE)
        .toBe(true)
      for (let value = 0; value < 8; value++) expect(again().has(value)).toBe(false)
      await publish(20)
      await expect.poll(() => tap.values().has(20), PATIENCE).toBe(true)
    } finally {
      await tap.stop()
      await device.endAsync(true)
      await broker.remove()
    }
  },
  60_000,
)

test.each(['3.1.1', 5] as const)(
  'MQTT %s: two of a shared subscription take every message once between them',
  async (version) => {
    const broker = await mosquitto()
    const device = await connectAsync(broker.url, { reconnectPeriod: 0 })
    const make = (clientId: string) => createMqttClient({ url: broker.url, share: 'desks', version, clientId }, CONTEXT)
    const sources = [make('one'), make('two')]
    const taps = sources.map((source) => tapSource(source, (frame) => frame.settle('journaled')))
    try {
      for (const source of sources) await expect.poll(() => source.link().state, PATIENCE).toBe('up')
      for (let value = 0; value < 40; value++) {
        await device.publishAsync('davy/v1/mine/p', JSON.stringify({ value }), { qos: 1 })
      }
      const counts = () => taps.map(({ frames }) => frames.length)
      await expect.poll(() => counts().reduce((a, b) => a + b), PATIENCE).toBe(40)
      expect(new Set(taps.flatMap((tap) => [...tap.values()])).size).toBe(40)
      for (const count of counts()) expect(count).toBeGreaterThan(0)
    } finally {
      for (const tap of taps) await tap.stop()
      await device.endAsync(true)
      await broker.remove()
    }
  },
)
