/** Names as the field has them, people who get a name underground, credentials, and starts that cannot be. */

import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, publish, type Running, type Stream, start } from './house-rig.ts'

const PATIENCE = { timeout: 10_000, interval: 20 }
const HEAD = 'person,card,name,role,team,certificate,expires\n'
const site = (more: object = {}) => ({
  site: '宝源',
  name: '宝源煤矿',
  kind: 'coal-mine',
  areas: [
    { id: '井下', kind: 'underground' },
    { id: '101工作面', kind: 'coal-face', in: '井下' },
    { id: '大巷', kind: 'roadway', in: '井下' },
  ],
  points: [
    { id: '101/甲烷-T1', kind: 'gas.ch4', unit: '%', area: '101工作面', range: [0, 10] },
    { id: '读卡器/1', kind: 'card.reader', area: '101工作面' },
    { id: '读卡器/2', kind: 'card.reader', area: '大巷' },
  ],
  people: 'people.csv',
  ...more,
})
const rented = house({
  'davy.yaml': {
    mqtt: {
      users: [
        { user: 'mine', password: 'lamp-room-1', site: '宝源' },
        { user: 'plant', password: 'lamp-room-2', site: 'plant' },
      ],
    },
  },
  'sites/mine.yaml': site(),
  'sites/people.csv': HEAD,
  'sites/plant.yaml': { site: 'plant', points: [{ id: 'p', kind: 'gas.ch4' }] },
  'rules/plan.yaml': {
    regulation: { id: '方案' },
    rules: [
      { id: '瓦斯', rule: 'limit', clause: '六', levels: [{ name: '断电', high: 1.5 }] },
      { id: '超员', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 1, raiseAfter: '0s', clearAfter: '0s' },
    ],
  },
})
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
const of = (key: string) => stream.told().filter((t) => t.key === key)
const login = (username: string, password: string) =>
  service.device({ username, password, clientId: `${username}-${Math.trunc(performance.now() * 1000)}` })

test('Chinese names of sites, areas, points and rules go through every interface', async () => {
  const device = await login('mine', 'lamp-room-1')
  await publish(device, 'davy/v1/宝源/101/甲烷-T1', { ts: now(), value: 1.8 })
  await expect.poll(() => of('101/甲烷-T1:断电').length, PATIENCE).toBe(1)
  const [raised] = of('101/甲烷-T1:断电')
  expect(raised).toMatchObject({ alarm: '宝源/瓦斯/101/甲烷-T1:断电', clause: '方案/六' })
  for (const id of [raised!.alarm, encodeURIComponent(raised!.alarm), encodeURI(raised!.alarm)])
    expect(await service.get(`/api/v1/alarms/${id}`), id).toMatchObject({ status: 200, body: { state: 'unacked' } })
  expect(await service.post(`/api/v1/alarms/${encodeURI(raised!.alarm)}/ack`)).toMatchObject({ status: 200 })
  expect(await service.get(`/api/v1/sites/${encodeURIComponent('宝源')}`)).toMatchObject({ status: 200 })

  const seen: string[] = []
  device.on('message', (topic) => seen.push(topic))
  await device.subscribeAsync('davy/v1/宝源/alarms/#', { qos: 1 })
  await expect.poll(() => seen, PATIENCE).toContain('davy/v1/宝源/alarms/limit/101/甲烷-T1:断电')
  const history = `/api/v1/sites/${encodeURIComponent('宝源')}/points/${encodeURIComponent('101/甲烷-T1')}/history`
  await expect.poll(async () => JSON.stringify((await service.get(history)).body), PATIENCE).toContain('1.8')
})

