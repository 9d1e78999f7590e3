/** The whole service behind an external Mosquitto that goes away and returns: what it acknowledged is judged. */
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house, publish, type Running, type Stream, start } from '../acceptance/house-rig.ts'
import { type Mosquitto, mosquitto } from './mosquitto.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }

let broker: Mosquitto
let rented: House
let service: Running
let stream: Stream
let device: MqttClient
beforeAll(async () => {
  broker = await mosquitto(['autosave_interval 1', 'autosave_on_changes true', 'max_queued_messages 0'])
  rented = house({
    'davy.yaml': { mqtt: { enabled: false }, sources: [{ adapter: 'mqtt-client', name: 'county', url: broker.url }] },
    'sites/mine.yaml': { site: 'mine', points: [{ id: 't1', kind: 'gas.ch4', unit: '%', range: [0, 10] }] },
    'rules/plan.yaml': {
      regulation: { id: 'plan' },
      rules: [{ id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1 }] }],
    },
  })
  service = await start(rented)
  stream = await service.stream()
  device = await connectAsync(broker.url, { reconnectPeriod: 50, clientId: 'device', clean: false })
  device.on('error', () => {})
})
afterAll(async () => {
  await device?.endAsync(true)
  await service?.stop()
  await broker?.remove()
  rented?.remove()
})

const up = () => expect.poll(() => service.metric('davy_source_up', { source: 'county' }), PATIENCE).toBe(1)
const taken = () => service.metric('davy_readings_total')
let sent = 0
const send = async (n: number) => {
  for (let i = 0; i < n; i++) {
    await publish(device, 'davy/v1/mine/t1', { ts: Date.now(), value: sent % 2 === 0 ? 1.5 : 0.2, ref: `r-${sent}` })
    sent += 1
  }
}

test('readings by way of an external broker are judged', async () => {
  await up()
  await send(100)
  await expect.poll(taken, PATIENCE).toBe(100)
  await expect.poll(() => stream.told().length, PATIENCE).toBe(100)
})

test('while the broker is away its link is down; when it is back, everything it acknowledged is judged once', async () => {
  await broker.stop('terminate')
  await expect.poll(() => service.metric('davy_source_up', { source: 'county' }), PATIENCE).toBe(0)
  await broker.start()
  await send(100)
  await up()
  await expect.poll(taken, PATIENCE).toBe(200)
  await expect.poll(() => stream.told().length, PATIENCE).toBe(200)
})

test('while the service is away the broker keeps for it what devices send', async () => {
  const last = stream.last()
  expect(await service.stop('SIGTERM')).toBe(0)
  await send(100)
  await broker.stop('terminate')
  await broker.start()
  service = await start(rented)
  stream = await service.stream(last)
  await expect.poll(taken, PATIENCE).toBe(100)
  await expect.poll(() => stream.told().length, PATIENCE).toBe(100)
})

test('killed amid traffic, both go on where they were', async () => {
  const last = stream.last()
  const sending = send(300)
  await expect.poll(() => sent, PATIENCE).toBeGreaterThan(350)
  const dead = service.stop('SIGKILL')
  await dead
  service = await start(rented)
  await sending
  stream = await service.stream(last)
  await expect.poll(() => stream.told().length, PATIENCE).toBe(300)
  expect(stream.told().map(({ cause }) => cause)).toEqual(
    Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 'raised' : 'cleared')),
  )
})
