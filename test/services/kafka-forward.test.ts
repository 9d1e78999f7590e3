/** A mine sends its readings and alarms up through a real Kafka, a bureau takes them from there: in order, whole and once, though the broker dies. */
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house, type Json, publish, type Running, start } from '../acceptance/house-rig.ts'
import { type KafkaBroker, kafkaBroker, MISSING } from './kafka.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
const POINTS = ['ch4-1', 'ch4-2', 'ch4-3']
const SITE = {
  site: 'plant',
  kind: 'coal-mine',
  areas: [{ id: 'face', kind: 'coal-face' }],
  points: POINTS.map((id) => ({ id, kind: 'gas.ch4', unit: '%', area: 'face' })),
}
const RULES = {
  regulation: { id: 'plan' },
  rules: [{ id: 'ch4', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'cut', high: 1.5 }] }],
}

describe.skipIf(MISSING !== undefined)('through a real broker', () => {
  let broker: KafkaBroker
  let below: House
  let above: House
  let mine: Running
  let bureau: Running
  let gateway: MqttClient
  beforeAll(async () => {
    broker = await kafkaBroker()
    await broker.createTopic('davy.readings')
    await broker.createTopic('davy.alarms')
    const sasl = { username: 'mine', passwordFile: broker.passwordFile }
    above = house({
      'davy.yaml': { sources: [{ name: 'bus', adapter: 'kafka', brokers: [broker.plain], sessionTimeout: 6 }] },
      'sites/plant.yaml': SITE,
      'rules/plan.yaml': RULES,
    })
    below = house({
      'davy.yaml': {
        forward: [
          {
            name: 'bureau',
            kafka: { brokers: [broker.secure], tls: { ca: broker.ca }, sasl },
            alarms: true,
            from: 'start',
            batch: 40,
          },
        ],
      },
      'sites/plant.yaml': SITE,
      'rules/plan.yaml': RULES,
    })
    bureau = await start(above)
    mine = await start(below)
    gateway = await mine.device()
  }, 180_000)
  afterAll(async () => {
    await mine?.stop()
    await bureau?.stop()
    await broker?.remove()
    below?.remove()
    above?.remove()
  })

  let value = 0
  async function measure(n: number): Promise<void> {
    for (const point of POINTS) {
      const readings = Array.from({ length: n }, () => ({ ts: Date.now() - 500 + (value % 500), value: ++value / 1e6 }))
      await publish(gateway, `davy/v1/plant/${point}`, readings)
    }
  }
  const taken = () => bureau.metric('davy_readings_total')
  const forward = async () => (await mine.get<{ forwards: Json[] }>('/api/v1/forwards')).body.forwards[0]!
  const alarms = async (service: Running) =>
    (await service.get<{ items: Json[] }>('/api/v1/alarms')).body.items.map(({ alarm, state }) => [alarm, state])

  test('both derive the same alarm; readings lie under their site, transitions under their alarm with their id', async () => {
    await measure(100)
    await publish(gateway, 'davy/v1/plant/ch4-1', { value: 1.9 })
    await expect.poll(taken, PATIENCE).toBe(301)
    for (const service of [mine, bureau]) {
      await expect.poll(() => alarms(service), PATIENCE).toEqual([['plant/ch4/ch4-1:cut', 'unacked']])
    }
    const [told] = await broker.read('davy.alarms', 1)
    expect(told).toMatchObject({ key: 'plant/ch4/ch4-1:cut', headers: { id: 'plant/ch4/ch4-1:cut/1.1' } })
    expect(JSON.parse(told!.value)).toMatchObject({ id: 'plant/ch4/ch4-1:cut/1.1', cause: 'raised' })
    const messages = await broker.read('davy.readings', 3)
    expect(new Set(messages.map(({ key }) => key))).toEqual(new Set(['plant']))
    expect(new Set(messages.map(({ partition }) => partition)).size, 'one partition keeps the order').toBe(1)
    expect(await forward()).toMatchObject({ name: 'bureau', state: 'up' })
  })

  test('the broker is killed: the mine goes on, and its backlog comes whole and once when there is one again', async () => {
    const before = await taken()
    await broker.kill()
    await expect.poll(async () => (await forward()).state, PATIENCE).toBe('down')
    await measure(200)
    await publish(gateway, 'davy/v1/plant/ch4-2', { value: 1.7 })
    await expect.poll(() => alarms(mine), PATIENCE).toHaveLength(2)
    expect((await forward()).behind).toBeGreaterThan(600)
    expect(await taken()).toBe(before)
    await broker.start()
    await expect.poll(taken, PATIENCE).toBe(before + 601)
    await expect.poll(async () => (await forward()).behind, PATIENCE).toBeLessThan(5)
    expect((await forward()).state).toBe('up')
    const told = await broker.read('davy.alarms', 2)
    const ids = told.map(({ headers }) => headers.id).sort()
    expect(ids).toEqual(['plant/ch4/ch4-1:cut/1.1', 'plant/ch4/ch4-2:cut/1.1'])
  })
})
