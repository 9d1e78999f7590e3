/** The running service over real sockets: MQTT in, HTTP in, SSE and MQTT out, dead letters. */
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Json, publish, type Running, type Stream, start, type Told } from './house-rig.ts'

const PATIENCE = { timeout: 10_000, interval: 20 }
const POINTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({
  id: `gas/${id}`,
  kind: 'gas.ch4',
  unit: '%',
  area: 'face',
  range: [0, 10],
}))
const rented = house({
  'sites/mine.yaml': {
    site: 'mine',
    kind: 'coal-mine',
    areas: [
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
    ],
    points: [
      ...POINTS,
      { id: 'r/1', kind: 'card.reader', area: 'face' },
      { id: 'gate', kind: 'gate' },
      { id: 'cam', kind: 'device.state', area: 'face', device: 'camera' },
    ],
    people: 'people.csv',
  },
  'sites/people.csv': 'person,card,name,role,team,certificate,expires\np-1,k1,Zhang,miner,one,,\n',
  'rules/plan.yaml': {
    regulation: { id: 'plan', title: 'A plan' },
    rules: [
      {
        id: 'crew',
        rule: 'over-crew',
        clause: '27',
        match: { kind: 'coal-face' },
        limit: 2,
        raiseAfter: '0s',
        clearAfter: '0s',
      },
      { id: 'ch4', rule: 'limit', clause: '498', levels: [{ name: 'cut', high: 1, severity: 'critical' }] },
    ],
  },
})

