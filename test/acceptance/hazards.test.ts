/** The hazard ledger over HTTP: an alarm that meets a criterion, an inspection and a file become hazards, each closed by two people. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, PASSWORD, type Reply, type Running, start } from './house-rig.ts'

const site = house({
  'sites/mine.yaml': {
    site: 'mine',
    kind: 'coal-mine',
    region: 'henan/xuchang/yuzhou',
    timezone: 'Asia/Shanghai',
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [{ id: 'r1', kind: 'card.reader', area: 'face' }],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [{ id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 2, raiseAfter: '0s' }],
    hazards: [
      {
        id: 'over-crew',
        title: { zh: '超定员', en: 'Over crew' },
        clause: '4',
        match: { rule: 'over-crew', areaKind: 'coal-face' },
        when: { factor: 2 },
        grade: 'major',
        deadline: '72h',
      },
    ],
  },
})
const PATIENCE = { timeout: 20_000 }
let service: Running
const tokens: Record<string, string> = {}

async function user(name: string, role: string): Promise<void> {
  await service.post('/api/v1/users', { user: name, password: PASSWORD, role })
  const { body } = await service.post<{ token: string }>('/api/v1/session', { user: name, password: PASSWORD })
  tokens[name] = body.token
}

beforeAll(async () => {
  service = await start(site)
  await user('wang', 'operator')
  await user('li', 'supervisor')
  await user('eye', 'viewer')
})
afterAll(async () => {
  await service.stop()
  site.remove()
})

async function as(name: string, path: string, body?: unknown, type = 'application/json'): Promise<Reply<Json>> {
  const reply = await fetch(`${service.api}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${tokens[name]}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && {
      method: 'POST',
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    }),
  })
  const text = await reply.text()
  const kind = reply.headers.get('content-type') ?? ''
  return { status: reply.status, type: kind, body: (kind.includes('json') ? JSON.parse(text) : text) as Json }
}

test('an alarm at twice the limit is a hazard, mended by one and verified by another', async () => {
  const see = (card: string) => service.post('/api/v1/sites/mine/readings', { point: 'r1', value: { card } })
  for (const card of ['1', '2', '3']) await see(card)
  const alarms = async () => (await service.get<{ items: Json[] }>('/api/v1/alarms?rule=over-crew')).body.items.length
  await expect.poll(alarms, PATIENCE).toBe(1)
  expect((await as('eye', 'hazards')).body).toEqual({ items: [] })
  await see('4')
  const list = async () => (await as('eye', 'hazards?state=open&region=henan/xuchang')).body.items as Json[]
  await expect.poll(async () => (await list()).length, PATIENCE).toBe(1)
  expect((await list())[0]).toMatchObject({
    hazard: 'mine.1',
    source: 'alarm',
    grade: 'major',
    criterion: 'over-crew',
    clause: 'plan/4',
    alarm: 'mine/crew/face',
    area: 'face',
    region: 'henan/xuchang/yuzhou',
    overdue: false,
  })

  expect(await as('eye', 'hazards/mine.1/rectify', { text: 'done' })).toMatchObject({ status: 403 })
  expect(await as('wang', 'hazards/mine.1/verify', {})).toMatchObject({ status: 403, body: { code: 'role-too-low' } })
  const code = async (reply: Promise<Reply<Json>>) => {
    const { status, body } = await reply
    return [status, body.code]
  }
  expect(await code(as('li', 'hazards/mine.1/verify', {}))).toEqual([409, 'hazard-not-rectified'])
  expect(await code(as('wang', 'hazards/mine.1/rectify', {}))).toEqual([400, 'hazard-text-missing'])
  expect(await as('li', 'hazards/mine.1/rectify', { text: 'crew halved', evidence: ['e'.repeat(64)] })).toMatchObject({
    status: 200,
    body: { state: 'rectified', rectification: { by: 'li' } },
  })
  expect(await code(as('li', 'hazards/mine.1/verify', {}))).toEqual([409, 'hazard-same-person'])
  expect((await service.post('/api/v1/hazards/mine.1/verify')).status).toBe(200)
  expect(await as('li', 'hazards/mine.1/close', {})).toMatchObject({ status: 200, body: { state: 'closed' } })
  expect(await code(as('li', 'hazards/mine.1/close', {}))).toEqual([409, 'hazard-closed'])
  expect(await code(as('li', 'hazards/mine.99/close', {}))).toEqual([404, 'hazard-unknown'])
  const { steps } = (await as('eye', 'hazards/mine.1')).body as unknown as { steps: Json[] }
  expect(steps.map(({ cause }) => cause)).toEqual(['opened', 'rectify', 'verify', 'close'])
})

test('an inspection whose deadline passes is an alarm until it is mended', async () => {
  const reported = await as('wang', 'hazards', {
    site: 'mine',
    grade: 'general',
    text: { zh: '护栏缺失', en: 'No railing' },
    area: 'face',
    owner: 'zhao',
    deadline: Date.now() + 1_500,
  })
  expect(reported).toMatchObject({ status: 201, body: { state: 'assigned', by: 'wang', owner: 'zhao' } })
  const id = reported.body.hazard as string
  const alarm = async () => (await service.get<Json>(`/api/v1/alarms/mine/hazard-overdue/${id}`)).body
  await expect.poll(async () => (await alarm()).state, PATIENCE).toBe('unacked')
  expect((await as('eye', 'hazards?overdue=true')).body.items).toMatchObject([{ hazard: id, overdue: true }])
  await as('li', `hazards/${id}/supervise`, { level: 'city', order: '许安委〔2026〕7号' })
  expect(await alarm()).toMatchObject({ severity: 'major' })
  await as('wang', `hazards/${id}/rectify`, { text: 'welded' })
  expect((await alarm()).state).toBe('rtn-unacked')
  const evidence = await fetch(`${service.api}/api/v1/alarms/mine/hazard-overdue/${id}/evidence`, {
    headers: { authorization: `Bearer ${tokens.wang}` },
  })
  expect(evidence.headers.get('davy-verdict')).toContain('reproduced=?1')
  expect((await as('eye', 'hazards/statistics')).body).toMatchObject({
    total: 2,
    supervised: 1,
    byRegion: [{ region: 'henan', total: 2 }, { region: 'henan/xuchang' }, { region: 'henan/xuchang/yuzhou' }],
    bySector: [{ kind: 'coal-mine', byState: { closed: 1, rectified: 1 } }],
  })
})

test('a file of hazards is taken once, its bad rows refused with their place; what looks like a formula is none', async () => {
  const file = [
    '外部编号,等级,隐患内容,整改期限',
    "B-1,重大,'=cmd|' /C calc'!A0,2030-05-01 08:00",
    'B-2,一般,电缆破损,',
    'B-3,很大,什么,',
    'B-4,一般,,',
    'B-2,一般,又一次,',
  ].join('\n')
  const tried = await as('wang', 'hazards/import?site=mine&dryRun=true', file, 'text/csv')
  expect(tried).toMatchObject({ status: 200, body: { dryRun: true, taken: 2, known: 0 } })
  expect(tried.body.rows).toEqual([
    {
      row: 2,
      site: 'mine',
      external: 'B-1',
      grade: 'major',
      text: "=cmd|' /C calc'!A0",
      deadline: expect.stringMatching(/^2030-05-01T08:00:00/),
    },
    { row: 3, site: 'mine', external: 'B-2', grade: 'general', text: '电缆破损' },
  ])
  const first = await as('wang', 'hazards/import?site=mine', file, 'text/csv')
  expect(first).toMatchObject({ status: 200, body: { taken: 2, known: 0 } })
  expect(first.body.refused).toEqual(tried.body.refused)
  expect(first.body.refused).toMatchObject([
    { row: 4, column: '等级', code: 'cell-unreadable', explained: { zh: '既非重大也非一般：很大' } },
    { row: 5, column: '隐患内容', code: 'cell-missing' },
    { row: 6, column: '外部编号', code: 'hazard-known' },
  ])
  expect((await as('wang', 'hazards/import?site=mine', file, 'text/csv')).body).toMatchObject({ taken: 0, known: 2 })
  const retried = (await as('wang', 'hazards/import?site=mine&dryRun=true', file, 'text/csv')).body
  expect(retried).toMatchObject({ taken: 0, known: 2, rows: [{ known: true }, { known: true }] })

  expect((await as('eye', 'hazards/export')).status, 'a file has names in it').toBe(403)
  const csv = (await as('wang', 'hazards/export?grade=major')).body as unknown as string
  expect(csv).toContain('外部编号 External number')
  expect(csv).toContain(`'=cmd|' /C calc'!A0`)
  expect(csv).not.toMatch(/(^|,|")=/m)

  const xlsx = await fetch(`${service.api}/api/v1/hazards/export?format=xlsx`, {
    headers: { authorization: `Bearer ${tokens.wang}` },
  })
  const bytes = new Uint8Array(await xlsx.arrayBuffer())
  // Only what has an external number can be known again.
  const again = await as('wang', 'hazards/import', bytes, 'application/octet-stream')
  expect(again.body).toMatchObject({ taken: 0, known: 2 })
  expect((again.body.refused as unknown as Json[]).map((row) => row.code)).toEqual(['cell-missing', 'cell-missing'])
  const junk = await as('wang', 'hazards/import', 'PK\u0003\u0004 and then nothing', 'application/octet-stream')
  expect(junk).toMatchObject({ status: 400, body: { code: 'sheet-unreadable' } })
  expect(await as('wang', 'hazards/import', {})).toMatchObject({ status: 415 })
})

test('what was decided is there after a crash, and a replay of the journal tells the same', async () => {
  const before = (await as('eye', 'hazards?limit=500')).body
  await service.stop('SIGKILL')
  service = await start(site)
  expect((await as('eye', 'hazards?limit=500')).body).toEqual(before)
  expect((await service.post('/api/v1/hazards/mine.2/verify')).status).toBe(200)
  await service.stop()
  const { code, out } = await davy(['replay', '--config', site.config, '--data', site.data, '--hazards'])
  expect(code).toBe(0)
  const steps = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json)
  expect(steps.map(({ id }) => id).slice(0, 4)).toEqual(['mine.1/1', 'mine.1/2', 'mine.1/3', 'mine.1/4'])
  expect(steps.at(-1)).toMatchObject({ cause: 'verify', hazard: { hazard: 'mine.2', state: 'verified' } })
  service = await start(site)
})
