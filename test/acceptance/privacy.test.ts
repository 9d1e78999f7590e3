/** What a viewer gets to see of people: nothing by which the API names them, on any route, in any alarm, at any step. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Receiver, receiver } from '../receivers.ts'
import { type House, house, type Json, type Reply, type Running, type Stream, start, type Told } from './house-rig.ts'

const PATIENCE = { timeout: 20_000, interval: 50 }
/** All by which people are known here; the cards from 20900 on are nobody's, and W-77 and G-88 are in no people file. */
const SECRETS = ['p-117', 'p-118', '王小明', '李四光', '10123', '10124', '10130', '20999', '20998', 'W-77', 'G-88']
const PSEUDONYM = /~[\w-]{8}/
const HEAD = 'person,card,name,role,team,certificate,expires\n'
const restless = { raiseAfter: '0s', clearAfter: '0s' }

let peer: Receiver
let rented: House
let service: Running
let viewer: Seen
let operator: Seen

/** A signed-in user with a stream. */
interface Seen {
  readonly stream: Stream
  get<T = Json>(path: string): Promise<Reply<T>>
  /** The reply as it came. */
  text(path: string): Promise<string>
  told(rule: string): Told | undefined
  close(): void
}

beforeAll(async () => {
  peer = await receiver()
  rented = house({
    'davy.yaml': {
      notify: {
        baseUrl: 'https://desk.example',
        group: '1ms',
        channels: [{ name: 'hook', adapter: 'webhook', url: `${peer.url}/hook` }],
      },
    },
    'sites/mine.yaml': {
      site: 'mine',
      kind: 'coal-mine',
      areas: [
        { id: 'underground', kind: 'underground' },
        { id: 'face', kind: 'coal-face', in: 'underground' },
        { id: 'goaf', kind: 'restricted', in: 'underground' },
      ],
      points: [
        { id: 'r/1', kind: 'card.reader', area: 'face' },
        { id: 'r/2', kind: 'card.reader', area: 'face' },
        { id: 'r/3', kind: 'card.reader', area: 'goaf' },
        { id: 'gate', kind: 'gate' },
        { id: 'weld/session', kind: 'weld.session', area: 'face', machine: 'weld-1' },
        { id: 'gas/a', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] },
      ],
      people: 'people.csv',
    },
    'sites/people.csv': `${HEAD}p-117,10123,王小明,miner,one,,\np-117,10124,王小明,miner,one,,\np-118,10130,李四光,miner,one,,\n`,
    'rules/plan.yaml': {
      regulation: { id: 'plan', title: 'A plan' },
      rules: [
        { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 1, ...restless },
        { id: 'card/sos', rule: 'sos', ...restless },
        { id: 'card/convoy', rule: 'card-convoy', readers: 2, ...restless },
        { id: 'card/conflict', rule: 'card-conflict', ...restless },
        { id: 'people/restricted', rule: 'restricted', ...restless },
        { id: 'people/missing', rule: 'card-missing', within: '1s', before: '1s', ...restless },
        { id: 'weld', rule: 'weld-uncertified', ...restless },
        { id: 'gas', rule: 'limit', levels: [{ name: 'cut', high: 1, severity: 'critical' }] },
      ],
    },
  })
  service = await start(rented)
  const sign = async (role: string) => {
    const password = `${role} of the mine`
    expect(await service.post('/api/v1/users', { user: role, password, role })).toMatchObject({ status: 201 })
    return seen({ user: role, password })
  }
  operator = await sign('operator')
  viewer = await sign('viewer')
  const ts = Date.now() - 5_000
  const send = (point: string, value: unknown, after = 0) => ({
    point,
    ts: ts + after,
    value,
    ref: `${point}-${after}`,
  })
  const { status } = await service.post('/api/v1/sites/mine/readings', [
    send('r/1', { card: '10123', sos: true }),
    send('r/1', { card: '10130' }, 500),
    send('r/1', { card: '20999', sos: true }, 600),
    send('r/2', { card: '10123' }, 1_500),
    send('r/2', { card: '10130' }, 2_000),
    send('r/3', { card: '20998' }, 2_100),
    send('r/3', { card: '10130' }, 2_200),
    send('gate', { direction: 'in', person: 'G-88' }, 2_300),
    send('gate', { direction: 'in', person: 'p-118', card: '10124' }, 2_400),
    send('weld/session', { event: 'scan', person: 'W-77' }, 2_500),
    send('weld/session', { event: 'unlock' }, 2_600),
    send('gas/a', 1.7, 2_700),
  ])
  expect(status).toBe(202)
}, 60_000)
afterAll(async () => {
  viewer?.close()
  operator?.close()
  await service?.stop()
  rented?.remove()
  await peer?.close()
})

