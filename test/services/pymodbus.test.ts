/** Modbus against a stack that is not ours: over TCP, serial frames over TCP, and a serial line. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { modbus } from '../../src/adapters/modbus/index.ts'
import type { ModbusSettings } from '../../src/adapters/modbus/settings.ts'
import type { WireReading } from '../../src/adapters/outgoing.ts'
import { tapSource } from '../conformance/tap.ts'
import { type Peer, PYTHON, python } from './python.ts'

const POINTS = [
  { point: 'f32', address: 0, type: 'f32' },
  { point: 'swapped', address: 2, type: 'f32', order: 'CDAB' },
  { point: 'i64', address: 4, type: 'i64' },
  { point: 'f64', address: 8, type: 'f64' },
  { point: 'none', address: 12, sentinels: [65_535] },
  { point: 'i16', table: 'input', address: 0, type: 'i16', scale: 0.1 },
  { point: 'coil-9', table: 'coil', address: 9 },
  { point: 'coil-10', table: 'coil', address: 10 },
  { point: 'discrete', table: 'discrete', address: 3 },
]
const EXPECTED = {
  f32: 3.14,
  swapped: -2.5,
  i64: -5,
  f64: 1e-9,
  none: null,
  i16: -12.5,
  'coil-9': true,
  'coil-10': false,
  discrete: false,
}
const within = { timeout: 20_000, interval: 20 }

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function peer(mode: string): Promise<{ peer: Peer; where: string }> {
  const started = python('modbus_peer.py', [mode])
  stops.push(() => started.stop('SIGKILL'))
  const [, where] = await started.hear(/^ready (\S+)$/)
  return { peer: started, where: where! }
}

function watch(mode: string, where: string, units: readonly number[] = [1, 2]) {
  const route =
    mode === 'serial'
      ? { serial: { path: where, baudRate: 19_200 } }
      : { host: '127.0.0.1', port: Number(where), framing: mode }
  const slaves = units.map((unit) => ({
    unit,
    every: '50ms',
    timeout: '500ms',
    points: POINTS.map((point) => ({ ...point, point: `${unit}/${point.point}` })),
  }))
  const source = modbus.create({ site: 'plant', ...route, slaves } as unknown as ModbusSettings, {
    name: 'peer',
    now: Date.now,
    log: () => {},
  })
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  stops.push(() => tap.stop())
  const readings = () =>
    tap.frames.flatMap(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as WireReading[])
  const last = (point: string) => readings().findLast((reading) => reading.point === point)
  return { source, tap, last }
}

describe.skipIf(!PYTHON)('a peer in pymodbus', () => {
  test.each(['tcp', 'rtu', 'serial'])(
    '%s: every type, order and table; a slave that is not there; a change',
    async (mode) => {
      const { peer: server, where } = await peer(mode)
      const { source, last } = watch(mode, where, [1, 2, 9])
      for (const unit of [1, 2]) {
        for (const [point, value] of Object.entries(EXPECTED)) {
          await vi.waitFor(() => expect(last(`${unit}/${point}`), `${unit}/${point}`).toMatchObject({ value }), within)
        }
      }
      // This stack answers for a slave that is not there.
      const refused = { value: null, quality: 'bad', status: 'device-failure' }
      await vi.waitFor(() => expect(last('9/f32')).toMatchObject(refused), within)
      expect(source.link().state).toBe('up')
      server.say('set 12 700')
      await server.hear(/^done$/)
      await vi.waitFor(() => expect(last('1/none')).toMatchObject({ value: 700, quality: 'good' }), within)
    },
  )

  test('a serial adapter that is pulled out is a lost link, its points are bad, and the reason is said', async () => {
    const { peer: server, where } = await peer('serial')
    const { source, tap, last } = watch('serial', where, [1])
    await vi.waitFor(() => expect(last('1/f32')).toMatchObject({ value: 3.14 }), within)
    server.say('cut')
    await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
    expect(last('1/f32')).toMatchObject({ value: null, quality: 'bad', status: 'link-down' })
    expect(source.link()).toMatchObject({ state: 'down', peer: where, reason: expect.stringMatching(/\S/) })
  })
})
