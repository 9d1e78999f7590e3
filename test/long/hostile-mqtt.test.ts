/** Whatever is published to a running service: it stays up, it goes on acknowledging, and a good reading after it is judged right. */
import fc from 'fast-check'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, publish, type Running, type Stream, start } from '../acceptance/house-rig.ts'
import { runs } from '../properties/thorough.ts'
import { FILES } from './hostile-house.ts'
import { type Message, message } from './hostile-messages.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }
const rented = house({
  ...FILES,
  'davy.yaml': { ...FILES['davy.yaml'], mqtt: { sparkplug: { groups: { Plant: 'mine' } } } },
})
let service: Running
let stream: Stream
const alarmsHeard: string[] = []
beforeAll(async () => {
  service = await start(rented)
  stream = await service.stream()
  const listener = await service.device()
  listener.on('message', (_topic, payload) => alarmsHeard.push(payload.toString()))
  await listener.subscribeAsync('davy/v1/+/alarms/#')
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

let device: MqttClient | undefined
/** Resolves once it is acknowledged, or its sender was turned away; a sender that was is another from then on. */
async function say({ topic, payload, qos, retain }: Message): Promise<void> {
  device = device?.connected ? device : await service.device()
  const client = device
  const gone = new Promise<void>((resolve) => client.once('close', resolve))
  const heard = client.publishAsync(topic, payload, { qos, retain }).then(
    () => {},
    () => {},
  )
  await Promise.race([heard, gone])
  client.removeAllListeners('close')
}

let turn = 0
/** Of a point that nobody else speaks for. */
async function canary(): Promise<void> {
  turn += 1
  const client = await service.device()
  const causes = () => stream.told().flatMap(({ key, cause }) => (key === 'canary:cut' ? [cause] : []))
  await publish(client, 'davy/v1/mine/canary', { value: 9, ref: `up-${turn}` })
  await publish(client, 'davy/v1/mine/canary', { value: 0.1, ref: `down-${turn}` })
  await expect.poll(causes, PATIENCE).toEqual(Array.from({ length: turn }, () => ['raised', 'cleared']).flat())
  await client.endAsync(true)
}

test('any message on any topic is acknowledged or its sender turned away, and the next good reading is judged', async () => {
  await canary()
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 20, maxLength: 60 }), async (messages) => {
      for (const one of messages) await say(one)
      expect(service.child.exitCode).toBeNull()
      expect((await service.get('/readyz')).status).toBe(200)
      await canary()
    }),
    { numRuns: runs(8, 60), endOnFailure: true },
  )
  expect(service.log.filter((line) => line.includes('"level":50'))).toEqual([])
  expect(service.log.filter((line) => /restart|crash|unexpected|\.ts:\d/.test(line))).toEqual([])
  // Both forms came through and were refused where they were wrong.
  expect(await service.metric('davy_refused_total')).toBeGreaterThan(20)
  for (const payload of alarmsHeard.filter((text) => text !== '')) expect(JSON.parse(payload)).toHaveProperty('episode')
  for (const path of [
    'dead-letters?limit=500',
    'sources',
    'alarms?limit=500',
    'sites/mine/points',
    'sites/mine/people',
  ])
    expect([path, (await service.get(`/api/v1/${path}`)).status]).toEqual([path, 200])
  expect((await service.get('/metrics')).status).toBe(200)
}, 300_000)

test('and a restart brings back what stood', async () => {
  const standing = async () => {
    const { body } = await service.get<{ items: { alarm: string; state: string }[] }>('/api/v1/alarms?limit=500')
    return body.items.map(({ alarm, state }) => [alarm, state])
  }
  const before = await standing()
  expect(await service.stop()).toBe(0)
  service = await start(rented)
  expect(await standing()).toEqual(before)
})
