/** Sources that are stopped while what they brought is on its way to the disk: real brokers, a journal that takes its time. */
import { expect, onTestFinished, test } from 'vitest'
import { startOpcuaServer } from '../../simulators/servers/opcua.ts'
import { type BrokerFixture, startBroker } from '../adapters/mqtt/broker.fixture.ts'
import type { AdapterContext, Frame } from '../model/ports.ts'
import { systemClock } from './clock.ts'
import { listed } from './fingerprint.ts'
import { createSources } from './sources.ts'

const PATIENCE = { timeout: 25_000, interval: 10 }
const clock = systemClock()
const context: AdapterContext = { now: () => clock.now(), log: () => {} }

/** Sources over a sequencer that has things on disk when the test says so. */
function held(room?: (source: string) => Promise<void> | undefined) {
  const frames: Frame[] = []
  const log: string[] = []
  let asked = 0
  let disk = Promise.withResolvers<void>()
  const sources = createSources(context, {
    clock,
    log: { info() {}, warn: (text) => void log.push(text), error: (text) => void log.push(text) },
    sequencer: {
      offer(source, batch) {
        frames.push(...batch)
        return room?.(source)
      },
      take() {
        asked += 1
        return disk.promise
      },
    },
  })
  return {
    sources,
    frames,
    log,
    /** How many have asked for what they brought to be on disk. */
    asked: () => asked,
    settle(from = 0) {
      for (const frame of frames.slice(from)) frame.settle('journaled')
      disk.resolve()
      disk = Promise.withResolvers()
    },
  }
}

const client = (fixture: BrokerFixture, more: object = {}) =>
  listed('field', {
    adapter: 'mqtt-client',
    settings: { url: fixture.broker.link().peer, clientId: 'davy', topics: ['davy/v1/#'], ...more },
  })

test('a source that is stopped finishes its hand-over: what was on its way is acknowledged, and does not come again', async () => {
  const fixture = await startBroker()
  onTestFinished(() => fixture.stop())
  const { sources, frames, asked, settle } = held()
  await sources.apply([client(fixture)])
  await expect.poll(() => sources.running()[0]?.source.link().state, PATIENCE).toBe('up')
  const device = await fixture.client()
  for (let i = 0; i < 50; i++) device.publish('davy/v1/mine/p', `{"value":${i}}`, { qos: 1 })
  await expect.poll(() => frames.length, PATIENCE).toBe(50)

  const restarted = sources.apply([client(fixture, { keepalive: 20 })])
  await expect.poll(asked, PATIENCE).toBe(1)
  // More comes while it ends: not taken any more, and not lost.
  await device.publishAsync('davy/v1/mine/p', '{"value":50}', { qos: 1 })
  settle()
  expect((await restarted).restarted).toEqual(['field'])
  await expect.poll(() => frames.length, PATIENCE).toBeGreaterThan(50)
  const values = frames.map(({ payload }) => (JSON.parse(new TextDecoder().decode(payload)) as { value: number }).value)
  expect(values).toEqual(Array.from({ length: 51 }, (_, i) => i))
  const stopped = sources.stop()
  await expect.poll(asked, PATIENCE).toBe(2)
  settle(50)
  await stopped
})

test('a journal that hangs does not keep a source from ending; what it brought comes again', async () => {
  const fixture = await startBroker()
  onTestFinished(() => fixture.stop())
  const { sources, frames, settle } = held()
  await sources.apply([client(fixture)])
  await expect.poll(() => sources.running()[0]?.source.link().state, PATIENCE).toBe('up')
  const device = await fixture.client()
  await device.publishAsync('davy/v1/mine/p', '{"value":1}', { qos: 1 })
  await expect.poll(() => frames.length, PATIENCE).toBe(1)
  await sources.apply([client(fixture, { keepalive: 20 })])
  await expect.poll(() => frames.length, PATIENCE).toBe(2)
  const stopped = sources.stop()
  settle()
  await stopped
})

test('a source whose peer does not send again is listened to until it has ended: what it had received is taken in', async () => {
  const server = await startOpcuaServer({ items: [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }] })
  onTestFinished(() => server.stop())
  const watched = (name: string) => {
    const items = [{ node: 'ns=1;s=a', point: name, sampling: 20, queue: 10 }]
    const settings = { endpoint: server.endpoint, site: 'mine', security: 'None', items, history: 'never' }
    return listed(name, {
      adapter: 'opcua',
      settings: { ...settings, publishing: 50, staleAfter: 20_000, restate: 1e6 },
    })
  }
  const busy = Promise.withResolvers<void>()
  const { sources, frames, settle } = held((source) => (source === 'slow' ? busy.promise : undefined))
  const values = (point: string) =>
    frames.flatMap(({ payload }) => {
      const readings = JSON.parse(new TextDecoder().decode(payload)) as { point: string; value: number }[]
      return readings.flatMap((reading) => (reading.point === point ? [reading.value] : []))
    })
  await sources.apply([watched('slow'), watched('quick')])
  for (const point of ['slow', 'quick']) await expect.poll(() => values(point), PATIENCE).toContain(1)
  // Whoever takes nothing has received by now what the other, on the same thread, was sent two words ago.
  for (const value of [2, 3, 4, 5]) {
    await server.set('ns=1;s=a', value)
    await expect.poll(() => values('quick'), PATIENCE).toContain(value)
  }
  expect(values('slow')).not.toContain(2)
  const stopped = sources.stop()
  busy.resolve()
  settle()
  await stopped
  expect(values('slow')).toEqual(expect.arrayContaining([1, 2, 3]))
}, 60_000)
