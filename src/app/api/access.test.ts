/** Who gets in, who may do what, and what a stranger's page cannot make a browser do. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACCESS } from '../auth/permissions.ts'
import { type Bench, json, openBench } from './test-service.ts'

let bench: Bench
let admin: string
const tokens: Record<string, string> = {}

beforeAll(async () => {
  bench = await openBench()
  admin = await bench.login()
  for (const role of ['viewer', 'operator', 'supervisor']) {
    const added = await bench
      .call('/api/v1/users', { ...json({ user: role, password: 'long enough', role }), token: admin })
      .then((r) => r.status)
    expect(added).toBe(201)
    tokens[role] = await bench.login(role, 'long enough')
  }
  const reply = await bench.call('/api/v1/tokens', withToken(json({ user: 'gw1', site: 'baoyuan' }), admin))
  tokens.source = ((await reply.json()) as { token: string }).token
})
afterAll(() => bench.close())

const withToken = (init: RequestInit, token: string) => ({ ...init, token })
const concrete = (url: string) =>
  url
    .replace(':site', 'baoyuan')
    .replace(':card', 'C-000117')
    .replace(':id', '1')
    .replace(':user', 'nobody')
    .replace('points/*', 'points/face-101/ch4-t1/history')
    .replace('alarms/*', 'alarms/a/b/c/ack')

test('every route but the open ones answers 401 to a stranger, as a problem', async () => {
  const guarded = Object.entries(ACCESS).filter(([, access]) => access !== 'open' && access !== 'loopback')
  expect(guarded.length).toBeGreaterThan(20)
  for (const [route] of guarded) {
    const [method, url] = route.split(' ') as [string, string]
    const response = await bench.call(concrete(url), method === 'POST' ? json({}) : { method })
    expect(response.status, route).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    const problem = await response.json()
    expect(problem).toMatchObject({
      status: 401,
      code: 'credentials-missing',
      type: 'urn:davylamp:problem:credentials-missing',
    })
  }
})

test('a forged or deleted token is a stranger', async () => {
  expect((await bench.call('/api/v1/sites', { token: 'forged' })).status).toBe(401)
  await bench.call('/api/v1/users', withToken(json({ user: 'gone', password: 'long enough', role: 'viewer' }), admin))
  const token = await bench.login('gone', 'long enough')
  expect((await bench.call('/api/v1/sites', { token })).status).toBe(200)
  expect((await bench.call('/api/v1/users/gone', { method: 'DELETE', token: admin })).status).toBe(204)
  expect((await bench.call('/api/v1/sites', { token })).status).toBe(401)
})

test('each role may do what the table says and no more', async () => {
  const ack = (role: string, verb = 'ack') =>
    bench.call(`/api/v1/alarms/a/b/c/${verb}`, { method: 'POST', token: tokens[role]! }).then((r) => r.status)
  expect(await ack('viewer')).toBe(403)
  expect(await ack('operator')).toBe(200)
  expect(await ack('operator', 'out-of-service')).toBe(403)
  // Refused for what it lacks, no longer for who asks.
  expect(await ack('supervisor', 'out-of-service')).toBe(400)
  const get = (path: string, role: string) => bench.call(path, { token: tokens[role]! }).then((r) => r.status)
  expect(await get('/api/v1/sites', 'viewer')).toBe(200)
  expect(await get('/api/v1/sites/baoyuan/cards/C-000117/track', 'viewer')).toBe(403)
  expect(await get('/api/v1/users', 'supervisor')).toBe(403)
})

test("a source's token sends readings of its site, and does nothing else", async () => {
  const token = tokens.source!
  const send = (site: string) => bench.call(`/api/v1/sites/${site}/readings`, withToken(json([]), token))
  expect((await send('baoyuan')).status).toBe(202)
  const other = await send('elsewhere')
  expect(other.status).toBe(403)
  expect(await other.json()).toMatchObject({ code: 'site-forbidden' })
  expect((await bench.call('/api/v1/sites', { token })).status).toBe(403)
  expect((await bench.call('/api/v1/stream', { token })).status).toBe(403)
  const viewer = await bench.call('/api/v1/sites/baoyuan/readings', withToken(json([]), tokens.viewer!))
  expect(viewer.status).toBe(403)
})

test('names, numbers and cards are masked below operator, and every look is on record', async () => {
  const look = async (role: string) =>
    (await bench.call('/api/v1/sites/baoyuan/people', { token: tokens[role]! })).json()
  const viewer = JSON.stringify(await look('viewer'))
  const points = await (await bench.call('/api/v1/sites/baoyuan/points', { token: tokens.viewer! })).text()
  for (const secret of ['小明', 'p-00117', 'C-000117', 'C-000999']) {
    expect(viewer).not.toContain(secret)
    expect(points).not.toContain(secret)
  }
  expect(viewer).toContain('王**')
  const operator = await look('operator')
  expect(operator).toMatchObject({ masked: false })
  expect(JSON.stringify(operator)).toContain('王小明')
  const audit = (await readFile(`${bench.data}/audit.jsonl`, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const looks = audit.filter(({ action }) => action === 'people-viewed')
  expect(looks.map(({ who, object, detail }) => [who, object, detail.masked])).toEqual([
    ['viewer', 'baoyuan', true],
    ['operator', 'baoyuan', false],
  ])
})

test('a cookie works for reading, and for writing only from the page itself', async () => {
  const response = await bench.call('/api/v1/session', json({ user: 'operator', password: 'long enough' }))
  const set = response.headers.get('set-cookie')!
  expect(set).toMatch(/HttpOnly/)
  expect(set).toMatch(/SameSite=Strict/)
  const cookie = set.split(';')[0]!
  expect((await bench.call('/api/v1/session', { headers: { cookie } })).status).toBe(200)
  const post = (headers: Record<string, string>) =>
    bench.call('/api/v1/alarms/a/b/c/ack', { method: 'POST', headers: { cookie, ...headers } })
  for (const foreign of [
    {},
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: bench.url },
  ]) {
    const refused = await post(foreign as Record<string, string>)
    expect(refused.status, JSON.stringify(foreign)).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'origin-foreign' })
  }
  expect((await post({ origin: bench.url })).status).toBe(200)
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  const login = await bench.call('/api/v1/session', {
    ...json({ user: 'operator', password: 'long enough' }),
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
  })
  expect(login.status).toBe(403)
})

test('signing out ends the session', async () => {
  const token = await bench.login('viewer', 'long enough')
  expect((await bench.call('/api/v1/session', { method: 'DELETE', token })).status).toBe(204)
  expect((await bench.call('/api/v1/session', { token })).status).toBe(401)
})

test('guessing is slowed down for the guesser', async () => {
  const guess = () => bench.call('/api/v1/session', json({ user: 'victim', password: 'wrong' }))
  // A guess may take longer than the wait it has earned, on a machine that is busy.
  const release = bench.holdClock()
  for (let i = 0; i < 3; i++) expect((await guess()).status).toBe(401)
  const slowed = await guess()
  release()
  expect(slowed.status).toBe(429)
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await slowed.json()).toMatchObject({ code: 'login-too-soon' })
})

test('the last administrator stays; names are taken once', async () => {
  const last = await bench.call('/api/v1/users/admin', { method: 'DELETE', token: admin })
  expect(last.status).toBe(409)
  const twice = await bench.call('/api/v1/tokens', withToken(json({ user: 'gw1', site: 'baoyuan' }), admin))
  expect(await twice.json()).toMatchObject({ status: 409, code: 'user-exists' })
  const list = (await (await bench.call('/api/v1/users', { token: admin })).json()) as { users: { user: string }[] }
  expect(list.users.map(({ user }) => user)).toContain('gw1')
  expect(JSON.stringify(list)).not.toContain('scrypt')
})

test('too many logins from one address are refused, acknowledgements and health never', async () => {
  const strict = await openBench({ loginsPerMinute: 3, requestsPerMinute: 10 })
  try {
    const token = await strict.login()
    const statuses: number[] = []
    for (let i = 0; i < 4; i++)
      statuses.push((await strict.call('/api/v1/session', json({ user: `u${i}`, password: 'x' }))).status)
    expect(statuses.at(-1)).toBe(429)
    const sites: number[] = []
    for (let i = 0; i < 12; i++) sites.push((await strict.call('/api/v1/sites', { token })).status)
    expect(sites).toContain(429)
    const limited = await strict.call('/api/v1/sites', { token })
    expect(limited.headers.get('content-type')).toBe('application/problem+json')
    expect(await limited.json()).toMatchObject({ code: 'rate-limited', status: 429 })
    for (let i = 0; i < 20; i++) {
      expect((await strict.call('/api/v1/alarms/a/b/c/ack', { method: 'POST', token })).status).toBe(200)
      expect((await strict.call('/healthz')).status).toBe(200)
      expect((await strict.call('/metrics')).status).toBe(200)
    }
  } finally {
    await strict.close()
  }
})

test('metrics are open on this machine only', async () => {
  expect((await bench.call('/metrics')).status).toBe(200)
  expect((await bench.call('/metrics', { headers: { 'x-forwarded-for': '10.1.2.3' } })).status).toBe(401)
  const through = await bench.call('/metrics', { headers: { 'x-forwarded-for': '10.1.2.3' }, token: tokens.viewer! })
  const text = await through.text()
  for (const line of [
    'davy_readings_total 7',
    'davy_refused_total{code="point-unknown"} 3',
    'davy_latency_seconds{stage="journal",quantile="0.99"} 0.012',
    'davy_source_up{source="gw",adapter="mqtt"} 1',
    'davy_alarms{state="unacked",severity="critical"} 0',
    'process_cpu_user_seconds_total ',
  ]) {
    expect(text).toContain(line)
  }
})
