import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type OpcuaServer, type SimulatedItem, startOpcuaServer } from '../../../simulators/servers/opcua.ts'
import { startFaultProxy } from '../../../test/conformance/fault-proxy.ts'
import { describeSource } from '../../../test/conformance/source.ts'
import { long } from '../../../test/long-only.ts'
import { MOST_HELD } from './protocol.ts'
import { last, logged, login, readingsOf, serve, sourceOf, stops, watch, within, workers } from './source.fixture.ts'

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
