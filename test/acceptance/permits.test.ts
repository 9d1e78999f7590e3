/** Hot-work permits over HTTP: with one the arc is allowed, without one, or once it is closed, it is not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Json, type Running, start } from './house-rig.ts'

const site = house({
  'sites/plant.yaml': {
    site: 'plant',
    kind: 'chemical-plant',
    areas: [{ id: 'hot', kind: 'hot-work' }],
    points: [{ id: 'weld-1/current', kind: 'weld.current', unit: 'A', area: 'hot', machine: 'weld-1' }],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [{ id: 'permit', rule: 'weld-permit', grace: '1s', severity: 'critical' }],
  },
})
let service: Running

beforeAll(async () => {
  service = await start(site)
})
afterAll(async () => {
  await service.stop()
  site.remove()
})

const weld = (amperes: number) =>
  service.post('/api/v1/sites/plant/readings', { point: 'weld-1/current', value: amperes })
async function state(): Promise<unknown> {
  const { body } = await service.get<{ items: Json[] }>('/api/v1/alarms?rule=weld-permit')
  return body.items[0]?.state
}

test('an arc under an open, tested permit is quiet; once the permit is closed it is an alarm', async () => {
  const now = Date.now()
  const opened = await service.post('/api/v1/sites/plant/permits', {
    permit: 'HW-1',
    area: 'hot',
    from: now - 60_000,
    until: now + 3_600_000,
    tested: now - 60_000,
  })
  expect(opened).toMatchObject({ status: 200, body: { permit: 'HW-1', state: 'open' } })
  await weld(120)
  await weld(121)
  expect(await state()).toBeUndefined()
  expect(
    (await service.post('/api/v1/sites/plant/permits', { permit: 'HW-1', area: 'hot', state: 'closed' })).status,
  ).toBe(200)
  await weld(122)
  await expect.poll(state, { timeout: 15_000 }).toBe('unacked')
})

test('what is no permit is refused with words', async () => {
  const refused = async (body: unknown) =>
    (await service.post('/api/v1/sites/plant/permits', body)) as { status: number; body: Json }
  expect(await refused({ area: 'hot' })).toMatchObject({ status: 400, body: { code: 'request-invalid' } })
  expect(await refused({ permit: 'HW-2', area: 'nowhere' })).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('nowhere') },
  })
  expect(await refused({ permit: 'HW-2', area: 'hot', until: 'tomorrow' })).toMatchObject({ status: 400 })
  const { status } = await service.post('/api/v1/sites/elsewhere/permits', { permit: 'HW-2', area: 'hot' })
  expect(status).toBe(404)
})
