import { afterEach, expect, test } from 'vitest'
import { SparkplugNode, type SparkplugNodeOptions } from '../../../simulators/servers/sparkplug-node.ts'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'
import type { MqttSettingsInput } from './settings.ts'

const PATIENCE = { timeout: 15_000, interval: 10 }

let fixture: BrokerFixture
const nodes: SparkplugNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close().catch(() => {})))
  await fixture.stop()
})

const start = async (settings?: MqttSettingsInput) => {
  fixture = await startBroker(settings)
}
const connect = async (options: Partial<SparkplugNodeOptions> = {}) => {
  const node = new SparkplugNode({
    url: fixture.broker.link().peer,
    group: 'mine',
    edge: 'edge',
    devices: { gas: [{ name: 'face/ch4', type: 'Double', value: 0.1 }] },
    ...options,
  })
  nodes.push(node)
  await node.connect()
  return node
}
/** `point value` of every reading of a site, bad ones with their status. */
const heard = (site = 'mine') =>
  fixture
    .payloads(`davy/v1/${site}`)
    .flatMap((payload) =>
      (JSON.parse(payload) as { point: string; value: unknown; quality: string; status?: string }[]).map(
        ({ point, value, quality, status }) => `${point} ${quality === 'good' ? value : `${quality} ${status}`}`,
      ),
    )

test('a node is born, reports by alias, vanishes and comes back', async () => {
  await start()
  const node = await connect()
  node.report({ device: 'gas', name: 'face/ch4', value: 1.5 })
  await expect.poll(() => heard(), PATIENCE).toEqual(['face/ch4 0.1', 'face/ch4 1.5'])
  node.vanish()
  await expect.poll(() => heard().at(-1), PATIENCE).toBe('face/ch4 bad offline')
  await node.connect()
  await expect.poll(() => heard().at(-1), PATIENCE).toBe('face/ch4 1.5')
  await node.oldDeath(0)
  node.report({ device: 'gas', name: 'face/ch4', value: 0.2 })
  await expect.poll(() => heard().slice(3), PATIENCE).toEqual(['face/ch4 1.5', 'face/ch4 0.2'])
  node.deviceDeath('gas')
  await expect.poll(() => heard().at(-1), PATIENCE).toBe('face/ch4 bad offline')
  expect(fixture.frames.filter(({ refused }) => refused)).toEqual([])
})

test('a lost message makes the host ask, and the node is born again', async () => {
  await start({ sparkplug: { reorder: 0 } })
  const node = await connect()
  node.lose()
  node.report({ device: 'gas', name: 'face/ch4', value: 2 })
  await expect.poll(() => [node.asked, node.births], PATIENCE).toEqual([1, 2])
  await expect.poll(() => heard(), PATIENCE).toEqual(['face/ch4 0.1', 'face/ch4 2', 'face/ch4 2'])
})

test('a broker that was away asks whoever speaks; what could not be read meanwhile is not lost', async () => {
  await start()
  const node = await connect({ rebirth: 'deaf' })
  await expect.poll(() => heard(), PATIENCE).toHaveLength(1)
  await fixture.workers[0]?.terminate()
  await expect.poll(() => fixture.workers.length, PATIENCE).toBe(2)
  await expect.poll(() => fixture.broker.link().state, PATIENCE).toBe('up')
  const stranger = await fixture.client()
  await stranger.publishAsync(
    'spBv1.0/mine/NDATA/edge',
    Buffer.from([0x18, 0x05, 0x12, 0x04, 0x10, 0x02, 0x50, 0x01]),
    { qos: 1 },
  )
  expect(fixture.frames.at(-1)).toMatchObject({ topic: 'spBv1.0/mine/NDATA/edge', refused: 'sparkplug-unborn' })
  await node.connect()
  await expect.poll(() => heard(), PATIENCE).toHaveLength(2)
})

test('a node with a primary host waits for us, and sends what it kept as history', async () => {
  await start({ sparkplug: { host: 'desk' } })
  const node = await connect({ primaryHost: 'desk' })
  await expect.poll(() => heard(), PATIENCE).toEqual(['face/ch4 0.1'])
  expect(node.births).toBe(1)
  const lost = await connect({ edge: 'other', primaryHost: 'elsewhere' })
  lost.report({ device: 'gas', name: 'face/ch4', value: 7, timestamp: 1_777_593_600_000 })
  const rival = await fixture.client()
  // Not even who may do everything says that we are gone.
  await rival.publishAsync('spBv1.0/STATE/desk', '{"online":false,"timestamp":1}', { qos: 1, retain: true })
  await rival.publishAsync('spBv1.0/STATE/elsewhere', '{"online":true,"timestamp":1}', { qos: 1 })
  await expect.poll(() => heard().at(-1), PATIENCE).toBe('face/ch4 7')
  const history = JSON.parse(fixture.payloads('davy/v1/mine').at(-1)!) as { ts: number }[]
  expect(history).toMatchObject([{ ts: 1_777_593_600_000 }])
  const later = await connect({ edge: 'third', primaryHost: 'desk' })
  await expect.poll(() => later.births, PATIENCE).toBe(1)
})

test("a user's nodes speak in the groups of its site and nowhere else", async () => {
  await start({
    users: [{ user: 'gw', password: 'pw', site: 'baoyuan' }],
    sparkplug: { groups: { 'BY-Group': 'baoyuan' } },
  })
  const connection = { username: 'gw', password: 'pw' }
  await connect({ group: 'BY-Group', connection })
  await expect.poll(() => heard('baoyuan'), PATIENCE).toEqual(['face/ch4 0.1'])
  const client = await fixture.client(connection)
  await client.publishAsync('spBv1.0/huaxin/NDATA/edge', Buffer.of(0x18, 0x05), { qos: 1 })
  expect(fixture.frames.at(-1)).toMatchObject({ topic: 'spBv1.0/huaxin/NDATA/edge', refused: 'topic-forbidden' })
  expect(heard('huaxin')).toEqual([])
})

test('a QoS 1 message is acknowledged only when its readings are settled', async () => {
  await start()
  const held: (() => void)[] = []
  fixture.take = (frame) => held.push(() => frame.settle('journaled'))
  const device = await fixture.client()
  const birth = Buffer.from([0x12, 0x07, 0x0a, 0x01, 0x61, 0x20, 0x03, 0x50, 0x01])
  const published = device.publishAsync('spBv1.0/mine/NBIRTH/edge', birth, { qos: 1 }).then(() => 'acknowledged')
  await expect.poll(() => held.length, PATIENCE).toBe(1)
  expect(await Promise.race([published, fixture.client().then(() => 'not yet')])).toBe('not yet')
  for (const settle of held) settle()
  expect(await published).toBe('acknowledged')
})
