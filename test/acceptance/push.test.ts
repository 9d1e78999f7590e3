/** Readings pushed over HTTP: packed, and sent again where no answer came, also after a crash. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Json, type Running, start } from './house-rig.ts'

const site = house({
  'sites/plant.yaml': {
    site: 'plant',
    kind: 'chemical-plant',
    areas: [{ id: 'yard', kind: 'yard' }],
    points: [{ id: 'yard/lel', kind: 'gas.lel', unit: '%LEL', area: 'yard' }],
  },
  'rules/plan.yaml': { regulation: { id: 'plan' }, rules: [{ id: 'silent', rule: 'silent' }] },
})
let service: Running

beforeAll(async () => {
  service = await start(site)
})
afterAll(async () => {
  await service.stop()
  site.remove()
})

const pushed = async () =>
  (await service.get<{ sources: readonly Json[] }>('/api/v1/sources')).body.sources.filter(
    ({ adapter }) => adapter === 'http',
  )

test('a token is among the sources before anything came from it, and says what did', async () => {
  expect(await pushed()).toEqual([])
  const { body } = await service.post<{ token: string }>('/api/v1/tokens', { user: 'yard-gateway', site: 'plant' })
  expect(await pushed()).toMatchObject([{ name: 'http:yard-gateway', state: 'unheard', frames: 0 }])
  expect((await pushed())[0]).not.toHaveProperty('heard')
  const sent = await fetch(`${service.api}/api/v1/sites/plant/readings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' },
    body: JSON.stringify([
      { point: 'yard/lel', value: 1 },
      { point: 'nowhere', value: 1 },
    ]),
  })
  expect(sent.status).toBe(400)
  expect(await pushed()).toMatchObject([
    { name: 'http:yard-gateway', state: 'live', frames: 1, readings: 1, refused: 1, heard: expect.any(String) },
  ])
})

const READINGS = [3, 3, 4].map((value) => ({ point: 'yard/lel', value }))
const push = (readings: unknown, key: string) =>
  service.push('/api/v1/sites/plant/readings', {
    body: gzipSync(JSON.stringify(readings)),
    headers: { 'content-encoding': 'gzip', 'idempotency-key': key },
  })

test('a packed batch without times is taken once, however often it is sent, also across kill -9', async () => {
  expect(await push(READINGS, 'shift-1')).toMatchObject({ status: 202, body: { accepted: 3, duplicates: 0 } })
  expect(await push(READINGS, 'shift-1')).toMatchObject({ status: 202, body: { accepted: 0, duplicates: 3 } })
  await service.stop('SIGKILL')
  service = await start(site)
  expect(await push(READINGS, 'shift-1')).toMatchObject({ status: 202, body: { accepted: 0, duplicates: 3 } })
  expect(await push(READINGS, 'shift-2')).toMatchObject({ status: 202, body: { accepted: 3, duplicates: 0 } })
})

test('a key used again by mistake loses no reading that differs', async () => {
  const other = [{ point: 'yard/lel', value: 9 }]
  expect(await push(other, 'shift-1')).toMatchObject({ status: 202, body: { accepted: 1, duplicates: 0 } })
})
