/** The duty desks over HTTP: the tree, who is on duty, what stands on which desk, its figures; and what is declared at a site. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Json, type Running, start } from './house-rig.ts'

const mine = house({
  'duty.yaml': {
    desks: [
      { id: 'mine-desk', level: 'mine', sites: ['mine'], parent: 'county-desk', contacts: ['dispatcher'] },
      {
        id: 'county-desk',
        name: { zh: '县值班室', en: 'County desk' },
        level: 'county',
        region: 'henan/xuchang',
        contacts: ['duty officer'],
        quiet: { from: '22:00', to: '06:30' },
      },
      { id: 'idle-desk', level: 'city', region: 'hubei' },
    ],
    clocks: { critical: { ack: '1s', clear: '1h' }, major: { ack: '1h' }, minor: { ack: '1h' } },
  },
  'sites/mine.yaml': {
    site: 'mine',
    region: 'henan/xuchang/yuzhou',
    areas: [{ id: 'face' }],
    points: [
      { id: 't1', kind: 'gas.ch4', area: 'face', range: [0, 10], silentAfter: 'never' },
      { id: 't2', kind: 'gas.co', area: 'face', range: [0, 500], silentAfter: 'never' },
    ],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [
      {
        id: 'gas',
        rule: 'limit',
        match: { kind: 'gas.ch4' },
        levels: [{ name: 'high', high: 1, severity: 'critical' }],
      },
      { id: 'co', rule: 'limit', match: { kind: 'gas.co' }, levels: [{ name: 'high', high: 24, severity: 'minor' }] },
    ],
  },
})
const PASSWORD = 'a-lamp-for-the-desk'
let service: Running
let viewer = ''

beforeAll(async () => {
  service = await start(mine)
  await service.post('/api/v1/users', { user: 'eye', password: PASSWORD, role: 'viewer' })
  viewer = (await service.post<{ token: string }>('/api/v1/session', { user: 'eye', password: PASSWORD })).body.token
})
afterAll(async () => {
  await service.stop()
  mine.remove()
})

const get = async (path: string, token?: string): Promise<Json> =>
  (await (token === undefined ? service : service.as(token)).get(`/api/v1/${path}`)).body
const desks = async (token?: string) => {
  const { desks: all } = (await get('desks', token)) as unknown as { desks: readonly Json[] }
  return Object.fromEntries(all.map((desk) => [desk.desk as string, desk]))
}
const standing = async (desk: string) => ((await desks())[desk]!.alarms as { active: number }).active

test('the tree is as declared, with its clocks; who took a desk over is on duty, and masked below operator', async () => {
  expect(await get('desks')).toMatchObject({
    masked: false,
    clocks: { critical: { ackMs: 1_000, clearMs: 3_600_000 } },
    desks: [
      { desk: 'mine-desk', level: 'mine', parent: 'county-desk', sites: ['mine'], contacts: ['dispatcher'] },
      {
        desk: 'county-desk',
        name: { zh: '县值班室', en: 'County desk' },
        sites: [],
        quiet: { from: '22:00', to: '06:30' },
      },
      { desk: 'idle-desk', sites: [], alarms: { active: 0, unacknowledged: 0 } },
    ],
  })
  expect((await desks())['mine-desk']).not.toHaveProperty('onDuty')
  await service.post('/api/v1/handovers', { desk: 'mine-desk', outgoing: '李四', incoming: '王小明', text: '' })
  expect((await desks())['mine-desk']).toMatchObject({ onDuty: { person: '王小明', since: expect.any(String) } })
  const masked = JSON.stringify(await get('desks', viewer))
  expect(masked).toContain('王**')
  expect(masked).not.toMatch(/小明|dispatcher|duty officer/)
  expect(masked).toContain('"masked":true')
})

test('an alarm stands on the desk that hears it first, and on the next one once it was handed on', async () => {
  const at = Date.now()
  await service.post('/api/v1/sites/mine/readings', [
    { point: 't1', value: 2, ts: at },
    { point: 't2', value: 30, ts: at },
  ])
  await expect.poll(() => standing('mine-desk'), { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
  // The critical one is handed on; what says so stands on the upper desk as well.
  await expect.poll(() => standing('county-desk'), { timeout: 30_000 }).toBe(2)
  const figures = (desk: string) => get(`alarms/kpi?desk=${desk}`)
  await expect.poll(() => figures('county-desk'), { timeout: 30_000 }).toMatchObject({ raised: 2, standing: 2 })
  expect(await figures('mine-desk')).toMatchObject({
    raised: 2,
    breaches: 1,
    raisedBySeverity: { critical: 1, minor: 1 },
  })
  expect(await figures('idle-desk')).toMatchObject({ raised: 0, standing: 0, breaches: 0 })
  expect(await figures('mine-desk&site=elsewhere')).toMatchObject({ raised: 0, standing: 0 })
  expect(await figures('nobody')).toMatchObject({ status: 404, code: 'desk-unknown' })
})

test('what is declared at a site, and what is out of service there, is listed until it ends', async () => {
  const list = () => get('sites/mine/windows')
  expect(await list()).toEqual({ windows: [], outOfService: [] })
  const window = { command: 'calibrate', window: 'w1', area: 'face', witness: '赵六', reason: 'test gas' }
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await service.post('/api/v1/sites/mine/windows', { ...window, until })
  const out = { witness: '赵六', reason: 'probe in repair', for: '2h' }
  await service.post('/api/v1/alarms/mine/co/t2:high/out-of-service', out)
  const kept = { by: 'admin', witness: '赵六' }
  expect(await list()).toEqual({
    windows: [{ ...window, ...kept, from: expect.any(String), until: expect.any(String), holds: true }],
    outOfService: [
      {
        alarm: 'mine/co/t2:high',
        text: { zh: expect.any(String), en: expect.any(String) },
        active: true,
        ...kept,
        reason: 'probe in repair',
        until: expect.any(String),
      },
    ],
  })
  const seen = (await get('sites/mine/windows', viewer)) as unknown as { windows: Json[]; outOfService: Json[] }
  expect(JSON.stringify(seen)).not.toContain('赵六')
  expect(seen.outOfService[0]).not.toHaveProperty('text')
  await service.post('/api/v1/sites/mine/windows', { ...window, until: new Date().toISOString() })
  expect((await list()).windows).toEqual([])
  expect(await get('sites/nowhere/windows')).toMatchObject({ status: 404, code: 'site-unknown' })
})
