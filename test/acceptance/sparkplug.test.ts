/** Sparkplug B through the whole service: what a node says is judged, what it kept is judged apart, and its death clears nothing. */
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SparkplugNode } from '../../simulators/servers/sparkplug-node.ts'
import { davy, type House, house, type Running, type Stream, start } from './house-rig.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }

let rented: House
let service: Running
let stream: Stream
let node: SparkplugNode
beforeAll(async () => {
  const { out } = await davy(['hash-password'], 'a-secret\nnot this')
  rented = house({
    'davy.yaml': {
      mqtt: { users: [{ user: 'gw', hash: out.trim(), site: 'mine' }], sparkplug: { groups: { 'Plant A': 'mine' } } },
    },
    'sites/mine.yaml': {
      site: 'mine',
      points: [{ id: 'face/ch4', kind: 'gas.ch4', unit: '%', range: [0, 10], silentAfter: '2s' }],
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan' },
      rules: [
        { id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1 }] },
        { id: 'silent', rule: 'silent' },
      ],
    },
  })
  service = await start(rented)
  stream = await service.stream()
  node = new SparkplugNode({
    url: service.mqtt,
    group: 'Plant A',
    edge: 'edge',
    devices: {
      gas: [
        { name: 'face/ch4', type: 'Float', value: 0.2 },
        { name: 'stranger', type: 'Int32', value: 1 },
      ],
    },
    connection: { username: 'gw', password: 'a-secret' },
  })
  await node.connect()
})
afterAll(async () => {
  await node?.close().catch(() => {})
  await service?.stop()
  rented?.remove()
})
const told = (instance: string) =>
  stream
    .told()
    .flatMap((transition) => (transition.instance === instance ? [`${transition.cause} ${transition.to}`] : []))

test('its value raises; its death neither clears, nor is it calm: the point is silent', async () => {
  await expect.poll(() => service.metric('davy_readings_total'), PATIENCE).toBeGreaterThan(0)
  node.report({ device: 'gas', name: 'face/ch4', value: 1.5 })
  await expect.poll(() => told('ch4'), PATIENCE).toEqual(['raised unacked'])
  node.vanish()
  await expect.poll(() => told('silent').at(-1), PATIENCE).toBe('raised unacked')
  expect(told('ch4')).toEqual(['raised unacked'])
})

test('born again it speaks for itself; what it kept meanwhile is late, and no live alarm', async () => {
  const late = await service.metric('davy_late_total')
  node.report({ device: 'gas', name: 'face/ch4', value: 5, timestamp: Date.now() - 3_600_000 })
  await node.connect()
  node.report({ device: 'gas', name: 'face/ch4', value: 0.1 })
  await expect.poll(() => told('ch4'), PATIENCE).toEqual(['raised unacked', 'cleared rtn-unacked'])
  node.report({ device: 'gas', name: 'face/ch4', value: 6, timestamp: Date.now() - 3_600_000, historical: true })
  await expect.poll(() => service.metric('davy_late_total'), PATIENCE).toBeGreaterThan(late)
  expect(told('ch4')).toEqual(['raised unacked', 'cleared rtn-unacked'])
})

test('a metric that no site declares is a dead letter with its reason', async () => {
  expect(await service.metric('davy_refused_total', { code: 'point-unknown' })).toBeGreaterThan(0)
})

test('who is refused is counted', async () => {
  const thief = connectAsync(service.mqtt, { username: 'gw', password: 'guess', reconnectPeriod: 0 })
  await expect(thief).rejects.toThrow(/not authorized/i)
  const notice = 'a client was refused: unknown user or wrong password'
  const count = () => service.metric('davy_source_notices_total', { source: 'mqtt', notice })
  await expect.poll(count, PATIENCE).toBe(1)
})

test('without a password there is no hash', async () => {
  expect(await davy(['hash-password'], '\n')).toMatchObject({ code: 1, err: expect.stringMatching(/password-missing/) })
})

test('a password of seven characters is not hashed', async () => {
  const { code, out, err } = await davy(['hash-password'], '1234567\n')
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/fewer than 8 characters/)
})