async function seen(account: { user: string; password: string }, after?: number): Promise<Seen> {
  const session = await fetch(`${service.api}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  const { token } = (await session.json()) as { token: string }
  const as = service.as(token)
  const stream = await as.stream(after)
  return {
    stream,
    get: as.get,
    text: async (path) => JSON.stringify((await as.get(path)).body),
    told: (rule) => stream.told().find((t) => t.rule === rule),
    close: () => stream.close(),
  }
}

const named = (text: string) => SECRETS.filter((secret) => text.includes(secret))
const RULES = [
  'over-crew',
  'sos',
  'card-convoy',
  'card-conflict',
  'restricted',
  'card-missing',
  'weld-uncertified',
  'limit',
]
/** Both streams up to the same transition, with every rule's alarms among them. */
async function settled(): Promise<void> {
  await expect
    .poll(() => RULES.filter((rule) => !operator.told(rule)), { ...PATIENCE, message: 'alarms of each rule' })
    .toEqual([])
  await expect.poll(() => viewer.stream.last(), PATIENCE).toBe(operator.stream.last())
}

test('on every route that a viewer may read, and in every event, nobody is named', async () => {
  await settled()
  const about = operator.told('sos')!.alarm
  await service.post(`/api/v1/alarms/${about}/comment`, { text: '王小明 (p-117) 说：card 10130 is with 李四光' })
  await service.post(`/api/v1/alarms/${about}/assign`, { to: '李四光' })
  await service.post(`/api/v1/alarms/${about}/shelve`, { reason: 'p-118 looks for 王小明', for: '1h' })
  await expect.poll(() => viewer.stream.told().some(({ cause }) => cause === 'shelved'), PATIENCE).toBe(true)
  await expect
    .poll(async () => (await operator.get(`/api/v1/alarms/${about}`)).body.deliveries, PATIENCE)
    .not.toEqual([])

  const { paths } = (await service.get<{ paths: Record<string, Json> }>('/openapi.json')).body
  const routes = Object.keys(paths).filter((path) => 'get' in paths[path]!)
  expect(routes.length).toBeGreaterThan(20)
  const alarms = viewer.stream.told().map(({ alarm }) => alarm)
  const concrete = (route: string) =>
    (route.includes('{id}') ? [...new Set(alarms)] : ['']).map((alarm) =>
      route
        .replace('{id}', encodeURIComponent(alarm))
        .replace('{site}', 'mine')
        .replace('{point}', 'r/1')
        .replace('{card}', 'none')
        .replace(/\{\w+\}/, 'none'),
    )
  const open = routes.flatMap(concrete).filter((path) => path !== '/api/v1/stream')
  const leaks: string[] = []
  let read = 0
  for (const path of open) {
    const { status, body } = await viewer.get<unknown>(path)
    if (status === 200) read += 1
    if (named(JSON.stringify(body)).length > 0) leaks.push(`${path}: ${named(JSON.stringify(body))}`)
  }
  expect(leaks).toEqual([])
  // Each alarm, and what is not of one.
  expect(read).toBeGreaterThan(new Set(alarms).size + 8)
  for (const event of viewer.stream.events) expect(named(JSON.stringify(event)), JSON.stringify(event)).toEqual([])

  // What was looked for is there for those who may see it: the search above could have found it.
  const plain = JSON.stringify(operator.stream.events) + (await operator.text(`/api/v1/alarms/${about}`))
  expect(named(plain + (await operator.text('/api/v1/sites/mine/people')))).toEqual(SECRETS)
})

test('a viewer opens and follows an alarm under its pseudonymous id', async () => {
  await settled()
  const both = operator.stream.told().slice(0, viewer.stream.told().length)
  for (const { alarm: real, rule, key, id } of both.filter(({ cause }) => cause === 'raised')) {
    const n = both.findIndex((t) => t.id === id)
    const mine = viewer.stream.told()[n]!
    const { alarm } = mine
    const personal = alarm !== real
    expect(mine.id, rule).toBe(alarm + id.slice(real.length))
    expect(personal, rule).toBe(!['over-crew', 'weld-uncertified', 'limit'].includes(rule))
    const { body, status } = await viewer.get<Told & { timeline: Told[]; last: Told }>(`/api/v1/alarms/${alarm}`)
    expect(status, alarm).toBe(200)
    expect(body).toMatchObject({ alarm, last: { alarm, rule } })
    expect(body.timeline.map((t) => t.alarm)).toEqual(body.timeline.map(() => alarm))
    if (!personal) continue
    expect(alarm).toMatch(PSEUDONYM)
    expect(mine.text.zh).toMatch(PSEUDONYM)
    expect(mine.text.en).toMatch(PSEUDONYM)
    // Its own id neither opens it nor tells that it exists.
    const unknown = await viewer.get(`/api/v1/alarms/${real}`)
    const never = await viewer.get(`/api/v1/alarms/${real.replace(key, '777777')}`)
    expect([unknown.status, never.status]).toEqual([404, 404])
    expect({ ...unknown.body, detail: '' }).toEqual({ ...never.body, detail: '' })
    expect((await operator.get(`/api/v1/alarms/${real}`)).body).toMatchObject({ alarm: real, last: { key } })
    expect((await operator.get(`/api/v1/alarms/${alarm}`)).status).toBe(404)
  }
})

test('what leaves by a notification names nobody, and its link opens the alarm for whoever is signed in', async () => {
  await settled()
  const events = () =>
    peer.got.map(({ body }) => JSON.parse(body) as { data: { transitions: (Told & { url: string })[] } })
  const told = (rule: string) =>
    events()
      .flatMap(({ data }) => data.transitions)
      .find((t) => t.rule === rule)
  await expect.poll(() => told('sos'), PATIENCE).toBeDefined()
  for (const { body, headers } of peer.got) expect(named(body + JSON.stringify(headers))).toEqual([])
  const { url, alarm } = told('sos')!
  expect(alarm).toMatch(PSEUDONYM)
  const reference = new URL(url.replace('#/', '')).searchParams.get('alarm')!
  expect(named(Buffer.from(reference, 'base64url').toString('latin1'))).toEqual([])
  const path = `/api/v1/alarms/${reference}`
  const real = (await operator.get<Told>(path)).body.alarm
  expect(named(real)).not.toEqual([])
  expect((await operator.get<Told>(`/api/v1/alarms/${real}`)).body.alarm).toBe(real)
  const seen = await viewer.text(path)
  expect(named(seen)).toEqual([])
  expect(JSON.parse(seen)).toMatchObject({ alarm, last: { rule: 'sos' } })
  expect(await service.post(`${path}/comment`, { text: 'by the link' })).toMatchObject({ status: 200 })
  expect((await fetch(`${service.api}${path}`)).status).toBe(401)
  const none = await viewer.get(`/api/v1/alarms/${reference.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`)
  expect(none.status).toBe(404)
})

test('one person is one pseudonym wherever they stand, and places keep their names', async () => {
  await settled()
  const sos = viewer.told('sos')!
  const [convoy, restricted] = [viewer.told('card-convoy')!, viewer.told('restricted')!]
  expect(convoy.key.split('+')).toHaveLength(2)
  expect(convoy.key.split('+')).toContain(sos.key)
  expect(restricted.key).toMatch(/^(card:)?~[\w-]{8}@goaf$/)
  expect(sos.text.en).toContain(`card ${sos.key}`)
  expect(sos.evidence[0]).toMatchObject({ point: 'r/1', value: { card: sos.key, sos: true } })
  expect(viewer.told('weld-uncertified')).toMatchObject({ key: 'weld-1', evidence: [{ value: { event: 'scan' } }, {}] })
  expect(viewer.told('limit')).toEqual(operator.told('limit'))
  const { people } = (await viewer.get<{ people: { card: string; name?: string }[] }>('/api/v1/sites/mine/people')).body
  expect(people.find(({ card }) => card === sos.key)).toMatchObject({ name: '王**' })
})

test('filters and pages give a viewer the alarms that they give an operator', async () => {
  await settled()
  for (const query of [
    'site=mine',
    'rule=sos',
    'rule=sos,restricted',
    'severity=critical',
    'limit=2',
    'state=unacked',
  ]) {
    const list = async ({ get }: Seen) => {
      type Page = { items: { last: Told }[]; next?: string }
      const { items, next } = (await get<Page>(`/api/v1/alarms?${query}`)).body
      return JSON.stringify([items.map(({ last }) => [last.rule, last.revision, last.at]), next])
    }
    // Both, while nothing happens between.
    await expect
      .poll(async () => (await list(operator)) === (await list(viewer)), { ...PATIENCE, message: query })
      .toBe(true)
  }
})

test('the stream resumes, and pseudonyms and links outlive the service', async () => {
  await settled()
  const before = viewer.stream.told().map(({ id }) => id)
  const sos = viewer.told('sos')!
  const file = join(rented.data, 'pseudonyms.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const secret = readFileSync(file)
  await service.stop()
  service = await start(rented)
  expect(readFileSync(file)).toEqual(secret)
  const account = { user: 'viewer', password: 'viewer of the mine' }
  viewer = await seen(account, 1)
  expect((await viewer.get(`/api/v1/alarms/${sos.alarm}`)).body).toMatchObject({ alarm: sos.alarm })
  // What has happened since comes behind it.
  const again = () => viewer.stream.told().map(({ id }) => id)
  await expect.poll(() => again().slice(0, before.length - 1), PATIENCE).toEqual(before.slice(1))
}, 60_000)

test("an operator's look at an alarm about people is on record, once", async () => {
  const looks = readFileSync(join(rented.data, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { who: string; action: string; object: string })
    .filter(({ action }) => action === 'alarm-viewed')
  expect(looks.length).toBeGreaterThan(5)
  expect(new Set(looks.map(({ who }) => who))).toEqual(new Set(['operator']))
  expect(new Set(looks.map(({ object }) => object)).size).toBe(looks.length)
  expect(looks.filter(({ object }) => object.startsWith('mine/gas/'))).toEqual([])
  // What is handed out of an alarm says what was done about it, not who looked.
  const alarm = looks.map(({ object }) => object).find((object) => object.startsWith('mine/card/sos/'))!
  const { body } = await service.get<{ audit: { records: Json[] } }>(`/api/v1/alarms/${alarm}/evidence`)
  const actions = body.audit.records.map(({ action }) => action)
  expect(actions).toContain('command')
  expect(actions).not.toContain('alarm-viewed')
})
