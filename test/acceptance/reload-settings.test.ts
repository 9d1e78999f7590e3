/** davy.yaml changes under a running service: channels and routes, ways up, exports, users and sources, each by itself. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startModbusServer } from '../../simulators/servers/modbus.ts'
import { type Receiver, receiver } from '../receivers.ts'
import { type House, house, type Json, publish, type Running, start } from './house-rig.ts'

const PATIENCE = { timeout: 25_000, interval: 25 }
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const SITES = {
  'sites/mine.yaml': {
    site: 'mine',
    kind: 'coal-mine',
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: ['a', 'b', 'c'].map((id) => ({ id, kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 100] })),
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [{ id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1.5, severity: 'critical' }] }],
  },
}

let peer: Receiver
let above: House
let bureau: Running
let rented: House
let service: Running
let settings: Json
/** Changes a part of davy.yaml, and waits until it was read. */
async function change(part: Json, expected = /configuration (reloaded|not reloaded)/): Promise<string> {
  const before = service.log.length
  settings = { ...settings, ...part }
  rented.write('davy.yaml', settings)
  const line = () => service.log.slice(before).find((text) => expected.test(text))
  await expect.poll(line, PATIENCE).toBeDefined()
  return line()!
}
const folder = (name: string) => join(rented.dir, name)
const hook = (name: string, path: string) => ({ name, adapter: 'webhook', url: `${peer.url}/${path}` })
const way = (more: object = {}) => [{ name: 'bureau', from: 'start', mqtt: { url: bureau.mqtt, ...more } }]
const USERS = ['one', 'two'].map((user) => ({ user, password: `secret-of-${user}`, site: 'mine' }))

beforeAll(async () => {
  peer = await receiver()
  above = house(SITES)
  bureau = await start(above)
  rented = house(SITES)
  for (const name of ['out-1', 'out-2']) mkdirSync(folder(name))
  settings = {
    mqtt: { users: USERS },
    forward: way(),
    notify: { group: '1ms', channels: [hook('first', 'first')] },
    exports: [{ folder: folder('out-1'), site: 'mine', mine: '410000000001' }],
  }
  rented.write('davy.yaml', settings)
  service = await start(rented)
})
afterAll(async () => {
  await service?.stop()
  await bureau?.stop()
  await peer?.close()
  rented?.remove()
  above?.remove()
})

const told = (path: string) =>
  peer.got.filter((each) => each.path === `/${path}`).map(({ body }) => (JSON.parse(body) as { type: string }).type)
const raise = (point: string) => service.post('/api/v1/sites/mine/readings', [{ point, ts: Date.now(), value: 2 }])
const clear = (point: string) => service.post('/api/v1/sites/mine/readings', [{ point, ts: Date.now(), value: 0 }])

test('a channel that is added is told from then on, one that changed begins anew, one that is gone is told no more', async () => {
  await raise('a')
  await expect.poll(() => told('first').length, PATIENCE).toBe(1)
  const both = { group: '1ms', channels: [hook('first', 'first'), hook('second', 'second')] }
  expect(await change({ notify: both })).toMatch(/channel second begun/)
  await clear('a')
  await expect.poll(() => [told('first').length, told('second').length], PATIENCE).toEqual([2, 1])

  const moved = { group: '1ms', channels: [hook('first', 'first'), hook('second', 'third')] }
  expect(await change({ notify: moved })).toMatch(/channel second begun anew/)
  await raise('b')
  await expect.poll(() => [told('first').length, told('third').length], PATIENCE).toEqual([3, 1])

  const one = { group: '1ms', channels: [hook('first', 'first')], routes: [{ match: { site: 'mine' }, to: ['first'] }] }
  expect(await change({ notify: one })).toMatch(/channel second ended/)
  await clear('b')
  await expect.poll(() => told('first').length, PATIENCE).toBe(4)
  expect([told('second').length, told('third').length]).toEqual([1, 1])
  const { body } = await service.get<{ channels: Json[] }>('/api/v1/channels')
  expect(body.channels.map(({ name }) => name)).toEqual(['first'])
})

test('a way up that changed goes on where the old one was, one that is gone keeps its place', async () => {
  const taken = () => bureau.metric('davy_readings_total')
  const here = () => service.metric('davy_readings_total')
  await expect.poll(async () => (await taken()) - (await here()), PATIENCE).toBe(0)
  expect(await change({ forward: way({ clientId: 'another' }) })).toMatch(/way up bureau begun anew/)
  await raise('c')
  await expect.poll(async () => (await taken()) - (await here()), PATIENCE).toBe(0)
  expect(await change({ forward: [] })).toMatch(/way up bureau ended/)
  await clear('c')
  expect((await service.get<{ forwards: Json[] }>('/api/v1/forwards')).body.forwards).toEqual([])
  await change({ forward: way() })
  await expect.poll(async () => (await taken()) - (await here()), PATIENCE).toBe(0)
  expect(await bureau.metric('davy_duplicates_total')).toBe(0)
})

