/** What a data folder keeps: what the page knew before a restart, and who did what. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, type Running, start } from './house-rig.ts'

const rented = house({
  'sites/mine.yaml': {
    site: 'mine',
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face', silentAfter: '30m' },
      { id: 'cam', kind: 'device.state', area: 'face', device: 'camera' },
      { id: 'fan', kind: 'fan.running', area: 'face' },
    ],
  },
  'rules/plan.yaml': { regulation: { id: 'plan', title: 'A plan' }, rules: [{ id: 'quiet', rule: 'silent' }] },
})
let service: Running
beforeAll(async () => {
  service = await start(rented)
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

/** Points with what they said, and the face's monitoring state. */
async function known(): Promise<{ points: readonly Json[]; monitoring: unknown }> {
  const { points } = (await service.get<{ points: Json[] }>('/api/v1/sites/mine/points')).body
  const { areas } = (await service.get<{ areas: Json[] }>('/api/v1/sites/mine')).body
  const told = points.map(({ id, state, value, ts, received, lastGood }) => ({
    id,
    state,
    value,
    ts,
    received,
    lastGood,
  }))
  return { points: told, monitoring: areas[0]!.monitoring }
}

test('a point that was heard before a restart has been heard after it', async () => {
  const ts = Date.now()
  const sent = await service.post('/api/v1/sites/mine/readings', [
    { point: 'ch4', ts, value: 0.3 },
    { point: 'cam', ts, value: 'online' },
  ])
  expect(sent.status).toBe(202)
  const before = await known()
  expect(before).toMatchObject({
    points: [
      { id: 'ch4', state: 'live', value: 0.3 },
      { id: 'cam', state: 'live', value: 'online' },
      { id: 'fan', state: 'unknown' },
    ],
    monitoring: 'watched',
  })
  // Once by the snapshot that an orderly end leaves, once by the tail behind it.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await service.stop(signal)
    service = await start(rented)
    expect(await known(), signal).toEqual(before)
    expect(await service.metric('davy_points', { state: 'live' }), signal).toBe(2)
  }
})

test('an audit log that was taken away is missed', async () => {
  await service.stop()
  const whole = await davy(['verify', '--data', rented.data])
  expect(whole).toMatchObject({ code: 0, out: expect.stringMatching(/^audit log: \d+ records, the chain holds/) })
  await rm(join(rented.data, 'audit.jsonl'))
  const { code, out } = await davy(['verify', '--data', rented.data])
  expect([code, out.split('\n')[0]]).toEqual([1, expect.stringMatching(/^audit log: record 1 is missing/)])
})
