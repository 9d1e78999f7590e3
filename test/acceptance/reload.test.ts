/** Hot reload, restart and resuming: what stands goes on, and nobody misses anything. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, publish, type Running, type Stream, start } from './house-rig.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }
const gas = (id: string) => ({ id, kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] })
const site = (...points: string[]) => ({
  site: 'mine',
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground' },
  ],
  points: [...points.map(gas), { id: 'r/1', kind: 'card.reader', area: 'face' }],
})
const level = { name: 'cut', high: 1, severity: 'critical' }
const rules = (...more: object[]) => ({
  regulation: { id: 'plan' },
  rules: [
    { id: 'ch4', rule: 'limit', match: { id: ['a', 'b', 'c'] }, levels: [level] },
    { id: 'slow', rule: 'limit', match: { id: 'd' }, levels: [{ ...level, raiseAfter: '3s' }] },
    { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 1, raiseAfter: '0s', clearAfter: '0s' },
    ...more,
  ],
})
const rented = house({ 'sites/mine.yaml': site('a', 'b', 'c', 'd'), 'rules/plan.yaml': rules() })

let service: Running
let stream: Stream
beforeAll(async () => {
  service = await start(rented)
  stream = await service.stream()
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

const now = () => new Date().toISOString()
const send = (point: string, value: unknown, more = {}) =>
  service.post('/api/v1/sites/mine/readings', [{ point, ts: now(), value, ...more }])
const causes = (key: string) =>
  stream
    .told()
    .filter((t) => t.key === key)
    .map(({ cause }) => cause)
const logged = (words: RegExp) => () => service.log.filter((line) => words.test(line)).length
const letters = async () => (await service.get<{ items: Json[] }>('/api/v1/dead-letters')).body.items

test('a dead letter is mended by a change of the site’s file, and replayed', async () => {
  await send('new', 2, { ref: 'letter' })
  await expect.poll(async () => (await letters()).length, PATIENCE).toBe(1)
  const [letter] = await letters()
  const early = await service.post(`/api/v1/dead-letters/${letter!.id}/replay`)
  expect(early).toMatchObject({ status: 409, body: { code: 'letter-still-refused' } })

  rented.write('sites/mine.yaml', site('a', 'b', 'c', 'd', 'new'))
  rented.write('rules/plan.yaml', rules({ id: 'new', rule: 'limit', match: { id: 'new' }, levels: [level] }))
  await expect.poll(logged(/configuration reloaded/), PATIENCE).toBeGreaterThan(0)
  const replayed = await service.post(`/api/v1/dead-letters/${letter!.id}/replay`)
  expect(replayed).toMatchObject({ status: 200, body: { accepted: 1 } })
  await expect.poll(() => causes('new:cut'), PATIENCE).toEqual(['raised'])
  expect((await letters()).find(({ id }) => id === letter!.id)).toMatchObject({ replayed: true })
})

test('a reload keeps a condition that waits: its delay runs from when it began', async () => {
  const reloads = logged(/configuration reloaded/)
  const before = reloads()
  const ts = now()
  await send('d', 2)
  rented.write('rules/plan.yaml', rules())
  await expect.poll(reloads, PATIENCE).toBeGreaterThan(before)
  expect(causes('d:cut')).toEqual([])
  await expect.poll(() => causes('d:cut'), PATIENCE).toEqual(['raised'])
  const raised = stream.told().find(({ key }) => key === 'd:cut')!
  const sinceSent = Date.parse(raised.since!) - Date.parse(ts)
  expect(Math.abs(sinceSent)).toBeLessThan(1000)
  expect(Date.parse(raised.at) - Date.parse(raised.since!)).toBe(3000)
})

test('an alarm whose rule was taken away ends, and says why', async () => {
  await expect.poll(() => causes('new:cut'), PATIENCE).toEqual(['raised', 'cleared'])
  const ended = stream.told().findLast(({ key }) => key === 'new:cut')!
  expect(ended.reason ?? '').not.toBe('')
})

test('a broken file is refused with place and reason, and the old configuration goes on', async () => {
  const refused = logged(/not reloaded/)
  for (const broken of ['rules: [', JSON.stringify({ ...rules(), surprise: 1 })]) {
    const before = refused()
    rented.write('rules/plan.yaml', broken)
    await expect.poll(refused, PATIENCE).toBeGreaterThan(before)
    expect(service.log.findLast((line) => /not reloaded/.test(line))).toMatch(/plan\.yaml:\d+:\d+/)
  }
  await send('a', 2)
  await expect.poll(() => causes('a:cut'), PATIENCE).toEqual(['raised'])
  rented.write('rules/plan.yaml', rules())
})

test('QoS 1 readings on their way while the configuration changes are all judged once', async () => {
  const device = await service.device()
  const reloads = logged(/configuration reloaded/)
  const taken = await service.metric('davy_readings_total')
  const refused = (await letters()).length
  const goal = reloads() + 3
  let sent = 0
  for (let round = 0; reloads() < goal; round++) {
    if (round % 10 === 0)
      rented.write('rules/extra.yaml', {
        regulation: { id: 'extra' },
        rules: [{ id: `x${round}`, rule: 'silent', match: { id: 'a' } }],
      })
    const batch = Array.from({ length: 50 }, (_, i) => ({ ts: now(), value: i / 100, ref: `s-${round}-${i}` }))
    await Promise.all(batch.map((reading) => publish(device, 'davy/v1/mine/b', reading)))
    sent += batch.length
  }
  await expect.poll(() => service.metric('davy_readings_total'), PATIENCE).toBe(taken + sent)
  expect((await letters()).length).toBe(refused)
})

test('after a restart alarms, counts, duplicates and stream numbers go on, and who was away misses nothing', async () => {
  const device = await service.device()
  for (const card of ['x', 'y'])
    await publish(device, 'davy/v1/mine/r/1', { ts: now(), value: { card }, ref: `card-${card}` })
  await expect.poll(() => causes('face'), PATIENCE).toEqual(['raised'])
  await service.post('/api/v1/alarms/mine/crew/face/ack')
  await expect.poll(() => causes('face'), PATIENCE).toEqual(['raised', 'acked'])
  await publish(device, 'davy/v1/mine/b', { ts: now(), value: 0.5, ref: 'before-restart' })
  const last = stream.last()
  const known = stream.told().map(({ id }) => id)
  stream.close()
  // Told while nobody listens.
  await publish(device, 'davy/v1/mine/b', { ts: now(), value: 3 })
  await expect.poll(async () => (await service.get<Json>('/api/v1/alarms/mine/ch4/b:cut')).status, PATIENCE).toBe(200)
  expect(await service.stop('SIGTERM')).toBe(0)

  service = await start(rented)
  stream = await service.stream(last)
  await expect.poll(() => causes('b:cut'), PATIENCE).toEqual(['raised'])
  await send('c', 2)
  await expect.poll(() => causes('c:cut'), PATIENCE).toEqual(['raised'])
  const numbers = stream.events.filter(({ event }) => event === 'transition').map(({ id }) => id)
  expect(numbers).toEqual(numbers.map((_, i) => last + 1 + i))
  expect(stream.told().filter(({ id }) => known.includes(id))).toEqual([])

  const standing = await service.get<{ items: Json[] }>('/api/v1/alarms?state=acked')
  expect(standing.body.items.map(({ alarm }) => alarm)).toContain('mine/crew/face')
  const { body } = await service.get<{ areas: Json[] }>('/api/v1/sites/mine')
  expect(body.areas.find(({ id }) => id === 'face')).toMatchObject({ count: 2 })
  const again = await send('b', 0.5, { ref: 'before-restart' })
  expect(again.body).toEqual({ accepted: 0, duplicates: 1 })

  const whole = await service.stream(0)
  await expect.poll(() => whole.told().length, PATIENCE).toBeGreaterThanOrEqual(known.length + 2)
  expect(
    whole
      .told()
      .map(({ id }) => id)
      .slice(0, known.length),
  ).toEqual(known)
})

test('a condition that waits goes on waiting over a crash: its delay runs from when it began', async () => {
  await send('d', 0)
  await expect.poll(() => stream.told().findLast(({ key }) => key === 'd:cut')?.cause, PATIENCE).toBe('cleared')
  const ts = now()
  await service.post('/api/v1/sites/mine/readings', [{ point: 'd', ts, value: 2 }])
  const last = stream.last()
  await service.stop('SIGKILL')
  service = await start(rented)
  stream = await service.stream(last)
  await expect.poll(() => causes('d:cut'), PATIENCE).toEqual(['raised'])
  const [raised] = stream.told().filter(({ key }) => key === 'd:cut')
  expect(Date.parse(raised!.since!)).toBe(Date.parse(ts))
  expect(Date.parse(raised!.at)).toBe(Date.parse(ts) + 3000)
})

test('what is retained on MQTT is there again after a restart', async () => {
  const found = new Set<string>()
  const device = await service.device()
  device.on('message', (topic, _, { retain }) => retain && found.add(topic))
  await device.subscribeAsync('davy/v1/mine/alarms/#', { qos: 1 })
  await expect
    .poll(() => [...found].sort(), PATIENCE)
    .toEqual(expect.arrayContaining(['davy/v1/mine/alarms/limit/b:cut', 'davy/v1/mine/alarms/over-crew/face']))
})

test('a second start on the same data folder is refused in words', async () => {
  const { code, err, out } = await davy([
    'start',
    '--config',
    rented.config,
    '--data',
    rented.data,
    '--port',
    '0',
    '--mqtt-port',
    '0',
    '--json',
  ])
  expect(code).not.toBe(0)
  expect(out).toBe('')
  expect(err).toContain(rented.data)
  expect(err, 'a stack is no message').not.toMatch(/^\s+at /m)
  expect((await fetch(`${service.api}/readyz`)).status).toBe(200)
})

test('the journal replays to what was told live', async () => {
  const whole = await service.stream(0)
  await expect.poll(() => whole.events.some(({ event }) => event === 'counts'), PATIENCE).toBe(true)
  const live = whole.told().filter(({ instance }) => instance === 'ch4')
  await service.stop('SIGTERM')
  const { code, out, err } = await davy(['replay', '--config', rented.config, '--data', rented.data])
  expect(code, err).toBe(0)
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(told.filter(({ instance }) => instance === 'ch4')).toEqual(live)
})
