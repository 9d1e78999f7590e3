/** Figures and duty reports over HTTP, from what devices sent in the last minutes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Json, type Running, start } from './house-rig.ts'

const site = house({
  'sites/mine.yaml': {
    site: 'mine',
    kind: 'coal-mine',
    region: 'henan/xuchang',
    timezone: 'Asia/Shanghai',
    areas: [
      { id: 'under', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'under' },
    ],
    points: [
      { id: 'r1', kind: 'card.reader', area: 'face' },
      { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10], silentAfter: '1h' },
      { id: 'ch4-2', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10], silentAfter: '1h' },
      { id: 'hoist', kind: 'power.energy', unit: 'kWh', load: 'main-hoist' },
    ],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [
      { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 2, raiseAfter: '0s' },
      {
        id: 'gas',
        rule: 'limit',
        match: { kind: 'gas.ch4' },
        levels: [{ name: 'cut', high: 1.5, severity: 'critical' }],
      },
    ],
  },
})
const PATIENCE = { timeout: 20_000 }
let service: Running

beforeAll(async () => {
  service = await start(site)
  const send = (point: string, value: unknown) => service.post('/api/v1/sites/mine/readings', { point, value })
  for (const card of ['1', '2', '3']) await send('r1', { card })
  await send('hoist', 100)
  await send('ch4', 2)
  await send('ch4', 99)
  await send('hoist', 130.5)
})
afterAll(async () => {
  await service.stop()
  site.remove()
})

test("the desk's figures: rates, top, answers, and what good practice asks", async () => {
  const raised = async () => (await service.get<Json>('/api/v1/alarms/kpi')).body.raised
  await expect.poll(raised, PATIENCE).toBe(2)
  await service.post('/api/v1/alarms/mine/gas/ch4:cut/ack')
  const { body } = await service.get<Json>('/api/v1/alarms/kpi?region=henan')
  expect(body).toMatchObject({
    active: 2,
    unacknowledged: 1,
    standing: 2,
    stale: 0,
    raisedBySeverity: { critical: 1 },
    rates: { perHour: { peak: 2 }, flood: { floods: 0, share: 0 } },
    acknowledge: { count: 1 },
    chattering: [],
    breaches: 0,
  })
  expect(body.benchmark).toContainEqual(expect.objectContaining({ id: 'standing', value: 2, met: true }))
  expect((await service.get<Json>('/api/v1/alarms/kpi?region=hebei')).body).toMatchObject({ raised: 0, standing: 0 })
})

test('a report of the running shift: heads against the limit, alarms, quality, power; and the same as files', async () => {
  await service.post('/api/v1/hazards', { site: 'mine', grade: 'general', text: '护栏缺失' })
  const report = await service.get<Json>('/api/v1/reports/shift?site=mine')
  expect(report.status).toBe(200)
  expect(report.body).toMatchObject({
    kind: 'shift',
    shift: 'all-day',
    complete: false,
    headcount: [
      { area: 'under', max: 3, min: 0 },
      { area: 'face', max: 3, min: 0, limit: 2 },
    ],
    alarms: { raised: 2, bySeverity: { critical: 1 }, byState: { acked: 1, unacked: 1 }, acknowledge: { count: 1 } },
    hazards: { opened: 1, closed: 0, overdue: 0, standing: 1, overdueNow: 0 },
    power: [{ point: 'hoist', load: 'main-hoist', energy: 30.5 }],
  })
  expect(report.body.quality).toContainEqual({
    kind: 'gas.ch4',
    points: 2,
    good: 1,
    uncertain: 0,
    bad: 1,
    silent: ['ch4-2'],
  })
  const csv = await service.get<string>('/api/v1/reports/day?site=mine&format=csv')
  expect(csv.type).toContain('text/csv')
  expect(csv.body).toContain('限员 Limit')
  const xlsx = await service.get<string>('/api/v1/reports/month?site=mine&format=xlsx')
  expect(xlsx.body.slice(0, 2)).toBe('PK')
})

test('what is no time, or has not begun, is refused', async () => {
  const refused = async (query: string) => {
    const { status, body } = await service.get<Json>(`/api/v1/reports/${query}`)
    return [status, body.code]
  }
  expect(await refused('day?site=mine&date=2026-02-30')).toEqual([400, 'report-unknown'])
  expect(await refused('day?site=mine&date=2099-01-01')).toEqual([400, 'report-unknown'])
  expect(await refused('shift?site=mine&date=2026-01-01&shift=dawn')).toEqual([400, 'report-unknown'])
  expect(await refused('day?site=elsewhere')).toEqual([404, 'site-unknown'])
})