test('a user that changed has to come again, another stays; sources beside them are not touched', async () => {
  const plc = await startModbusServer({ units: [{ unit: 1 }] })
  const point = { point: 'b', table: 'holding', address: 0, type: 'u16' }
  const source = { adapter: 'modbus', name: 'plc', host: '127.0.0.1', port: plc.port, site: 'mine' }
  expect(await change({ sources: [{ ...source, slaves: [{ unit: 1, points: [point] }] }] })).toMatch(/source plc begun/)
  const [one, two] = await Promise.all(USERS.map(({ user, password }) => service.device({ username: user, password })))
  const closed: string[] = []
  one!.on('close', () => closed.push('one'))
  two!.on('close', () => closed.push('two'))
  await change({ mqtt: { users: [USERS[0], { ...USERS[1], password: 'changed-secret' }] } }, /users and certificates/)
  await expect.poll(() => closed, PATIENCE).toEqual(['two'])
  await publish(one!, 'davy/v1/mine/a', { value: 0.5 })
  await expect(
    connectAsync(service.mqtt, { username: 'two', password: 'secret-of-two', reconnectPeriod: 0 }),
  ).rejects.toThrow(/not authorized/i)
  await service.device({ username: 'two', password: 'changed-secret' })
  expect(plc.connections).toBe(1)
  await change({ sources: [] }, /source plc ended/)
  await expect.poll(() => plc.connections, PATIENCE).toBe(0)
  expect(closed).toEqual(['two'])
  await plc.stop()
})

test('an export goes to its new folder', async () => {
  await expect.poll(() => readdirSync(folder('out-1')).length, PATIENCE).toBeGreaterThan(0)
  expect(readdirSync(folder('out-2'))).toEqual([])
  await change({ exports: [{ folder: folder('out-2'), site: 'mine', mine: '410000000001' }] })
  await expect.poll(() => readdirSync(folder('out-2')).length, PATIENCE).toBeGreaterThan(0)
})

test('a source whose password is not there is named, goes on as it was, and is changed once the file is there', async () => {
  const passwordFile = folder('password')
  const bus = { adapter: 'mqtt-client', name: 'bus', url: bureau.mqtt, clientId: 'mine' }
  await change({ sources: [bus] }, /source bus begun/)
  const state = async () => {
    const { body } = await service.get<{ sources: Json[] }>('/api/v1/sources')
    return body.sources.find(({ name }) => name === 'bus')?.state
  }
  await expect.poll(state, PATIENCE).toBe('up')
  const wrong = await change({ sources: [{ ...bus, username: 'mine', passwordFile }] }, /not reloaded as a whole/)
  expect(wrong).toContain('source bus not changed')
  const { body } = await service.get<Json>('/api/v1/configuration')
  expect(body).toMatchObject({ state: 'refused', refused: { problems: [expect.stringContaining(passwordFile)] } })
  expect(await state()).toBe('up')

  const before = service.log.length
  writeFileSync(passwordFile, 'any\n')
  await expect
    .poll(() => service.log.slice(before).some((line) => /source bus begun anew/.test(line)), PATIENCE)
    .toBe(true)
  expect((await service.get<Json>('/api/v1/configuration')).body.state).toBe('in-force')
})

test('a way up whose certificate is not there yet keeps nobody from starting, is named, and begins once it is', async () => {
  const ca = folder('bureau.pem')
  const late = house({
    ...SITES,
    'davy.yaml': { forward: [{ name: 'bureau', mqtt: { url: 'mqtts://127.0.0.1:1', tls: { ca } } }] },
  })
  const running = await start(late)
  try {
    const { body } = await running.get<Json>('/api/v1/configuration')
    expect(body).toMatchObject({ state: 'refused', refused: { problems: [expect.stringContaining(ca)] } })
    expect((await running.get<{ forwards: Json[] }>('/api/v1/forwards')).body.forwards).toEqual([])
    writeFileSync(ca, 'a certificate\n')
    await expect.poll(() => running.log.some((line) => /way up bureau begun/.test(line)), PATIENCE).toBe(true)
    expect((await running.get<Json>('/api/v1/configuration')).body.state).toBe('in-force')
  } finally {
    await running.stop()
    late.remove()
  }
})

test('what was changed stands in the audit log', async () => {
  const records = readFileSync(join(rented.data, 'audit.jsonl'), 'utf8').trim().split('\n')
  const changed = records.flatMap((line) => {
    const { action, who, detail } = JSON.parse(line) as { action: string; who: string; detail?: { changed?: string[] } }
    return action === 'configuration-reloaded' ? [`${who}: ${detail?.changed?.join(', ')}`] : []
  })
  expect(changed).toContain('system: source plc ended')
  expect(changed.join()).not.toContain('password')
})
