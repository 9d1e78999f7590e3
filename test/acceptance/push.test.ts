/** Readings pushed over HTTP: packed, and sent again where no answer came, also after a crash. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Running, start } from './house-rig.ts'

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
