/** Readings, operators' commands, and bodies that are not what they should be. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { DavyError } from '../../model/errors.ts'
import { HOUR, parseInstant } from '../../model/time.ts'
import type { Problem } from './schemas-admin.ts'
import { NOW, step } from './test-mine.ts'
import { type Bench, json, openBench } from './test-service.ts'

let bench: Bench
let token: string
const ALARM = 'baoyuan/crew/coal-face/face-101'

beforeAll(async () => {
  bench = await openBench({ bodyLimit: 10_000 })
  token = await bench.login()
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.answers = {}
  bench.submitted.length = 0
  bench.commands.length = 0
})

const post = (path: string, init: RequestInit = { method: 'POST' }) => bench.call(`/api/v1/${path}`, { ...init, token })
const problem = async (response: Response) => (await response.json()) as Problem

test('readings, one or many, are answered once the service has them', async () => {
  const one = await post('sites/baoyuan/readings', json({ point: 'x', value: 1 }))
  expect([one.status, await one.json()]).toEqual([202, { accepted: 1, duplicates: 0 }])
  bench.answers.submit = { accepted: 1, duplicates: 1, refused: [] }
  const many = await post(
    'sites/baoyuan/readings',
    json([
      { point: 'x', value: 1 },
      { point: 'x', value: 1 },
    ]),
  )
  expect([many.status, await many.json()]).toEqual([202, { accepted: 1, duplicates: 1 }])
  expect(bench.submitted.map(({ site, readings, source }) => [site, readings.length, source])).toEqual([
    ['baoyuan', 1, 'http:admin'],
    ['baoyuan', 2, 'http:admin'],
  ])
})

test('every refused reading is listed, with what became of the others', async () => {
  bench.answers.submit = {
    accepted: 2,
    duplicates: 1,
    refused: [
      { index: 1, code: 'point-unknown', detail: 'nowhere' },
      { index: 4, code: 'value-type', detail: '"abc"' },
    ],
  }
  const response = await post('sites/baoyuan/readings', json([1, 2, 3, 4, 5]))
  expect(response.status).toBe(400)
  expect(await problem(response)).toMatchObject({
    code: 'readings-refused',
    accepted: 2,
    duplicates: 1,
    errors: [
      { index: 1, code: 'point-unknown', detail: 'nowhere', remedy: expect.stringContaining('points:') },
      { index: 4, code: 'value-type', detail: '"abc"', remedy: expect.any(String) },
    ],
  })
})

test('bodies that cannot be readings have their own names', async () => {
  const send = async (body: string, type = 'application/json') => {
    const response = await post('sites/baoyuan/readings', { method: 'POST', body, headers: { 'content-type': type } })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    return [response.status, (await problem(response)).code]
  }
  expect(await send('{"value":')).toEqual([400, 'payload-not-json'])
  expect(await send('')).toEqual([400, 'payload-not-reading'])
  expect(await send('null')).toEqual([400, 'payload-not-reading'])
  expect(await send('42')).toEqual([400, 'payload-not-reading'])
  expect(await send('{"__proto__":{"x":1}}')).toEqual([400, 'payload-not-json'])
  expect(await send('{}', 'text/plain')).toEqual([415, 'media-type'])
  expect(await send('{}', 'application/x-www-form-urlencoded')).toEqual([415, 'media-type'])
  expect(await send(JSON.stringify('x'.repeat(10_000)))).toEqual([413, 'payload-too-large'])
  expect(bench.submitted).toEqual([])
  const unknown = await post('sites/nowhere/readings', json([]))
  expect([unknown.status, (await problem(unknown)).code]).toEqual([404, 'site-unknown'])
})

test('what the API refuses is counted by code', async () => {
  const counted = async () =>
    /davy_http_problems_total\{code="media-type"\} (\d+)/.exec(await (await bench.call('/metrics')).text())?.[1]
  const before = Number(await counted())
  await post('sites/baoyuan/readings', { method: 'POST', body: 'x', headers: { 'content-type': 'text/csv' } })
  expect(Number(await counted())).toBe(before + 1)
})

test('a command carries who, when and what, with raw and encoded ids and without a body', async () => {
  const [streamed] = await bench.store.alarms.put([step(1)])
  bench.answers.command = { transitions: [streamed!] }
  const response = await post(`alarms/${ALARM}/shelve`, json({ reason: 'test gas', for: '8h' }))
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    transitions: [{ id: `${ALARM}/1.1`, at: '2026-05-01T08:00:00.001+08:00' }],
  })
  await post(`alarms/${encodeURIComponent(ALARM)}/ack`)
  await post(
    `alarms/${ALARM}/out-of-service`,
    json({ until: '2026-05-02T08:00:00+08:00', reason: 'exchanged', witness: 'li' }),
  )
  const common = { alarm: ALARM, by: 'admin', ts: NOW }
  expect(bench.commands).toEqual([
    { command: 'shelve', ...common, reason: 'test gas', for: 8 * HOUR },
    { command: 'ack', ...common },
    {
      command: 'out-of-service',
      ...common,
      reason: 'exchanged',
      witness: 'li',
      until: parseInstant('2026-05-02T08:00:00+08:00'),
    },
  ])
})

test("a command's refusal keeps its code: 404 for no such alarm, 409 for the others", async () => {
  const refuse = async (code: 'alarm-unknown' | 'already-acked' | 'not-shelved') => {
    bench.answers.command = { transitions: [], refusal: { code, message: 'because' } }
    const response = await post(`alarms/${ALARM}/ack`)
    return [response.status, await problem(response)]
  }
  expect(await refuse('alarm-unknown')).toMatchObject([404, { code: 'alarm-unknown' }])
  expect(await refuse('already-acked')).toMatchObject([409, { code: 'already-acked', detail: 'because', status: 409 }])
  expect(await refuse('not-shelved')).toMatchObject([409, { code: 'not-shelved' }])
})

test('a command that makes no sense never reaches the journal', async () => {
  const cases = [
    [`alarms/${ALARM}/explode`, {}, 404, 'route-unknown'],
    [`alarms/${ALARM}/shelve`, { for: 'a while' }, 400, 'time-unreadable'],
    [`alarms/${ALARM}/shelve`, { until: 'tomorrow' }, 400, 'time-unreadable'],
    // Once journaled, it would be in every list of alarms from then on, and no calendar can write it.
    [`alarms/${ALARM}/out-of-service`, { for: '999999999d', reason: 'x', witness: 'li' }, 400, 'time-unreadable'],
    [`alarms/${ALARM}/out-of-service`, { until: '8640000000000001', reason: 'x' }, 400, 'time-unreadable'],
    [`alarms/${ALARM}/out-of-service`, { until: '9999-12-31T23:59:59Z', reason: 'x' }, 400, 'time-unreadable'],
    [`alarms/${ALARM}/shelve`, { for: '0s' }, 400, 'time-unreadable'],
    [`alarms/${ALARM}/ack`, { resaon: 'x' }, 400, 'request-invalid'],
    [`alarms/${ALARM}/ack`, { reason: 12 }, 400, 'request-invalid'],
    [`alarms/${ALARM}/ack`, [], 400, 'request-invalid'],
  ] as const
  for (const [path, body, status, code] of cases) {
    const response = await post(path, json(body))
    expect([response.status, (await problem(response)).code], `${path} ${JSON.stringify(body)}`).toEqual([status, code])
  }
  expect(bench.commands).toEqual([])
})

test('a schema problem says where', async () => {
  const response = await bench.call('/api/v1/session', json({ user: 7 }))
  expect(response.status).toBe(400)
  const { errors } = await problem(response)
  expect(errors!.map(({ where }) => where)).toContain('body/user')
  expect(JSON.stringify(errors)).toContain('password')
})

test('a schema problem names what is unknown and what would do, once each', async () => {
  const detail = async (path: string, body: unknown) => (await problem(await post(path, json(body)))).detail
  expect(await detail(`alarms/${ALARM}/ack`, { resaon: 'x' })).toBe('body unknown: resaon')
  const crowd = Object.fromEntries([...'abcdefghijkl'].map((name) => [name, 1]))
  expect(await detail(`alarms/${ALARM}/ack`, crowd)).toMatch(/^body\/a is unknown; body\/b is unknown/)
  const hazard = { site: 'baoyuan', grade: 'grave', text: 'x' }
  expect(await detail('hazards', hazard)).toBe('body/grade must be one of major, general')
})

test('a dead letter is replayed, or says why not', async () => {
  const missing = await post('dead-letters/77/replay')
  expect([missing.status, (await problem(missing)).code]).toEqual([404, 'letter-unknown'])
  expect((await post('dead-letters/abc/replay')).status).toBe(404)
  bench.answers.replay = {
    accepted: 0,
    duplicates: 0,
    refused: [{ index: 0, code: 'point-unknown', detail: 'nowhere' }],
  }
  const again = await post('dead-letters/1/replay')
  expect([again.status, (await problem(again)).code]).toEqual([409, 'letter-still-refused'])
  bench.answers.replay = { accepted: 1, duplicates: 0, refused: [] }
  const taken = await post('dead-letters/1/replay')
  expect([taken.status, await taken.json()]).toEqual([200, { accepted: 1, duplicates: 0 }])
})

test('a failure inside is logged, and told without its inside', async () => {
  const fail = (error: Error) => {
    bench.answers = {
      get submit(): never {
        throw error
      },
    }
    return post('sites/baoyuan/readings', json([]))
  }
  const response = await fail(new TypeError('cannot read secret of /srv/data'))
  expect(response.status).toBe(500)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ code: 'internal', status: 500 })
  expect(text).not.toMatch(/secret|\/srv|TypeError|\.ts/)
  expect(bench.logged.at(-1)).toContain('cannot read secret of /srv/data')
  const full = await fail(new DavyError('disk-full', { message: 'the journal cannot grow', remedy: 'free some space' }))
  expect([full.status, await problem(full)]).toMatchObject([
    503,
    {
      code: 'disk-full',
      detail: 'the journal cannot grow',
      remedy: 'free some space',
      title: 'The service cannot do this now',
    },
  ])
})
