import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ModbusServer, startModbusServer } from '../../../simulators/servers/modbus.ts'
import { startFaultProxy } from '../../../test/conformance/fault-proxy.ts'
import { describeSource } from '../../../test/conformance/source.ts'
import { type Tap, tapSource } from '../../../test/conformance/tap.ts'
import type { WireReading } from '../outgoing.ts'
import { modbus } from './index.ts'
import type { ModbusSettings, PointSettings } from './settings.ts'

type Slave = { unit: number; every?: string; timeout?: string; points: readonly Partial<PointSettings>[] }

const logged: string[] = []
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  logged.length = 0
})

function sourceOf(port: number, slaves: readonly Slave[], more: Partial<ModbusSettings> = {}) {
  return modbus.create({ host: '127.0.0.1', port, site: 'plant', slaves, ...more } as unknown as ModbusSettings, {
    name: 'plc',
    now: Date.now,
    log: (_level, message) => logged.push(message),
  })
}

async function serve(units: readonly number[], port = 0): Promise<ModbusServer> {
  const server = await startModbusServer({ port, units: units.map((unit) => ({ unit })) })
  stops.push(() => server.stop())
  return server
}

function watch(port: number, slaves: readonly Slave[]) {
  const source = sourceOf(port, slaves)
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  stops.push(() => tap.stop())
  return { source, tap }
}

function readingsOf(tap: Tap, point?: string): WireReading[] {
  return tap.frames
    .flatMap(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as WireReading[])
    .filter((reading) => point === undefined || reading.point === point)
}
const last = (tap: Tap, point: string) => readingsOf(tap, point).at(-1)
const within = { timeout: 10_000, interval: 10 }

test('a slave poll is one frame with every point of the map, in the types of the map', async () => {
  const server = await serve([1])
  server.setNumber(1, { address: 0, type: 'f32', order: 'CDAB' }, 0.7)
  server.setNumber(1, { address: 2, type: 'i64' }, 2n ** 53n + 2n)
  server.setNumber(1, { table: 'input', address: 4, type: 'i16' }, -125)
  server.set(1, { table: 'coil', address: 3 }, [1])
  server.set(1, { table: 'holding', address: 20 }, [0xffff])
  const { tap } = watch(server.port, [
    {
      unit: 1,
      every: '20ms',
      points: [
        { point: 'ch4', address: 0, type: 'f32', order: 'CDAB' },
        { point: 'energy', address: 2, type: 'i64' },
        { point: 'temperature', table: 'input', address: 4, type: 'i16', scale: 0.1 },
        { point: 'fan', table: 'coil', address: 3 },
        { point: 'door', table: 'discrete', address: 3 },
        { point: 'level', address: 20, sentinels: [0xffff] },
      ],
    },
  ])
  await vi.waitFor(() => expect(tap.frames.length).toBeGreaterThan(1), within)
  expect(tap.frames[0]!.topic).toBe('davy/v1/plant')
  const [frame] = tap.frames
  const readings = JSON.parse(new TextDecoder().decode(frame!.payload)) as WireReading[]
  expect(Object.fromEntries(readings.map(({ point, ts, ...rest }) => [point, rest]))).toEqual({
    ch4: { value: 0.7, quality: 'good' },
    energy: { value: 2 ** 53 + 2, quality: 'uncertain', status: 'precision-lost' },
    temperature: { value: -12.5, quality: 'good' },
    fan: { value: true, quality: 'good' },
    door: { value: false, quality: 'good' },
    level: { value: null, quality: 'bad', status: 'sentinel' },
  })
})