test('a device publishes only its own site’s topics: what it says of another is refused, counted and never a reading', async () => {
  const foreign = await login('plant', 'lamp-room-2')
  const before = await service.metric('davy_refused_total', { code: 'topic-forbidden' })
  const readings = await service.metric('davy_readings_total')
  foreign.publish('davy/v1/宝源/101/甲烷-T1', JSON.stringify({ ts: now(), value: 0 }), { qos: 1 })
  await expect.poll(() => service.metric('davy_refused_total', { code: 'topic-forbidden' }), PATIENCE).toBe(before + 1)
  expect(await service.metric('davy_readings_total')).toBe(readings)
  expect(of('101/甲烷-T1:断电').at(-1)!.cause).not.toBe('cleared')
})

test('with users configured nobody is let in without a password, or with a wrong one', async () => {
  for (const options of [
    {},
    { username: 'mine' },
    { username: 'mine', password: 'lamp-room-2' },
    { username: 'x', password: 'lamp-room-1' },
  ])
    await expect(
      connectAsync(service.mqtt, { reconnectPeriod: 0, connectTimeout: 5000, ...options }, false),
    ).rejects.toThrow()
})

test('two unknown cards that turn out to be one person’s are one person, and nobody is left behind as a ghost', async () => {
  const device = await login('mine', 'lamp-room-1')
  for (const card of ['k1', 'k2']) await publish(device, 'davy/v1/宝源/读卡器/1', { ts: now(), value: { card } })
  await expect.poll(() => of('101工作面').at(-1), PATIENCE).toMatchObject({ cause: 'raised', value: 2 })
  rented.write('sites/people.csv', `${HEAD}p-1,k1,张三,采煤工,一队,,\np-1,k2,张三,采煤工,一队,,\n`)
  await expect.poll(() => service.log.filter((line) => /configuration reloaded/.test(line)).length, PATIENCE).toBe(1)
  const count = async () => {
    const { body } = await service.get<{ areas: Json[] }>(`/api/v1/sites/${encodeURIComponent('宝源')}`)
    return body.areas.find(({ id }) => id === '101工作面')!.count
  }
  await publish(device, 'davy/v1/宝源/读卡器/1', { ts: now(), value: { card: 'k1' } })
  await expect.poll(count, PATIENCE).toBe(1)
  await expect.poll(() => of('101工作面').at(-1)!.cause, PATIENCE).toBe('cleared')
  await publish(device, 'davy/v1/宝源/读卡器/2', { ts: now(), value: { card: 'k2' } })
  await expect.poll(count, PATIENCE).toBe(0)
})

test('a port in use is said in words, at once', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  for (const flags of [
    ['--port', String(port), '--mqtt-port', '0'],
    ['--port', '0', '--mqtt-port', String(port)],
  ]) {
    const data = join(rented.dir, `data-${flags[0]}-${flags[1]}`)
    const { code, err } = await davy(['start', '--config', rented.config, '--data', data, ...flags])
    expect(code, err).toBe(1)
    expect(err).toMatch(new RegExp(`${port}`))
    expect(err, 'a stack is no message').not.toMatch(/^\s+at /m)
  }
  taken.close()
})

test('a data folder that is a file is said in words', async () => {
  const file = join(rented.dir, 'file')
  writeFileSync(file, '')
  const { code, err } = await davy([
    'start',
    '--config',
    rented.config,
    '--data',
    file,
    '--port',
    '0',
    '--mqtt-port',
    '0',
  ])
  expect(code, err).toBe(1)
  expect(err).toContain(file)
  expect(err, 'a stack is no message').not.toMatch(/^\s+at /m)
})

test('a journal that is no journal is said in words, and is left as it was', async () => {
  const data = join(rented.dir, 'odd')
  mkdirSync(data)
  writeFileSync(join(data, 'journal.db'), 'not a database, but somebody’s notes\n'.repeat(200))
  const { code, err } = await davy([
    'start',
    '--config',
    rented.config,
    '--data',
    data,
    '--port',
    '0',
    '--mqtt-port',
    '0',
  ])
  expect(code, err).toBe(1)
  expect(err).toContain('journal.db')
  expect(err, 'a stack is no message').not.toMatch(/^\s+at /m)
})
