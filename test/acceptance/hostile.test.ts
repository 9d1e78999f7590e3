/** Bad input at a running service: each a counted, named refusal; the process stays up and judges the next good reading. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { house, type Json, publish, type Running, type Stream, start } from './house-rig.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }
const rented = house({
  'sites/mine.yaml': {
    site: 'mine',
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 't1', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] },
      { id: 'open', kind: 'gas.ch4', unit: '%', area: 'face' },
      { id: 'fan', kind: 'fan.running', area: 'face' },
      { id: 'r', kind: 'card.reader', area: 'face' },
      { id: 'cam', kind: 'device.state', area: 'face', device: 'camera' },
      { id: 'canary', kind: 'gas.ch4', unit: '%', area: 'face' },
    ],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [
      { id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1 }] },
      { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 0, raiseAfter: '0s' },
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

const now = () => new Date().toISOString()
const refused = (code: string) => service.metric('davy_refused_total', { code })
const letters = async (code: string) =>
  (await service.get<{ items: Json[] }>(`/api/v1/dead-letters?code=${code}`)).body.items

let turn = 0
/** After whatever came before: up, and a good reading is judged right, once up and once down. */
afterEach(async () => {
  expect(service.child.exitCode).toBeNull()
  const client = await service.device()
  turn += 1
  const canary = () => stream.told().filter(({ key }) => key === 'canary:cut')
  await publish(client, 'davy/v1/mine/canary', { value: 2, ref: `up-${turn}` })
  await expect.poll(() => canary().length, PATIENCE).toBe(2 * turn - 1)
  await publish(client, 'davy/v1/mine/canary', { value: 0.1, ref: `down-${turn}` })
  await expect
    .poll(
      () =>
        canary()
          .map(({ cause }) => cause)
          .at(-1),
      PATIENCE,
    )
    .toBe('cleared')
  expect(
    stream.told().filter(({ key }) => key !== 'canary:cut'),
    'nothing else may be an alarm',
  ).toEqual([])
  await client.endAsync(true)
})

const DEEP = 200_000
/** Topic below `davy/v1/`, payload, and the code of the refusal. */
const messages: readonly (readonly [string, string, string | Buffer, RegExp])[] = [
  ['text', 'mine/t1', 'hello', /^payload-not-json$/],
  ['nothing', 'mine/t1', '', /^payload-not-/],
  ['half an object', 'mine/t1', '{"value":5', /^payload-not-json$/],
  ['a bare NaN', 'mine/t1', '{"value":NaN}', /^payload-not-json$/],
  ['bytes that are no UTF-8', 'mine/t1', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /^payload-not-/],
  ['a number', 'mine/t1', '5', /^payload-not-reading$/],
  ['null', 'mine/t1', 'null', /^payload-not-reading$/],
  ['arrays in arrays', 'mine/t1', '[[{"value":5}]]', /^payload-not-reading$/],
  ['arrays in arrays, very deep', 'mine/t1', '['.repeat(DEEP) + ']'.repeat(DEEP), /^payload-not-|^value-type$/],
  [
    'objects in objects, very deep',
    'mine/t1',
    `${'{"value":'.repeat(50_000)}5${'}'.repeat(50_000)}`,
    /^payload-not-|^value-type$/,
  ],
  ['no value', 'mine/t1', '{"ts":1777593600000}', /^(value-missing|ts-impossible)$/],
  ['an unknown site', 'mars/t1', '{"value":5}', /^site-unknown$/],
  ['an unknown point', 'mine/t2', '{"value":5}', /^point-unknown$/],
  ['a point named like an inherited property', 'mine/__proto__', '{"value":5}', /^point-unknown$/],
  ['a site named like an inherited property', 'constructor/t1', '{"value":5}', /^site-unknown$/],
  ['a text for a number', 'mine/t1', '{"value":"five"}', /^value-type$/],
  ['a truth for a number', 'mine/t1', '{"value":true}', /^value-type$/],
  ['a list for a number', 'mine/t1', '{"value":[5]}', /^value-type$/],
  ['a number for a truth', 'mine/fan', '{"value":2}', /^value-type$/],
  ['a number for a card', 'mine/r', '{"value":5}', /^value-type$/],
  ['a card that is no text', 'mine/r', '{"value":{"card":{"a":1}}}', /^value-type$/],
  ['a sighting without a card', 'mine/r', '{"value":{"moving":true}}', /^value-type$/],
  ['a state there is none of', 'mine/cam', '{"value":"asleep"}', /^value-type$/],
  ['the year 1970', 'mine/t1', '{"ts":0,"value":5}', /^ts-impossible$/],
  ['seconds for milliseconds', 'mine/t1', '{"ts":1777593600,"value":5}', /^ts-impossible$/],
  ['the year 9999', 'mine/t1', '{"ts":"9999-12-31T23:59:59Z","value":5}', /^ts-impossible$/],
  ['the 31st of February', 'mine/t1', '{"ts":"2026-02-31T00:00:00Z","value":5}', /^ts-/],
  ['a local time', 'mine/t1', '{"ts":"2026-05-01T08:00:00","value":5}', /^ts-unreadable$/],
  ['a quality of its own', 'mine/t1', '{"value":5,"quality":"GOOD"}', /^quality-unknown$/],
  ['a ref that is no text', 'mine/t1', '{"value":5,"ref":{"a":1}}', /^field-type$/],
  ['a ref of a megabyte', 'mine/t1', JSON.stringify({ value: 5, ref: 'x'.repeat(1_000_000) }), /^field-type$/],
  ['another point than its topic’s', 'mine/t1', '{"point":"canary","value":5}', /^topic-mismatch$/],
  ['a site’s array without points', 'mine', '[{"value":5}]', /./],
]

