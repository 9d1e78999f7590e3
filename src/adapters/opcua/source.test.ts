import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import {
  type OpcuaServer,
  type OpcuaServerOptions,
  type SimulatedItem,
  startOpcuaServer,
} from '../../../simulators/servers/opcua.ts'
import { startFaultProxy } from '../../../test/conformance/fault-proxy.ts'
import { describeSource } from '../../../test/conformance/source.ts'
import { type Tap, tapSource } from '../../../test/conformance/tap.ts'
import { long } from '../../../test/long-only.ts'
import type { WireReading } from '../outgoing.ts'
import { opcua } from './index.ts'
import { MOST_HELD } from './protocol.ts'
import type { OpcuaSettings } from './settings.ts'

const within = { timeout: 20_000, interval: 10 }
const quick = { publishing: '50ms', staleAfter: '2s', restate: '300ms' }
const logged: string[] = []
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  logged.length = 0
})

function sourceOf(
  { name = 'scada', ...settings }: { readonly name?: string; readonly [setting: string]: unknown },
  heard: (point: string) => number | undefined = () => undefined,
) {
  return opcua.create({ site: 'plant', ...quick, ...settings } as unknown as OpcuaSettings, {
    name,
    now: Date.now,
    heard: (_site, point) => heard(point),
    log: (_level, message) => logged.push(message),
  })
}

function watch(server: OpcuaServer, points: readonly object[], settings: Readonly<Record<string, unknown>> = {}) {
  const items = points.map((item) => ({ sampling: '20ms', ...item }))
  // As the service knows it from its journal.
  let told: Tap | undefined
  const heard = (point: string) =>
    (told ? readingsOf(told, point) : []).reduce<number | undefined>(
      (newest, { ts, quality }) => (quality === 'bad' ? newest : Math.max(ts!, newest ?? ts!)),
      undefined,
    )
  const source = sourceOf({ endpoint: server.endpoint, items, ...settings }, heard)
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  told = tap
  stops.push(() => tap.stop())
  return { source, tap }
}

async function serve(
  items: readonly SimulatedItem[],
  port = 0,
  users?: OpcuaServerOptions['users'],
): Promise<OpcuaServer> {
  const server = await startOpcuaServer({ port, items, ...(users && { users }) })
  stops.push(() => server.stop())
  return server
}

/** The settings of user davy. A subscription is handed to the same user only; servers do not hand it to an anonymous one on an open channel. */
async function login() {
  const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-test-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, 'lamp')
  return { user: 'davy', passwordFile }
}

function readingsOf(tap: Tap, point?: string): WireReading[] {
  return tap.frames
    .flatMap(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as WireReading[])
    .filter((reading) => point === undefined || reading.point === point)
}
const last = (tap: Tap, point: string) => readingsOf(tap, point).at(-1)

/** Every thread started by this file's tests, as Node announces them. */
const workers: Worker[] = []
process.on('worker', (worker) => workers.push(worker))

/** One server for the tests that leave it standing. */
let shared: OpcuaServer
beforeAll(async () => {
  shared = await startOpcuaServer({
    items: [
      { node: 'ns=1;s=ch4', type: 'Float', initial: 0.7, unit: '%' },
      { node: 'ns=1;s=fan', type: 'Boolean', initial: true },
      { node: 'ns=1;s=energy', type: 'Int64', initial: -5n },
      { node: 'ns=1;s=pulses', type: 'UInt64', initial: 2n ** 60n },
      { node: 'ns=1;s=levels', type: 'Double', initial: [1.5, 2.5] },
      { node: 'ns=1;s=camera', type: 'String', initial: 'online' },
      { node: 'ns=1;s=probe', type: 'Double', initial: 1 },
      { node: 'ns=1;s=still', type: 'Double', initial: 42 },
      { node: 'ns=1;s=flood', type: 'Double', initial: 0 },
      { node: 'ns=1;s=drift', type: 'Double', initial: 10 },
    ],
  })
})
afterAll(async () => {
  await shared.stop()
  await peer?.stop()
  for (const worker of workers) await worker.terminate()
})

