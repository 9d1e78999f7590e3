/** A Sparkplug B host application on a real Mosquitto: its STATE, its will, its requests, and a node that keeps data while it is away. */
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { SparkplugNode } from '../../simulators/servers/sparkplug-node.ts'
import { createMqttClient } from '../../src/adapters/mqtt-client/index.ts'
import { type Tap, tapSource } from '../conformance/tap.ts'
import { type Mosquitto, mosquitto } from './mosquitto.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }
const CONTEXT = { name: 'plant', now: Date.now, log: () => {} }

let broker: Mosquitto
const cleanups: (() => unknown)[] = []
beforeAll(async () => {
  broker = await mosquitto()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
afterAll(() => broker.remove())

async function tap(host: string, version: '3.1.1' | 5 = '3.1.1') {
  const settings = { url: broker.url, clientId: `davy-${host}`, version, sparkplug: { host, reorder: 0, rebirth: 1 } }
  const source = createMqttClient(settings, CONTEXT)
  const tapped = tapSource(source, (frame) => frame.settle(frame.refused ? 'rejected' : 'journaled'))
  cleanups.push(() => tapped.stop())
  await expect.poll(() => source.link().state, PATIENCE).toBe('up')
  return { source, tapped }
}
function node(group: string, options: { primaryHost?: string } = {}) {
  const devices = { gas: [{ name: 'ch4', type: 'Float', value: 0.7 } as const] }
  const made = new SparkplugNode({ url: broker.url, group, edge: 'edge', devices, ...options })
  cleanups.push(() => made.close().catch(() => {}))
  return made
}
async function states(host: string) {
  const heard: { online: boolean; timestamp: number }[] = []
  const client = await connectAsync(broker.url, { reconnectPeriod: 0 })
  cleanups.push(() => client.endAsync(true))
  client.on('message', (_, payload) => heard.push(JSON.parse(payload.toString())))
  await client.subscribeAsync(`spBv1.0/STATE/${host}`, { qos: 1 })
  return { heard, client }
}
const heard = (tapped: Tap, site: string) =>
  tapped.frames
    .filter(({ topic }) => topic === `davy/v1/${site}`)
    .flatMap(
      ({ payload }) =>
        JSON.parse(Buffer.from(payload).toString()) as { value: unknown; quality: string; ts?: number }[],
    )

test.each(['3.1.1', 5] as const)('over MQTT %s a node is born, reports, loses a message, and dies', async (version) => {
  const site = `mine-${version}`
  const { tapped } = await tap(`host-${version}`, version)
  const edge = node(site)
  await edge.connect()
  edge.report({ device: 'gas', name: 'ch4', value: 1.2 })
  edge.lose()
  edge.report({ device: 'gas', name: 'ch4', value: 1.3 })
  await expect.poll(() => edge.asked, PATIENCE).toBe(1)
  await expect.poll(() => heard(tapped, site).map(({ value }) => value), PATIENCE).toEqual([0.7, 1.2, 1.3, 1.3])
  edge.vanish()
  await expect
    .poll(() => heard(tapped, site).at(-1), PATIENCE)
    .toMatchObject({ value: null, quality: 'bad', status: 'offline' })
})

test('the host is announced while it is there; its will and its goodbye take it back', async () => {
  const { heard: said, client } = await states('desk')
  const { source, tapped } = await tap('desk')
  await expect.poll(() => said.at(-1)?.online, PATIENCE).toBe(true)
  // A will of an earlier connection that comes late is contradicted.
  await client.publishAsync('spBv1.0/STATE/desk', '{"online":false,"timestamp":1}', { qos: 1, retain: true })
  await expect.poll(() => said.length, PATIENCE).toBeGreaterThanOrEqual(3)
  await expect.poll(() => said.at(-1)?.online, PATIENCE).toBe(true)
  // Another client with our name takes the connection: the broker publishes the will.
  const born = said.at(-1)!.timestamp
  const before = said.length
  const thief = await connectAsync(broker.url, { clientId: 'davy-desk', reconnectPeriod: 0 })
  await expect.poll(() => said.slice(before).find(({ online }) => !online)?.timestamp, PATIENCE).toBe(born)
  await thief.endAsync(true)
  await expect.poll(() => source.link().state, PATIENCE).toBe('up')
  await expect.poll(() => said.at(-1)?.online, PATIENCE).toBe(true)
  await tapped.stop()
  await expect.poll(() => said.at(-1)?.online, PATIENCE).toBe(false)
})

test('a node whose primary host is away keeps its data, and sends it as history when the host is back', async () => {
  const first = await tap('primary')
  const edge = node('mine-kept', { primaryHost: 'primary' })
  await edge.connect()
  await expect.poll(() => heard(first.tapped, 'mine-kept').length, PATIENCE).toBe(1)
  const { heard: said } = await states('primary')
  await first.tapped.stop()
  await expect.poll(() => said.at(-1)?.online, PATIENCE).toBe(false)
  // The node hears it over a connection of its own.
  await expect.poll(() => edge.online, PATIENCE).toBe(false)
  for (let i = 1; i <= 5; i++) edge.report({ device: 'gas', name: 'ch4', value: i, timestamp: 1_777_593_600_000 + i })
  const second = await tap('primary')
  const history = () => heard(second.tapped, 'mine-kept').filter(({ ts }) => (ts ?? 0) < 1_777_593_601_000)
  await expect.poll(() => history().map(({ value }) => value), PATIENCE).toEqual([1, 2, 3, 4, 5])
})

test('after a restart the host knows nobody, and asks the first who speaks', async () => {
  const first = await tap('forgetful')
  const edge = node('mine-restart')
  await edge.connect()
  await expect.poll(() => heard(first.tapped, 'mine-restart').length, PATIENCE).toBe(1)
  await first.tapped.stop()
  const second = await tap('forgetful')
  edge.report({ device: 'gas', name: 'ch4', value: 2 })
  await expect.poll(() => edge.asked, PATIENCE).toBe(1)
  await expect.poll(() => heard(second.tapped, 'mine-restart').at(-1)?.value, PATIENCE).toBe(2)
  expect(second.tapped.frames.filter(({ refused }) => refused === 'sparkplug-unborn')).toHaveLength(1)
})
