/** A cluster above takes less than the mine sends at once: batches go up in parts, and what fits in no way is set aside, named, and sent up later. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house, type Json, publish, type Running, start } from '../acceptance/house-rig.ts'
import { type KafkaBroker, kafkaBroker, MISSING } from './kafka.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
/** Its transition names it several times over. */
const LONG = `ch4-${'l'.repeat(190)}`
const SITE = {
  site: 'plant',
  kind: 'coal-mine',
  areas: [{ id: 'face', kind: 'coal-face' }],
  points: ['ch4', LONG].map((id) => ({ id, kind: 'gas.ch4', unit: '%', area: 'face' })),
}
const RULES = {
  regulation: { id: 'plan' },
  rules: [{ id: 'r', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'cut', high: 1.5 }] }],
}

describe.skipIf(MISSING !== undefined)('through a real broker of small messages', () => {
  let broker: KafkaBroker
  let below: House
  let above: House
  let mine: Running
  let bureau: Running
  beforeAll(async () => {
    broker = await kafkaBroker()
    await broker.createTopic('davy.readings', { most: 6_000 })
    await broker.createTopic('davy.alarms', { most: 1_500 })
    above = house({
      'davy.yaml': { sources: [{ name: 'bus', adapter: 'kafka', brokers: [broker.plain], sessionTimeout: 6 }] },
      'sites/plant.yaml': SITE,
    })
    below = house({
      'davy.yaml': { forward: [{ name: 'bureau', kafka: { brokers: [broker.plain] }, alarms: true, from: 'start' }] },
      'sites/plant.yaml': SITE,
      'rules/plan.yaml': RULES,
    })
    bureau = await start(above)
    mine = await start(below)
  }, 180_000)
  afterAll(async () => {
    await mine?.stop()
    await bureau?.stop()
    await broker?.remove()
    below?.remove()
    above?.remove()
  })

  const forward = async () => (await mine.get<{ forwards: Json[] }>('/api/v1/forwards')).body.forwards[0]!
  const letters = async () => (await mine.get<{ items: Json[] }>('/api/v1/dead-letters')).body.items
  /** The first alarms to come: what a partition took of a batch that another refused comes again with the part it is in. */
  const alarmsAbove = async (n: number) => {
    const keysOf = (read: readonly { readonly key: string }[]) => [...new Set(read.map(({ key }) => key))]
    return keysOf(await broker.read('davy.alarms', (read) => keysOf(read).length === n))
  }

  test('a batch that is too large goes up in parts, and nothing of it is missing above', async () => {
    const gateway = await mine.device()
    const ts = Date.now() - 1_000
    const readings = Array.from({ length: 600 }, (_, i) => ({ ts: ts + i, value: i / 1e6 }))
    await publish(gateway, 'davy/v1/plant/ch4', readings)
    await expect.poll(() => bureau.metric('davy_readings_total'), PATIENCE).toBe(600)
    await expect.poll(async () => (await forward()).behind, PATIENCE).toBeLessThan(5)
    expect(await letters()).toEqual([])
    expect(await forward()).toMatchObject({ state: 'up', refused: 0 })
  })

  test('a transition too large by itself is set aside with its reason, and what is behind it goes on', async () => {
    const gateway = await mine.device()
    await publish(gateway, `davy/v1/plant/${LONG}`, { value: 1.9 })
    await expect
      .poll(async () => (await mine.get<{ items: Json[] }>('/api/v1/alarms')).body.items, PATIENCE)
      .toHaveLength(1)
    await publish(gateway, 'davy/v1/plant/ch4', { value: 1.9 })
    expect(await alarmsAbove(1)).toEqual(['plant/r/ch4:cut'])
    const [letter, ...others] = await letters()
    expect(others).toEqual([])
    expect(letter).toMatchObject({ source: 'forward:bureau', code: 'forward-too-large', replayed: false })
    expect(letter!.detail).toMatch(/^\d+ bytes for davy\.alarms: /)
    expect(JSON.parse(letter!.payload as string)).toMatchObject({ alarm: `plant/r/${LONG}:cut`, cause: 'raised' })
    expect(await forward()).toMatchObject({
      state: 'up',
      refused: 1,
      reason: expect.stringMatching(/^1 .*dead letter/),
    })
    expect(await mine.metric('davy_forward_refused_total')).toBe(1)
    expect(await mine.metric('davy_refused_total', { code: 'forward-too-large' })).toBe(1)
  })

  test('replayed while the limit stands it is refused again; raised, it goes up', async () => {
    const [{ id }] = (await letters()) as [Json]
    const replay = () => mine.post(`/api/v1/dead-letters/${id}/replay`)
    expect(await replay()).toMatchObject({ status: 409, body: { code: 'letter-still-refused' } })
    expect(await letters()).toHaveLength(1)
    await broker.limitTopic('davy.alarms', 100_000)
    await expect.poll(async () => (await replay()).status, PATIENCE).toBe(200)
    expect((await letters())[0]).toMatchObject({ id, replayed: true })
    expect((await alarmsAbove(2)).sort()).toEqual(['plant/r/ch4:cut', `plant/r/${LONG}:cut`].sort())
  })
})