test('values of every type, with a wrong node among them', async () => {
  const { source, tap } = watch(shared, [
    { node: 'ns=1;s=ch4', point: 'ch4' },
    { node: 'ns=1;s=fan', point: 'fan' },
    { node: 'ns=1;s=energy', point: 'energy' },
    { node: 'ns=1;s=pulses', point: 'pulses' },
    { node: 'ns=1;s=levels', point: 'level', element: 1 },
    { node: 'ns=1;s=camera', point: 'camera' },
    { node: 'ns=1;s=nowhere', point: 'nowhere' },
    { node: 'no node id', point: 'nonsense' },
    { node: 'nsu=urn:nobody;s=x', point: 'stranger' },
    { node: 'nsu=http://opcfoundation.org/UA/;i=2256', point: 'status' },
  ])
  const points = ['ch4', 'fan', 'energy', 'pulses', 'level', 'camera', 'nowhere', 'nonsense', 'stranger', 'status']
  await vi.waitFor(() => {
    for (const point of points) expect(last(tap, point), point).toBeDefined()
  }, within)
  expect(last(tap, 'ch4')).toMatchObject({ value: 0.7, quality: 'good' })
  expect(last(tap, 'fan')).toMatchObject({ value: true, quality: 'good' })
  expect(last(tap, 'energy')).toMatchObject({ value: -5, quality: 'good' })
  expect(last(tap, 'pulses')).toMatchObject({ value: 2 ** 60, quality: 'uncertain', status: 'precision-lost' })
  expect(last(tap, 'level')).toMatchObject({ value: 2.5, quality: 'good' })
  expect(last(tap, 'camera')).toMatchObject({ value: 'online', quality: 'good' })
  expect(last(tap, 'nowhere')).toMatchObject({ value: null, quality: 'bad', status: 'bad-node-id-unknown' })
  expect(last(tap, 'stranger')).toMatchObject({ value: null, quality: 'bad', status: 'bad-node-id-unknown' })
  expect(last(tap, 'nonsense')).toMatchObject({ value: null, quality: 'bad', status: 'bad-node-id-invalid' })
  // A structure is found, and is no value a point can have.
  expect(last(tap, 'status')).toMatchObject({ value: null, quality: 'bad', status: 'unsupported-type' })
  expect(logged.filter((line) => line.includes('nowhere'))).toHaveLength(1)
  expect(source.link()).toMatchObject({ state: 'up', peer: shared.endpoint })
  expect(tap.frames.every(({ topic }) => topic === 'davy/v1/plant')).toBe(true)
})

test('source times and status codes reach the reading', async () => {
  const { tap } = watch(shared, [{ node: 'ns=1;s=probe', point: 'probe' }])
  await vi.waitFor(() => expect(last(tap, 'probe')?.value).toBe(1), within)
  const at = new Date(Date.now() + 1_500)
  await shared.set('ns=1;s=probe', 2, { sourceTimestamp: at })
  await vi.waitFor(
    () => expect(last(tap, 'probe')).toEqual({ point: 'probe', ts: at.getTime(), value: 2, quality: 'good' }),
    within,
  )
  await shared.set('ns=1;s=probe', 3, { status: 'UncertainSensorNotAccurate' })
  await vi.waitFor(() => {
    expect(last(tap, 'probe')).toMatchObject({
      value: 3,
      quality: 'uncertain',
      status: 'uncertain-sensor-not-accurate',
    })
  }, within)
  await shared.set('ns=1;s=probe', 4, { status: 'BadSensorFailure' })
  await vi.waitFor(() => {
    expect(last(tap, 'probe')).toMatchObject({ value: null, quality: 'bad', status: 'bad-sensor-failure' })
  }, within)
  expect(readingsOf(tap, 'probe').map(({ value }) => value)).not.toContain(4)
})