for (const [name, topic, payload, code] of messages) {
  test(`MQTT: ${name}`, async () => {
    const before = await service.metric('davy_refused_total')
    await device.publishAsync(`davy/v1/${topic}`, payload, { qos: 1 })
    await expect.poll(() => service.metric('davy_refused_total'), PATIENCE).toBe(before + 1)
    const { body } = await service.get<{ items: Json[] }>('/api/v1/dead-letters?limit=1')
    const letter = body.items[0]!
    expect(letter.code).toMatch(code)
    expect(`davy/v1/${topic}`).toContain(letter.topic)
    expect([String(letter.detail), String(letter.remedy)].every((text) => text.length > 2)).toBe(true)
    expect(await refused(String(letter.code))).toBeGreaterThan(0)
  })
}

for (const [name, text] of [
  ['NaN as text', '"NaN"'],
  ['null', 'null'],
  ['a number beyond all numbers', '1e999'],
  ['a negative one', '-1e999'],
] as const) {
  test(`MQTT: ${name} is a bad reading, never a value`, async () => {
    const bad = await service.metric('davy_bad_total')
    const total = await service.metric('davy_refused_total')
    await device.publishAsync('davy/v1/mine/open', `{"ts":${Date.now()},"value":${text}}`, { qos: 1 })
    await expect
      .poll(
        async () => (await service.metric('davy_bad_total')) + (await service.metric('davy_refused_total')),
        PATIENCE,
      )
      .toBe(bad + total + 1)
  })
}

test('MQTT: one bad reading of a batch costs only itself', async () => {
  const before = await service.metric('davy_readings_total')
  await publish(device, 'davy/v1/mine/t1', [{ ts: now(), value: 0.1 }, { value: 'x' }, [], { ts: now(), value: 0.2 }])
  await expect.poll(() => service.metric('davy_readings_total'), PATIENCE).toBe(before + 2)
})

test('MQTT: ten mebibytes are refused by name, and their sender is not waited for', async () => {
  const before = await refused('payload-too-large')
  const client = await service.device({ clientId: 'fat' })
  client.publish('davy/v1/mine/t1', Buffer.alloc(10 * 1024 * 1024, 0x20), { qos: 1 })
  await expect.poll(() => refused('payload-too-large'), PATIENCE).toBeGreaterThan(before)
  expect((await letters('payload-too-large')).length).toBeGreaterThan(0)
})

test('bytes that are no MQTT', async () => {
  const port = Number(new URL(service.mqtt).port)
  for (const bytes of [
    'GET / HTTP/1.1\r\n\r\n',
    '\xff\xff\xff\xff\xff\xff',
    '\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00',
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.resume()
    socket.write(Buffer.from(bytes, 'latin1'))
    socket.end()
    await once(socket, 'close')
  }
})

test('HTTP: what is no list of readings is a problem document', async () => {
  const path = '/api/v1/sites/mine/readings'
  for (const [body, status] of [
    ['[{"point":"t1"', 400],
    ['"text"', 400],
    ['null', 400],
    ['[[[]]]', 400],
    ['[null]', 400],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['{"__proto__":{"point":"t1","value":5}}', 400],
  ] as const) {
    const reply = await service.post(path, body)
    expect(reply.status, body.slice(0, 40)).toBe(status)
    expect(reply.type, body.slice(0, 40)).toContain('application/problem+json')
    expect(reply.body).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/), status })
  }
  expect(await service.post('/api/v1/sites/mars/readings', [])).toMatchObject({
    status: 404,
    body: { code: 'site-unknown' },
  })
})

test('HTTP: a body over the limit is refused by name', async () => {
  const problems = () => service.metric('davy_http_problems_total', { code: 'payload-too-large' })
  const before = await problems()
  const body = `[${'{"point":"t1","value":0.1},'.repeat(600_000)}{}]`
  // The service hangs up on whoever goes on sending; whether its answer is read before that is the client's luck.
  const reply = await service.post('/api/v1/sites/mine/readings', body).catch(() => undefined)
  if (reply) expect(reply).toMatchObject({ status: 413, body: { code: 'payload-too-large' } })
  await expect.poll(problems, PATIENCE).toBe(before + 1)
})

test('HTTP: every line of ten thousand bad ones is listed', async () => {
  const lines = Array.from({ length: 10_000 }, () => ({ point: 'nowhere', value: 1 }))
  const reply = await service.post('/api/v1/sites/mine/readings', lines)
  expect(reply.status).toBe(400)
  expect((reply.body.errors as unknown[]).length).toBe(10_000)
})

test('a hundred connections blasting QoS 0 rubbish and good readings for three seconds', async () => {
  const clients = await Promise.all(Array.from({ length: 100 }, (_, i) => service.device({ clientId: `blast-${i}` })))
  const before = await service.metric('davy_refused_total')
  const deadline = Date.now() + 3_000
  const rubbish = Buffer.from('{"value":')
  let n = 0
  while (Date.now() < deadline) {
    for (const client of clients) {
      n += 1
      client.publish('davy/v1/mine/t1', rubbish, { qos: 0 })
      client.publish('davy/v1/mars/t1', '{"value":9}', { qos: 0 })
      client.publish('davy/v1/mine/t1', `{"ts":${Date.now()},"value":0.3,"ref":"b${n}"}`, { qos: 0 })
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  // What the blast did not drown is counted; what it did was never promised.
  await expect.poll(() => service.metric('davy_refused_total'), PATIENCE).toBeGreaterThan(before + 1_000)
  expect(await refused('payload-not-json')).toBeGreaterThan(100)
  expect(await refused('site-unknown')).toBeGreaterThan(100)
  await Promise.all(clients.map((client) => client.endAsync(true)))
})