let service: Running
let device: MqttClient
let stream: Stream
beforeAll(async () => {
  service = await start(rented)
  device = await service.device()
  stream = await service.stream()
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

const now = (offset = 0) => new Date(Date.now() + offset).toISOString()
const of = (key: string) => stream.told().filter((t) => t.key === key)
const arrived = (key: string, cause: string): Promise<Told> =>
  expect
    .poll(() => of(key).find((t) => t.cause === cause), PATIENCE)
    .toBeDefined()
    .then(() => of(key).find((t) => t.cause === cause)!)

test('a QoS 1 reading over MQTT is a transition on the stream', async () => {
  const ts = now()
  await publish(device, 'davy/v1/mine/gas/a', { ts, value: 1.7, ref: 'a-1' })
  const told = await arrived('gas/a:cut', 'raised')
  expect(told).toMatchObject({
    id: 'mine/ch4/gas/a:cut/1.1',
    clause: 'plan/498',
    value: 1.7,
    limit: 1,
    severity: 'critical',
  })
  expect(told.evidence).toMatchObject([{ point: 'gas/a', value: 1.7, ref: 'a-1' }])
  expect(Date.parse(told.at)).toBe(Date.parse(ts))
})

test('an array on the site’s topic names its points', async () => {
  const cards = ['k1', 'k2', 'k3'].map((card) => ({ point: 'r/1', ts: now(), value: { card } }))
  await publish(device, 'davy/v1/mine', [...cards, { point: 'gas/c', ts: now(), value: 1.1 }])
  expect(await arrived('face', 'raised')).toMatchObject({ value: 3, limit: 2, rule: 'over-crew' })
  await arrived('gas/c:cut', 'raised')
})

test('the count and its limit are in the site, with the worst alarm', async () => {
  const { status, body } = await service.get<{ areas: Json[] }>('/api/v1/sites/mine')
  expect(status).toBe(200)
  expect(body.areas.find(({ id }) => id === 'face')).toMatchObject({ count: 3, limit: 2, worst: 'critical' })
  expect(body.areas.find(({ id }) => id === 'underground')).toMatchObject({ count: 3 })
  const people = await service.get<{ people: Json[] }>('/api/v1/sites/mine/people')
  expect(people.body.people).toHaveLength(3)
  expect(people.body.people).toContainEqual(expect.objectContaining({ person: 'p-1', area: 'face' }))
})

test('an array on a point’s topic is a batch, taken in its order', async () => {
  await publish(device, 'davy/v1/mine/gas/b', [
    { ts: now(-2000), value: 1.2 },
    { ts: now(-1000), value: 0.2 },
    { ts: now(), value: 1.3 },
  ])
  await expect.poll(() => of('gas/b:cut').map(({ cause }) => cause), PATIENCE).toEqual(['raised', 'cleared', 'raised'])
})

test('while it stands, the alarm is retained on its topic; a subscriber who comes later sees it; then it is gone', async () => {
  const topic = 'davy/v1/mine/alarms/limit/gas/d:cut'
  const early: string[] = []
  const first = await service.device()
  first.on('message', (_, payload) => early.push(payload.toString()))
  await first.subscribeAsync('davy/v1/+/alarms/#', { qos: 1 })
  await publish(device, 'davy/v1/mine/gas/d', { ts: now(), value: 2 })
  await expect.poll(() => early.some((text) => text.includes('gas/d:cut')), PATIENCE).toBe(true)

  const seen = async () => {
    const found: { topic: string; retain: boolean; payload: string }[] = []
    const later = await service.device()
    later.on('message', (where, payload, packet) =>
      found.push({ topic: where, retain: packet.retain, payload: payload.toString() }),
    )
    await later.subscribeAsync([topic, 'davy/v1/mine/alarms/limit/gas/a:cut'], { qos: 1 })
    // The other alarm stands throughout: its arrival says that the broker has sent what it retains.
    await expect.poll(() => found.some((m) => m.topic.endsWith('gas/a:cut')), PATIENCE).toBe(true)
    await later.endAsync(true)
    return found.filter((m) => m.topic === topic)
  }
  await expect.poll(seen, PATIENCE).toHaveLength(1)
  const [retained] = await seen()
  expect(retained!.retain).toBe(true)
  expect(JSON.parse(retained!.payload)).toEqual(of('gas/d:cut').find(({ cause }) => cause === 'raised'))

  await publish(device, 'davy/v1/mine/gas/d', { ts: now(), value: 0.1 })
  await arrived('gas/d:cut', 'cleared')
  await service.post('/api/v1/alarms/mine/ch4/gas/d:cut/ack')
  await expect.poll(seen, PATIENCE).toEqual([])
})

test('readings over HTTP are answered 202 once they are on disk', async () => {
  const reply = await service.post('/api/v1/sites/mine/readings', [
    { point: 'gas/e', ts: now(), value: 0.2, ref: 'h-1' },
    { point: 'gas/e', ts: now(), value: 1.4, ref: 'h-2' },
    { point: 'gas/e', ts: now(), value: 1.4, ref: 'h-2' },
  ])
  expect(reply).toMatchObject({ status: 202, body: { accepted: 2, duplicates: 1 } })
  await arrived('gas/e:cut', 'raised')
})

test('400 lists every bad line, as a problem document with a stable code; the good ones are taken', async () => {
  const reply = await service.post('/api/v1/sites/mine/readings', [
    { point: 'gas/f', ts: now(), value: 1.5 },
    { point: 'gas/nowhere', ts: now(), value: 1 },
    { point: 'gas/f', ts: 'yesterday', value: 1 },
    { point: 'gas/f', ts: now(), value: { ppm: 1 } },
    { point: 'gas/f', ts: now(), value: 1, quality: 'fine' },
    { ts: now(), value: 1 },
    7,
  ])
  expect(reply.status).toBe(400)
  expect(reply.type).toContain('application/problem+json')
  expect(reply.body).toMatchObject({ code: 'readings-refused', status: 400, accepted: 1 })
  const errors = reply.body.errors as { index: number; code: string; detail: string }[]
  expect(errors.map(({ index, code }) => [index, code])).toEqual([
    [1, 'point-unknown'],
    [2, 'ts-unreadable'],
    [3, 'value-type'],
    [4, 'quality-unknown'],
    [5, expect.any(String)],
    [6, expect.any(String)],
  ])
  await arrived('gas/f:cut', 'raised')
})

test('an acknowledgement over HTTP is on the stream and in the alarm’s timeline, with its author', async () => {
  const id = 'mine/ch4/gas/a:cut'
  const acked = await service.post(`/api/v1/alarms/${id}/ack`)
  expect(acked.status).toBe(200)
  const told = await arrived('gas/a:cut', 'acked')
  expect(told).toMatchObject({ from: 'unacked', to: 'acked', by: 'admin', id: `${id}/1.2` })
  const { body } = await service.get(`/api/v1/alarms/${id}`)
  expect(JSON.stringify(body)).toContain('"acked"')
  expect(body).toMatchObject({ timeline: [{ cause: 'raised' }, { cause: 'acked', by: 'admin' }] })
  const again = await service.post(`/api/v1/alarms/${id}/ack`)
  expect(again).toMatchObject({ status: 409, body: { code: 'already-acked' } })
  expect(again.type).toContain('application/problem+json')
})

test('the list of alarms is filtered by what it is asked', async () => {
  const list = async (query: string) => {
    const { body } = await service.get<{ items: { alarm: string }[] }>(`/api/v1/alarms?${query}`)
    return body.items.map(({ alarm }) => alarm)
  }
  expect(await list('rule=over-crew')).toEqual(['mine/crew/face'])
  expect(await list('site=mine&state=acked')).toEqual(['mine/ch4/gas/a:cut'])
  expect(await list('severity=critical')).not.toContain('mine/crew/face')
  expect(await list('site=other')).toEqual([])
})

test('without a token nothing is told, and nothing taken', async () => {
  for (const path of ['sites', 'alarms', 'sites/mine/people', 'stream', 'dead-letters']) {
    const reply = await fetch(`${service.api}/api/v1/${path}`)
    expect(reply.status, path).toBe(401)
    expect(await reply.json(), path).toMatchObject({ code: expect.any(String) })
  }
  const reply = await fetch(`${service.api}/api/v1/sites/mine/readings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ point: 'gas/g', value: 5 }]),
  })
  expect(reply.status).toBe(401)
})

test('what cannot be taken is a dead letter with its code, its text and its remedy', async () => {
  await publish(device, 'davy/v1/mine/gas/zz', { ts: now(), value: 1, ref: 'lost' })
  const letters = async () =>
    (await service.get<{ items: Json[] }>('/api/v1/dead-letters?code=point-unknown')).body.items
  await expect
    .poll(async () => (await letters()).some(({ payload }) => String(payload).includes('lost')), PATIENCE)
    .toBe(true)
  const letter = (await letters()).find(({ payload }) => String(payload).includes('lost'))!
  expect(letter).toMatchObject({ code: 'point-unknown', topic: 'davy/v1/mine/gas/zz', replayed: false })
  expect([String(letter.detail), String(letter.remedy)].every((text) => text.length > 5)).toBe(true)
})

test('history keeps what came in', async () => {
  const from = encodeURIComponent(now(-600_000))
  const to = encodeURIComponent(now(600_000))
  const path = `/api/v1/sites/mine/points/gas/b/history?from=${from}&to=${to}`
  await expect.poll(async () => JSON.stringify((await service.get(path)).body), PATIENCE).toMatch(/1\.2.*0\.2.*1\.3/)
})

test('health, readiness, metrics and the description of the API answer', async () => {
  expect((await fetch(`${service.api}/healthz`)).status).toBe(200)
  expect((await fetch(`${service.api}/readyz`)).status).toBe(200)
  expect(await service.metric('davy_readings_total')).toBeGreaterThan(8)
  expect((await service.get('/openapi.json')).body).toMatchObject({ openapi: expect.stringMatching(/^3\./) })
})