test('an unchanged value is said again while the server lives, and always later', async () => {
  const { tap } = watch(shared, [{ node: 'ns=1;s=still', point: 'still' }])
  await vi.waitFor(() => expect(readingsOf(tap, 'still').length).toBeGreaterThan(4), within)
  const readings = readingsOf(tap, 'still')
  expect(readings.every(({ value, quality }) => value === 42 && quality === 'good')).toBe(true)
  const times = readings.map(({ ts }) => ts!)
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
  // After the first two, each at least `restate` less a sampling (50 ms as the server revises it) after the one before.
  for (let i = 3; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(250)
})

test('changes within the deadband are not reported', async () => {
  const { tap } = watch(shared, [{ node: 'ns=1;s=drift', point: 'drift', deadband: 1 }])
  await vi.waitFor(() => expect(last(tap, 'drift')?.value).toBe(10), within)
  await shared.set('ns=1;s=drift', 10.5)
  // Sampled at least once before the next value comes.
  const { length } = readingsOf(tap, 'drift')
  await vi.waitFor(() => expect(readingsOf(tap, 'drift').length).toBeGreaterThan(length), within)
  await shared.set('ns=1;s=drift', 12)
  await vi.waitFor(() => expect(last(tap, 'drift')?.value).toBe(12), within)
  expect(readingsOf(tap, 'drift').map(({ value }) => value)).not.toContain(10.5)
})

long('a deadband in percent of the range the server tells; where it tells none, the item says so', async () => {
  const server = await serve([
    { node: 'ns=1;s=ranged', type: 'Double', initial: 10, unit: '%' },
    { node: 'ns=1;s=plain', type: 'Double', initial: 10 },
  ])
  // The simulator's range is ±10⁹: one in it is 5·10⁻⁸ percent.
  const deadband = '0.00000005%'
  const { tap } = watch(server, [
    { node: 'ns=1;s=ranged', point: 'ranged', deadband },
    { node: 'ns=1;s=plain', point: 'plain', deadband },
  ])
  await vi.waitFor(() => expect(last(tap, 'ranged')?.value).toBe(10), within)
  await vi.waitFor(() => expect(last(tap, 'plain')).toMatchObject({ value: null, quality: 'bad' }), within)
  expect(last(tap, 'plain')?.status).toMatch(/deadband|filter/)
  await server.set('ns=1;s=ranged', 10.5)
  const { length } = readingsOf(tap, 'ranged')
  await vi.waitFor(() => expect(readingsOf(tap, 'ranged').length).toBeGreaterThan(length), within)
  await server.set('ns=1;s=ranged', 12)
  await vi.waitFor(() => expect(last(tap, 'ranged')?.value).toBe(12), within)
  expect(readingsOf(tap, 'ranged').map(({ value }) => value)).not.toContain(10.5)
})

test('a cut connection: the server’s subscription is taken over, with what it queued meanwhile, each value once', async () => {
  const steady: SimulatedItem[] = [
    { node: 'ns=1;s=a', type: 'Double', initial: 1 },
    { node: 'ns=1;s=steady', type: 'Double', initial: 7 },
  ]
  const server = await serve(steady, 0, [{ user: 'davy', password: 'lamp' }])
  const user = await login()
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`
  const items = [
    { node: 'ns=1;s=a', point: 'a' },
    { node: 'ns=1;s=steady', point: 'steady' },
  ]
  const { source, tap } = watch(server, items, {
    ...user,
    endpoint,
    restate: '1h',
    publishing: '100ms',
    staleAfter: '5s',
  })
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  proxy.refuse()
  proxy.cut()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
  expect(last(tap, 'steady')).toMatchObject({ value: null, status: 'link-down' })
  // As slowly as the server samples: another client has seen each before the next.
  const other = watch(server, items.slice(0, 1), { ...user, name: 'other' })
  const values = [2, 3, 4, 5, 6, 7, 8]
  for (const value of values) {
    await server.set('ns=1;s=a', value)
    await vi.waitFor(() => expect(last(other.tap, 'a')?.value).toBe(value), within)
  }
  proxy.refuse(false)
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(8), within)
  await vi.waitFor(() => expect(last(tap, 'steady')).toMatchObject({ value: 7, quality: 'good' }), within)
  const between = values.filter((value) => value < 8 && readingsOf(tap, 'a').some((reading) => reading.value === value))
  expect(between.length, 'a new subscription would begin with 8').toBeGreaterThan(2)
  const said = readingsOf(tap, 'a').map(({ ts, value }) => `${ts} ${value}`)
  expect(new Set(said).size).toBe(said.length)
  expect(source.link().state).toBe('up')
})

test('what a lost link left at the server is not taken for that of other items, under which it comes back', async () => {
  const server = await serve(
    ['a', 'b', 'c'].map((name, i): SimulatedItem => ({ node: `ns=1;s=${name}`, type: 'Double', initial: i + 1 })),
    0,
    [{ user: 'davy', password: 'lamp' }],
  )
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`
  const settings = { ...(await login()), endpoint }
  const before = sourceOf({ ...settings, items: [{ node: 'ns=1;s=a', point: 'a' }] })
  const lost = (async () => {
    // Its configuration is changed before anybody opens it again.
    for await (const _ of before.open(new AbortController().signal)) if (before.link().state === 'up') proxy.cut()
  })()
  await expect(lost).rejects.toThrow('OPC UA server')
  const { tap } = watch(
    server,
    ['b', 'c'].map((name) => ({ node: `ns=1;s=${name}`, point: name })),
    settings,
  )
  await vi.waitFor(() => {
    expect(last(tap, 'b')).toMatchObject({ value: 2, quality: 'good' })
    expect(last(tap, 'c')).toMatchObject({ value: 3, quality: 'good' })
  }, within)
  expect(readingsOf(tap, 'a')).toEqual([])
})

test('of what changes while nobody asks, the server keeps as many values as the queue of the item has', async () => {
  const names = ['short', 'long']
  const server = await serve(
    names.map((name): SimulatedItem => ({ node: `ns=1;s=${name}`, type: 'Double', initial: 0 })),
    0,
    [{ user: 'davy', password: 'lamp' }],
  )
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const user = await login()
  const items = names.map((name) => ({ node: `ns=1;s=${name}`, point: name, queue: name === 'short' ? 2 : 30 }))
  const { tap } = watch(server, items, {
    ...user,
    endpoint: `opc.tcp://127.0.0.1:${proxy.port}`,
    restate: '1h',
    history: 'never',
    staleAfter: '5s',
  })
  const seen = (name: string) => readingsOf(tap, name).filter(({ value }) => Number(value) > 0)
  await vi.waitFor(() => {
    for (const name of names) expect(last(tap, name)?.value).toBe(0)
  }, within)
  proxy.refuse()
  proxy.cut()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
  const other = watch(server, items, { ...user, name: 'other' })
  for (let value = 1; value <= 14; value++) {
    for (const name of names) await server.set(`ns=1;s=${name}`, value)
    await vi.waitFor(() => {
      for (const name of names) expect(last(other.tap, name)?.value).toBe(value)
    }, within)
  }
  proxy.refuse(false)
  await vi.waitFor(() => {
    for (const name of names) expect(last(tap, name)?.value).toBe(14)
  }, within)
  // Two publish requests were waiting at the server when the line was cut: it answered them with a queue each.
  expect(seen('short').length).toBeLessThanOrEqual(6)
  expect(seen('long').length).toBeGreaterThan(6)
})

long('where the subscription is not handed over, the server’s history fills the gap, in its own times', async () => {
  const server = await serve([
    { node: 'ns=1;s=a', type: 'Double', initial: 1, history: true },
    { node: 'ns=1;s=b', type: 'Double', initial: 7 },
  ])
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const items = [
    { node: 'ns=1;s=a', point: 'a' },
    { node: 'ns=1;s=b', point: 'b' },
  ]
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`
  const { tap } = watch(server, items, {
    endpoint,
    restate: '1h',
    history: '1h',
    publishing: '100ms',
    staleAfter: '5s',
  })
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  proxy.refuse()
  proxy.cut()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
  const begun = Date.now()
  const changes = [2, 3, 4, 5, 6].map((value, i) => ({ value, at: begun + i }))
  for (const { value, at } of changes) await server.set('ns=1;s=a', value, { sourceTimestamp: new Date(at) })
  proxy.refuse(false)
  await vi.waitFor(() => expect(last(tap, 'b')).toMatchObject({ value: 7, quality: 'good' }), within)
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(6), within)
  const told = readingsOf(tap, 'a')
  for (const { value, at } of changes) expect(told).toContainEqual({ point: 'a', ts: at, value, quality: 'good' })
  expect(logged).toContainEqual(
    expect.stringMatching(/values read from the server's history of the last \d+ s; none, or not all, of b/),
  )
})

test('a killed server makes its items bad once, and is found again when it is back', async () => {
  const items: SimulatedItem[] = [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }]
  const server = await serve(items)
  const { source, tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }])
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  await server.kill()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(2), within)
  expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status: 'link-down' })
  expect(readingsOf(tap, 'a').filter(({ quality }) => quality === 'bad')).toHaveLength(1)
  expect(source.link().state).not.toBe('up')
  const again = await serve(items, server.port)
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
  await again.set('ns=1;s=a', 2)
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 2, quality: 'good' }), within)
  const said = readingsOf(tap, 'a').map(({ ts, value }) => `${ts} ${value}`)
  expect(new Set(said).size).toBe(said.length)
})

long('a server that comes back without a node: its last value is not said to hold', async () => {
  const both: SimulatedItem[] = ['a', 'b'].map((name) => ({ node: `ns=1;s=${name}`, type: 'Double', initial: 1 }))
  const server = await serve(both)
  const points = [
    { node: 'ns=1;s=a', point: 'a' },
    { node: 'ns=1;s=b', point: 'b' },
  ]
  const { tap } = watch(server, points)
  await vi.waitFor(() => expect(last(tap, 'b')?.value).toBe(1), within)
  await server.kill()
  await vi.waitFor(() => expect(last(tap, 'b')).toMatchObject({ status: 'link-down' }), within)
  const before = readingsOf(tap, 'a').length
  await serve(both.slice(0, 1), server.port)
  // Said again twice, `b` would have been as well.
  await vi.waitFor(() => expect(readingsOf(tap, 'a').length).toBeGreaterThan(before + 3), within)
  expect(last(tap, 'b')).toMatchObject({ value: null, quality: 'bad', status: 'bad-node-id-unknown' })
})

long('many values of many nodes are read from the history page by page; of a node never heard, none', async () => {
  const nodes = Array.from({ length: 4 }, (_, i) => `ns=1;s=h${i}`)
  const server = await serve(nodes.map((node) => ({ node, type: 'Double', initial: -1, history: true })))
  const begun = Date.now()
  const count = 1_050
  for (let value = 0; value < count; value++) {
    const sourceTimestamp = new Date(begun + value)
    await Promise.all(nodes.map((node) => server.set(node, value, { sourceTimestamp })))
  }
  const items = nodes.map((node, i) => ({ node, point: `h${i}` }))
  const source = sourceOf({ endpoint: server.endpoint, items }, (point) => (point === 'h0' ? undefined : begun))
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  stops.push(() => tap.stop())
  await vi.waitFor(() => expect(logged.some((line) => line.includes('values read'))).toBe(true), within)
  const told = new Set(readingsOf(tap, 'h3').map(({ value }) => value))
  expect(Array.from({ length: count }, (_, value) => value).filter((value) => !told.has(value))).toEqual([])
  await vi.waitFor(() => expect(last(tap, 'h0')?.value).toBe(count - 1), within)
  expect(readingsOf(tap, 'h0').every(({ value }) => value === count - 1)).toBe(true)
})

long('a frozen server is stale, its items bad once, and it is found again when it thaws', async () => {
  const server = await serve([{ node: 'ns=1;s=a', type: 'Double', initial: 1 }])
  const { source, tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }], { staleAfter: '500ms', restate: '100ms' })
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  server.freeze()
  await vi.waitFor(
    () => expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status: 'link-stale' }),
    within,
  )
  await vi.waitFor(() => expect(tap.lost).toHaveLength(1), within)
  expect(tap.lost[0]!.message).toMatch(/neither data nor keep-alive/)
  expect(source.link().state).not.toBe('up')
  server.thaw()
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
  expect(readingsOf(tap, 'a').filter(({ quality }) => quality === 'bad')).toHaveLength(1)
})

long('the thread dying under a source is a lost link, and the source starts another', async () => {
  const { tap } = watch(shared, [{ node: 'ns=1;s=ch4', point: 'ch4' }])
  await vi.waitFor(() => expect(last(tap, 'ch4')?.value).toBe(0.7), within)
  await workers.at(-1)!.terminate()
  await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/thread ended/), within)
  await vi.waitFor(() => expect(last(tap, 'ch4')).toMatchObject({ value: 0.7, quality: 'good' }), within)
  expect(readingsOf(tap, 'ch4').filter(({ status }) => status === 'link-down')).toHaveLength(1)
})

long('while nobody pulls, the server is asked for no more than a few frames', async () => {
  const source = sourceOf({
    endpoint: shared.endpoint,
    items: [{ node: 'ns=1;s=flood', point: 'flood', sampling: '20ms' }],
  })
  const abort = new AbortController()
  const frames = source.open(abort.signal)[Symbol.asyncIterator]()
  await frames.next()
  const cycles = 40
  for (let value = 1, end = Date.now() + cycles * 50; Date.now() < end; value++) await shared.set('ns=1;s=flood', value)
  await shared.set('ns=1;s=flood', -1)
  const { value: held } = await frames.next()
  expect(held!.length).toBeGreaterThan(MOST_HELD / 2)
  expect(held!.length).toBeLessThan(cycles / 2)
  let seen = ''
  while (!seen.includes('"value":-1')) {
    const { value: batch } = await frames.next()
    for (const { payload } of batch ?? []) seen += new TextDecoder().decode(payload)
  }
  abort.abort()
  expect(await frames.next()).toMatchObject({ done: true })
})

test('log in by name over an encrypted connection, once the server is trusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-test-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const server = await startOpcuaServer({
    items: [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }],
    users: [{ user: 'davy', password: 'lamp' }],
  })
  stops.push(() => server.stop())
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, 'wrong\n')
  const certificates = join(folder, 'pki')
  const { tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }], {
    security: 'Basic256Sha256',
    user: 'davy',
    passwordFile,
    certificates,
  })
  await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/trusted\/certs/), within)
  const rejected = join(certificates, 'rejected')
  const trusted = join(certificates, 'trusted/certs')
  for (const file of await readdir(rejected)) await rename(join(rejected, file), join(trusted, file))
  await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/BadUserAccessDenied|BadIdentityToken/), within)
  await writeFile(passwordFile, 'lamp\n')
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
})

long(
  'a server that does not trust us: our own certificate is named, and once it is trusted there the link is up',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-test-'))
    stops.push(() => rm(folder, { recursive: true, force: true }))
    const server = await startOpcuaServer({
      items: [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }],
      certificates: join(folder, 'theirs'),
      refuseStrangers: true,
    })
    stops.push(() => server.stop())
    const certificates = join(folder, 'ours')
    const { tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }], { security: 'Basic256Sha256', certificates })
    const move = async (pki: string) => {
      for (const file of await readdir(join(pki, 'rejected')))
        await rename(join(pki, 'rejected', file), join(pki, 'trusted/certs', file))
    }
    await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/move it to .*ours\/trusted\/certs/), within)
    await move(certificates)
    await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/have its administrator trust .*ours\/own/), within)
    await move(join(folder, 'theirs/server'))
    await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
  },
)

test('settings that contradict each other are refused by name', () => {
  const items = [{ node: 'ns=1;s=a', point: 'a' }]
  const endpoint = 'opc.tcp://127.0.0.1:1'
  expect(() => sourceOf({ endpoint, items, security: 'Basic256Sha256' })).toThrow(/needs a folder for certificates/)
  expect(() => sourceOf({ endpoint, items, passwordFile: 'x' })).toThrow(/passwordFile/)
  expect(() => sourceOf({ endpoint, items, staleAfter: '50ms' })).toThrow(/staleAfter/)
  expect(() => sourceOf({ endpoint, items, restate: 'soon' })).toThrow(/soon is not a duration/)
})

/** The suite's peer, one for all properties: starting it takes a second. */
let peer: OpcuaServer | undefined
let fresh = 0
const nodes = Array.from({ length: 100 }, (_, i) => `ns=1;s=n${i}`)
const numbers: readonly SimulatedItem[] = nodes.map((node) => ({ node, type: 'UInt32', initial: 0 }))

describeSource(
  'opcua',
  async () => {
    peer ??= await startOpcuaServer({ items: numbers })
    let server = peer
    const wire = await startFaultProxy(server)
    return {
      wire,
      source: sourceOf({
        endpoint: `opc.tcp://127.0.0.1:${wire.port}`,
        items: nodes.map((node, i) => ({ node, point: `p${i}`, sampling: '20ms' })),
      }),
      emit(n) {
        return Promise.all(
          Array.from({ length: n }, async () => {
            const value = ++fresh
            await server.set(nodes[value % nodes.length]!, value)
            return value
          }),
        )
      },
      losePeer: () => server.kill(),
      async restorePeer() {
        server = await startOpcuaServer({ port: server.port, items: numbers })
        peer = server
      },
      emitBad: () => server.set(nodes[0]!, null, { status: 'BadDeviceFailure' }),
      connections: () => server.sessions(),
      close: () => wire.close(),
    }
  },
  {
    burst: 100,
    patience: 20_000,
    gaps: {
      'settle-first':
        'a publish acknowledgement frees the server of resending, it does not make it keep what is unacknowledged',
      'comes-again': 'a new subscription begins with the values of then',
    },
  },
)
