/** A mine without a control centre: it judges by itself, and what it holds goes up to the bureau when the line is there, once. */
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house, type Json, publish, type Running, start } from '../acceptance/house-rig.ts'
import { type FaultProxy, startFaultProxy } from '../conformance/fault-proxy.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }
const POINTS = ['ch4-1', 'ch4-2', 'ch4-3']
const plant = (more: object) => ({
  site: 'plant',
  kind: 'coal-mine',
  areas: [{ id: 'face', kind: 'coal-face' }],
  points: POINTS.map((id) => ({ id, kind: 'gas.ch4', unit: '%', area: 'face' })),
  ...more,
})
const RULES = {
  regulation: { id: 'plan' },
  rules: [{ id: 'ch4', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'cut', high: 1.5 }] }],
}

let above: House
let bureau: Running
let proxy: FaultProxy
let below: House
let mine: Running
let gateway: MqttClient
beforeAll(async () => {
  above = house({ 'sites/plant.yaml': plant({ lateAfter: '1s' }), 'rules/plan.yaml': RULES })
  bureau = await start(above)
  proxy = await startFaultProxy({ port: Number(new URL(bureau.mqtt).port) })
  below = house({
    'davy.yaml': {
      forward: [
        { name: 'bureau', mqtt: { url: `mqtt://127.0.0.1:${proxy.port}` }, from: 'start', batch: 40, rate: 1_000 },
      ],
    },
    'sites/plant.yaml': plant({}),
    'rules/plan.yaml': RULES,
  })
  mine = await start(below)
  gateway = await connectAsync(mine.mqtt)
})
afterAll(async () => {
  gateway?.end(true)
  await mine?.stop()
  await proxy?.close()
  await bureau?.stop()
  below?.remove()
  above?.remove()
})

let value = 0
/** `n` readings of each point, measured a second and a half ago and on: news to the mine, late to the bureau if they wait. */
async function measure(n: number): Promise<void> {
  for (const point of POINTS) {
    const readings = Array.from({ length: n }, () => ({ ts: Date.now() - 1_500 + (value % 500), value: ++value / 1e6 }))
    await publish(gateway, `davy/v1/plant/${point}`, readings)
  }
}
const taken = () => bureau.metric('davy_readings_total')
const alarms = async (service: Running) =>
  (await service.get<{ items: Json[] }>('/api/v1/alarms')).body.items.map(({ alarm, state }) => [alarm, state])
const forward = async () => (await mine.get<{ forwards: Json[] }>('/api/v1/forwards')).body.forwards[0]!

test('what the mine takes, the bureau has, and both derive the same alarm', async () => {
  await measure(10)
  await expect.poll(taken, PATIENCE).toBe(30)
  await publish(gateway, 'davy/v1/plant/ch4-1', { value: 1.9 })
  await expect.poll(() => alarms(bureau), PATIENCE).toEqual([['plant/ch4/ch4-1:cut', 'unacked']])
  expect(await alarms(mine)).toEqual([['plant/ch4/ch4-1:cut', 'unacked']])
  expect(await forward()).toMatchObject({ name: 'bureau', state: 'up' })
})

test('while the line is cut the mine goes on judging; its backlog comes afterwards, late, whole and once', async () => {
  const before = await taken()
  const late = await bureau.metric('davy_late_total')
  proxy.refuse()
  proxy.cut()
  await expect.poll(async () => (await forward()).state, PATIENCE).not.toBe('up')
  await measure(200)
  await publish(gateway, 'davy/v1/plant/ch4-2', { value: 1.7 })
  await expect.poll(() => alarms(mine), PATIENCE).toHaveLength(2)
  expect(await alarms(bureau), 'the bureau cannot know').toHaveLength(1)
  expect((await forward()).behind).toBeGreaterThan(600)
  proxy.refuse(false)
  await expect.poll(taken, PATIENCE).toBe(before + 601)
  expect((await bureau.metric('davy_late_total')) - late).toBeGreaterThan(0)
  await expect.poll(async () => (await forward()).behind, PATIENCE).toBeLessThan(5)
})

test('kill -9 in the middle of a backlog: it goes on where it was, and what the bureau had is known again', async () => {
  const before = await taken()
  proxy.refuse()
  proxy.cut()
  await expect.poll(async () => (await forward()).state, PATIENCE).not.toBe('up')
  // More than the journal reads at once, so that the forward's own rate holds the rest back while the mine is killed.
  await measure(2_000)
  proxy.refuse(false)
  await expect.poll(taken, PATIENCE).toBeGreaterThan(before)
  await mine.stop('SIGKILL')
  expect(await taken(), 'the backlog was still under way').toBeLessThan(before + 6_000)
  mine = await start(below)
  await expect.poll(taken, PATIENCE).toBe(before + 6_000)
  await expect.poll(async () => (await forward()).behind, PATIENCE).toBeLessThan(5)
  expect(await bureau.metric('davy_refused_total')).toBe(0)
})