test('a dead slave is bad and tried ever more rarely; its neighbours keep their beat', async () => {
  const server = await serve([1, 2, 3])
  server.mute(2)
  const { source, tap } = watch(
    server.port,
    [1, 2, 3].map((unit) => ({ unit, every: '20ms', timeout: '100ms', points: [{ point: `p${unit}`, address: 0 }] })),
  )
  await vi.waitFor(() => expect(readingsOf(tap, 'p2').length).toBeGreaterThanOrEqual(3), within)
  for (const { value, quality, status } of readingsOf(tap, 'p2')) {
    expect({ value, quality, status }).toEqual({ value: null, quality: 'bad', status: 'no-answer' })
  }
  // Pauses of 20, 40, 80 ms lie between the tries of the dead one; each lets the living be asked.
  await vi.waitFor(() => {
    for (const point of ['p1', 'p3']) {
      expect(readingsOf(tap, point).length).toBeGreaterThan(2 * readingsOf(tap, 'p2').length)
    }
  }, within)
  expect(readingsOf(tap, 'p1').every(({ quality }) => quality === 'good')).toBe(true)
  expect(source.link()).toMatchObject({ state: 'up', reason: 'no answer from unit 2' })
  expect(tap.lost).toEqual([])
  server.mute(2, false)
  await vi.waitFor(() => expect(last(tap, 'p2')).toMatchObject({ value: 0, quality: 'good' }), within)
  await vi.waitFor(() => expect(source.link().reason).toBeUndefined(), within)
  expect(logged.filter((line) => line.includes('unit 2'))).toHaveLength(2)
})

test('a late answer never reaches the next request', async () => {
  const server = await serve([1])
  server.set(1, { table: 'holding', address: 0 }, [111])
  server.set(1, { table: 'input', address: 0 }, [222])
  server.delay(1, 150)
  const { tap } = watch(server.port, [
    {
      unit: 1,
      every: '10ms',
      timeout: '100ms',
      points: [
        { point: 'a', address: 0 },
        { point: 'b', table: 'input', address: 0 },
      ],
    },
  ])
  await vi.waitFor(() => expect(readingsOf(tap, 'a').length).toBeGreaterThan(1), within)
  expect(readingsOf(tap).every(({ value }) => value === null)).toBe(true)
  server.delay(1, 0)
  await vi.waitFor(() => expect(last(tap, 'b')?.value).toBe(222), within)
  const values = (point: string) => new Set(readingsOf(tap, point).map(({ value }) => value))
  expect(values('a')).toEqual(new Set([null, 111]))
  expect(values('b')).toEqual(new Set([null, 222]))
})

test.each([
  [1, 'illegal-function'],
  [2, 'illegal-address'],
  [4, 'device-failure'],
  [6, 'device-busy'],
  [11, 'gateway-no-answer'],
  [99, 'exception-99'],
])('exception %d is bad with status %s, and passes', async (code, status) => {
  const server = await serve([1])
  server.exception(1, code)
  const { tap } = watch(server.port, [{ unit: 1, every: '10ms', points: [{ point: 'a', address: 0 }] }])
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status }), within)
  server.exception(1, undefined)
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 0, quality: 'good' }), within)
  expect(tap.lost).toEqual([])
})

test('a hole in the register map spoils only the point that lies in it', async () => {
  const server = await serve([1])
  for (const address of [3, 9]) server.hole(1, { table: 'holding', address })
  const addresses = [0, 1, 2, 4, 5, 8, 9, 10]
  server.set(1, { table: 'holding', address: 0 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  const { tap } = watch(server.port, [
    { unit: 1, every: '10ms', points: addresses.map((address) => ({ point: `p${address}`, address })) },
  ])
  await vi.waitFor(() => expect(tap.frames.length).toBeGreaterThan(2), within)
  for (const address of addresses) {
    const expected =
      address === 9 ? { value: null, status: 'illegal-address' } : { value: address + 1, quality: 'good' }
    for (const reading of readingsOf(tap, `p${address}`)) expect(reading).toMatchObject(expected)
  }
  // Once it is known, the hole costs no more refused requests than the one that lies in it.
  const { requests } = server
  const { length } = tap.frames
  await vi.waitFor(() => expect(tap.frames.length).toBeGreaterThan(length + 4), within)
  expect((server.requests - requests) / (tap.frames.length - length)).toBeLessThan(8)
})

test('a lost host makes its points bad once, is SourceLost, and is found again', async () => {
  const server = await serve([1])
  const { source, tap } = watch(server.port, [{ unit: 1, every: '10ms', points: [{ point: 'a', address: 0 }] }])
  await vi.waitFor(() => expect(last(tap, 'a')?.quality).toBe('good'), within)
  await server.stop()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(3), within)
  expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status: 'link-down' })
  expect(readingsOf(tap, 'a').filter(({ status }) => status === 'link-down')).toHaveLength(1)
  expect(source.link()).toMatchObject({ state: 'down', peer: `127.0.0.1:${server.port}` })
  const again = await serve([1], server.port)
  again.setNumber(1, { address: 0, type: 'u16' }, 7)
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 7, quality: 'good' }), within)
  await again.stop()
  await vi.waitFor(() => {
    expect(readingsOf(tap, 'a').filter(({ status }) => status === 'link-down')).toHaveLength(2)
  }, within)
})

