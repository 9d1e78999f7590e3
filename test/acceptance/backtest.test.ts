/** Evidence and back-tests of a running service, from outside: HTTP, the journal it writes, and the command line beside it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, type Running, start } from './house-rig.ts'

const PATIENCE = { timeout: 20_000, interval: 50 }
const rules = (high: number) => ({
  regulation: { id: 'plan', title: 'A plan' },
  rules: [
    { id: 'ch4', rule: 'limit', clause: '498', levels: [{ name: 'cut', high, severity: 'critical' }] },
    { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 2, raiseAfter: '0s', clearAfter: '0s' },
  ],
})
const rented = house({
  'sites/mine.yaml': {
    site: 'mine',
    kind: 'coal-mine',
    timezone: 'Asia/Shanghai',
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 'a', kind: 'gas.ch4', unit: '%', area: 'face' },
      { id: 'b', kind: 'gas.ch4', unit: '%', area: 'face' },
    ],
  },
  'rules/plan.yaml': rules(1.5),
})

let service: Running
const begun = Date.now() - 20_000
const at = (seconds: number) => begun + seconds * 1_000
const send = (point: string, values: readonly number[]) =>
  service.post(
    '/api/v1/sites/mine/readings',
    values.map((value, i) => ({ point, ts: at(i), value })),
  )

beforeAll(async () => {
  service = await start(rented)
  // `a` breaks the limit once; `b` comes near it only.
  expect((await send('a', [0.4, 0.9, 1.6, 1.7, 0.3])).status).toBe(202)
  expect((await send('b', [0.4, 1.2, 0.4])).status).toBe(202)
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

interface Job {
  readonly job: string
  readonly state: string
  readonly progress: { readonly done: number; readonly of: number }
  readonly problem?: Json
  readonly result?: {
    readonly totals: Json
    readonly onlyNow: readonly Json[]
    readonly onlyThen: readonly Json[]
    readonly both: readonly Json[]
    readonly counts: readonly Json[]
  }
}

async function backtest(body: Json): Promise<Job> {
  const started = await service.post<Job>('/api/v1/backtest', body)
  expect(started.status, JSON.stringify(started.body)).toBe(202)
  const ask = async () => (await service.get<Job>(`/api/v1/backtest/${started.body.job}`)).body
  await expect.poll(async () => (await ask()).state, PATIENCE).not.toBe('running')
  return ask()
}

const level = (high: number) => ({ params: { levels: [{ name: 'cut', high, severity: 'critical' }] } })
const range = () => ({ from: new Date(begun - 60_000).toISOString(), to: new Date(Date.now() + 1_000).toISOString() })

test('rules in force are listed in the words of the configuration, with the schema of their numbers', async () => {
  const { body } = await service.get<{ rules: readonly Json[] }>('/api/v1/rules')
  expect(body.rules[0]).toMatchObject({
    id: 'ch4',
    rule: 'limit',
    regulation: 'plan',
    clause: '498',
    raiseAfter: '0s',
    unit: '%',
    sites: ['mine'],
    params: { levels: [{ name: 'cut', high: 1.5, severity: 'critical' }] },
    schema: { properties: { levels: { type: 'array' } } },
  })
})

test('a lower limit is tried on what came in: more alarms, and the one there was, earlier', async () => {
  const { state, result, progress } = await backtest({ rule: 'ch4', ...level(0.8), ...range() })
  expect(state).toBe('done')
  expect(progress.done).toBeGreaterThan(8)
  expect(result!.totals).toEqual({ was: 1, would: 2, onlyThen: 0, onlyNow: 1, shifted: 1, same: 0 })
  expect(result!.onlyNow).toMatchObject([{ alarm: 'mine/ch4/b:cut', value: 1.2, limit: 0.8, severity: 'critical' }])
  expect(result!.both).toMatchObject([{ alarm: 'mine/ch4/a:cut', raisedBy: -1_000, clearedBy: 0, same: false }])
  expect(result!.counts).toEqual([{ rule: 'limit', severity: 'critical', was: 1, would: 2 }])
})

test('a higher limit, or a longer delay, would have said nothing', async () => {
  const higher = await backtest({ rule: 'ch4', ...level(3), ...range() })
  expect(higher.result!.totals).toMatchObject({ was: 1, would: 0, onlyThen: 1 })
  const slower = await backtest({ rule: 'ch4', raiseAfter: '10s', ...range() })
  expect(slower.result!.onlyThen).toMatchObject([{ alarm: 'mine/ch4/a:cut' }])
  const severity = await backtest({ rule: 'ch4', severity: 'minor', ...range() })
  expect(severity.result!.totals).toMatchObject({ same: 1 })
})

test('a proposal that cannot be is refused by field, and so are unknown rules, jobs and ranges', async () => {
  const refused = async (body: Json) => {
    const { status, body: problem } = await service.post<Json>('/api/v1/backtest', body)
    return [status, problem.code, (problem.errors as { where: string }[] | undefined)?.map(({ where }) => where)]
  }
  expect(await refused({ rule: 'ch4', params: { levels: [{ name: 'cut', high: 'x' }] } })).toEqual([
    400,
    'rule-refused',
    ['levels.0.high'],
  ])
  expect(await refused({ rule: 'ch4', params: { levels: [{ name: 'cut', high: 1, clear: 2 }] } })).toEqual([
    400,
    'rule-refused',
    ['levels.0.clear'],
  ])
  expect(await refused({ rule: 'crew', params: { limit: -1 }, raiseAfter: 'soon' })).toEqual([
    400,
    'rule-refused',
    expect.arrayContaining(['limit', 'raiseAfter']),
  ])
  expect(await refused({ rule: 'crew', params: { match: { kind: 'x' } } })).toEqual([400, 'rule-refused', ['match']])
  expect(await refused({ rule: 'nothing' })).toEqual([404, 'rule-unknown', undefined])
  expect(await refused({ rule: 'crew', from: at(5), to: 1 })).toMatchObject([400, 'request-invalid', expect.anything()])
  expect(await refused({ rule: 'crew', from: String(at(5)), to: String(at(1)) })).toEqual([
    400,
    'range-empty',
    undefined,
  ])
  expect((await service.get('/api/v1/backtest/none')).body).toMatchObject({ code: 'backtest-unknown' })
})

test('two at once are worked on, a third is told to wait', async () => {
  const tries = await Promise.all(
    Array.from({ length: 5 }, () => service.post<Json>('/api/v1/backtest', { rule: 'ch4', ...range() })),
  )
  const busy = tries.filter(({ status }) => status === 429)
  expect(busy.length).toBeGreaterThan(0)
  expect(busy[0]!.body).toMatchObject({ code: 'busy' })
  const started = tries.filter(({ status }) => status === 202)
  expect(started).toHaveLength(2)
  for (const { body } of started) {
    const reply = await fetch(`${service.api}/api/v1/backtest/${body.job}`, {
      method: 'DELETE',
      headers: await bearer(),
    })
    expect(reply.status).toBe(204)
  }
  await expect
    .poll(async () => (await service.post('/api/v1/backtest', { rule: 'ch4', ...range() })).status, PATIENCE)
    .toBe(202)
})

async function bearer(): Promise<Record<string, string>> {
  const { body } = await service.post<{ token: string }>('/api/v1/session', {
    user: 'admin',
    password: 'acceptance-lamp',
  })
  return { authorization: `Bearer ${body.token}` }
}

test('evidence is downloaded sealed, judged again, noted in the audit log, and holds elsewhere', async () => {
  let reply: Response | undefined
  await expect
    .poll(async () => {
      reply = await fetch(`${service.api}/api/v1/alarms/mine/ch4/a:cut/evidence`, { headers: await bearer() })
      return reply.status
    }, PATIENCE)
    .toBe(200)
  expect(reply!.headers.get('davy-verdict')).toBe('sealed=?1, configured=?1, reproduced=?1')
  expect(reply!.headers.get('content-disposition')).toContain('evidence-mine_ch4_a_cut-1.json')
  const text = await reply!.text()
  const bundle = JSON.parse(text) as { seal: string; transitions: readonly Json[] }
  expect(bundle.seal).toBe(reply!.headers.get('davy-seal'))
  expect(bundle.transitions[0]).toMatchObject({ cause: 'raised', value: 1.6 })
  const file = join(rented.dir, 'bundle.json')
  writeFileSync(file, text)
  const explained = await davy(['explain', '--bundle', file])
  expect([explained.code, explained.err]).toEqual([0, ''])
  expect(explained.out).toContain('Reproduced  yes, byte for byte')
  const nowhere = await davy(['explain', '--bundle', file, '--output', `${file}/nowhere`])
  expect([nowhere.code, nowhere.out, nowhere.err]).toEqual([1, '', expect.stringContaining('[output-unwritable]')])
  const audit = readFileSync(join(rented.data, 'audit.jsonl'), 'utf8').trim().split('\n')
  const sealed = audit.map((line) => JSON.parse(line) as Json).filter(({ action }) => action === 'evidence-sealed')
  expect(sealed[0]).toMatchObject({
    who: 'admin',
    object: 'mine/ch4/a:cut',
    detail: { seal: bundle.seal, episode: 1, reproduced: true },
  })
  expect((await service.get('/api/v1/alarms/mine/ch4/a:cut/evidence?episode=9')).body).toMatchObject({
    status: 404,
    code: 'alarm-unknown',
  })
})

test('davy replay --diff tells the same beside the running service', async () => {
  const other = house({
    'sites/mine.yaml': readFileSync(join(rented.config, 'sites/mine.yaml'), 'utf8'),
    'rules/plan.yaml': rules(0.8),
  })
  const args = ['replay', '--config', other.config, '--data', rented.data, '--diff']
  const text = await davy(args)
  expect([text.code, text.err]).toEqual([0, ''])
  expect(text.out).toContain('1 in addition, 0 no longer, 1 otherwise, 0 the same')
  expect(text.out).toMatch(/mine\/ch4\/b:cut {2}1\.2 \/ 0\.8/)
  expect(text.out).toContain('rises 1s earlier')
  const json = JSON.parse((await davy([...args, '--json'])).out) as NonNullable<Job['result']>
  expect(json.totals).toMatchObject({ onlyNow: 1, shifted: 1 })
  expect((await davy(['replay', '--config', other.config, '--input', '-', '--diff'])).code).toBe(2)
  other.remove()
})