test('where no slave answers the link is down, though the gateway takes connections', async () => {
  const server = await serve([1])
  server.mute(1)
  const { source, tap } = watch(server.port, [
    { unit: 1, every: '10ms', timeout: '50ms', points: [{ point: 'a', address: 0 }] },
  ])
  await vi.waitFor(
    () => expect(source.link()).toMatchObject({ state: 'down', reason: 'no answer from unit 1' }),
    within,
  )
  expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status: 'no-answer' })
  server.mute(1, false)
  await vi.waitFor(() => expect(source.link().state).toBe('up'), within)
})

test('settings that contradict each other are refused by name', () => {
  expect(() =>
    sourceOf(1, [
      { unit: 1, points: [] },
      { unit: 1, points: [] },
    ]),
  ).toThrow(/unit 1 is listed twice/)
  expect(() => sourceOf(1, [{ unit: 1, every: '0s', points: [] }])).toThrow(/not a duration above zero/)
  const serial = { path: '/dev/ttyUSB0' } as ModbusSettings['serial'] & object
  expect(() => sourceOf(1, [{ unit: 1, points: [] }], { serial })).toThrow(/`host` and `serial` are both given/)
})

test('serial frames over TCP: a late answer is waited out, for nothing in it says what it answers', async () => {
  const server = await startModbusServer({ framing: 'rtu', units: [{ unit: 1 }] })
  stops.push(() => server.stop())
  server.set(1, { table: 'holding', address: 0 }, [111])
  server.set(1, { table: 'holding', address: 500 }, [222])
  server.delay(1, 150)
  const points = [
    { point: 'a', address: 0 },
    { point: 'b', address: 500 },
  ]
  const source = sourceOf(server.port, [{ unit: 1, every: '10ms', timeout: '100ms', points }], { framing: 'rtu' })
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  stops.push(() => tap.stop())
  await vi.waitFor(() => expect(readingsOf(tap, 'a').length).toBeGreaterThan(2), within)
  server.delay(1, 0)
  await vi.waitFor(() => expect(last(tap, 'b')?.value).toBe(222), within)
  const values = (point: string) => new Set(readingsOf(tap, point).map(({ value }) => value))
  expect(values('a')).toEqual(new Set([null, 111]))
  expect(values('b')).toEqual(new Set([null, 222]))
})

describe.each(['tcp', 'rtu'] as const)('framing %s', (framing) =>
  describeSource(
    `modbus ${framing}`,
    async () => {
      const count = 100
      const points = Array.from({ length: count }, (_, i) => ({ point: `p${i}`, address: i * 2, type: 'u32' as const }))
      let server = await startModbusServer({ framing, units: [{ unit: 1 }] })
      const wire = await startFaultProxy(server)
      let fresh = 0
      return {
        wire,
        source: sourceOf(wire.port, [{ unit: 1, every: '20ms', timeout: '300ms', points }], { framing }),
        async emit(n) {
          return Array.from({ length: n }, () => {
            fresh++
            server.setNumber(1, { address: (fresh % count) * 2, type: 'u32' }, fresh)
            return fresh
          })
        },
        losePeer: () => server.stop(),
        async restorePeer() {
          server = await startModbusServer({ port: server.port, framing, units: [{ unit: 1 }] })
        },
        async emitBad() {
          server.exception(1, 4)
          const before = server.requests
          await vi.waitFor(() => expect(server.requests).toBeGreaterThan(before + 1))
          server.exception(1, undefined)
        },
        connections: () => server.connections,
        async close() {
          await wire.close()
          await server.stop()
        },
      }
    },
    {
      burst: 100,
      gaps: {
        'settle-first': 'polling has no acknowledgement',
        'comes-again': 'polling has no acknowledgement; the next poll reads the state of then',
      },
    },
  ),
)
