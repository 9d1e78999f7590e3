/** Links that die and come back: a dead Modbus slave, a killed OPC UA server. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ModbusServer, startModbusServer } from '../../simulators/servers/modbus.ts'
import { type OpcuaServer, startOpcuaServer } from '../../simulators/servers/opcua.ts'
import { type House, house, type Json, type Running, type Stream, start } from '../acceptance/house-rig.ts'

/** A source that was lost is tried again after pauses of up to half a minute. */
const PATIENCE = { timeout: 60_000, interval: 50 }
vi.setConfig({ testTimeout: 150_000 })
const METERS = ['meter-1', 'meter-2', 'meter-3']
const ITEMS = [{ node: 'ns=1;s=level', type: 'Double', initial: 1 }] as const

let modbus: ModbusServer
let opcua: OpcuaServer
let rented: House
let service: Running
let stream: Stream
beforeAll(async () => {
  modbus = await startModbusServer({ units: [1, 2, 3].map((unit) => ({ unit })) })
  for (const unit of [1, 2, 3]) modbus.setNumber(unit, { address: 0, type: 'f32' }, unit)
  opcua = await startOpcuaServer({ items: ITEMS })
  rented = house({
    'davy.yaml': {
      sources: [
        {
          adapter: 'modbus',
          name: 'meters',
          host: '127.0.0.1',
          port: modbus.port,
          site: 'plant',
          slaves: METERS.map((point, i) => ({
            unit: i + 1,
            every: '100ms',
            timeout: '1s',
            points: [{ point, table: 'holding', address: 0, type: 'f32' }],
          })),
        },
        {
          adapter: 'opcua',
          name: 'dcs',
          endpoint: opcua.endpoint,
          site: 'plant',
          publishing: '100ms',
          staleAfter: '3s',
          restate: '500ms',
          items: [{ node: 'ns=1;s=level', point: 'tank', sampling: '100ms' }],
        },
      ],
    },
    'sites/plant.yaml': {
      site: 'plant',
      kind: 'chemical-plant',
      points: [
        ...METERS.map((id) => ({ id, kind: 'power.active', unit: 'kW', silentAfter: '3s' })),
        { id: 'tank', kind: 'tank.level', unit: 'm', silentAfter: '3s' },
      ],
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan' },
      rules: [
        { id: 'silent', rule: 'silent' },
        { id: 'link', rule: 'link', raiseAfter: '3s' },
        {
          id: 'high',
          rule: 'limit',
          match: { kind: ['power.active', 'tank.level'] },
          levels: [{ name: 'high', high: 100 }],
        },
      ],
    },
  })
  service = await start(rented)
  stream = await service.stream()
})
afterAll(async () => {
  await service?.stop()
  await Promise.all([modbus?.stop(), opcua?.stop()])
  rented?.remove()
})

const causes = (instance: string, key: string) =>
  stream
    .told()
    .filter((t) => t.instance === instance && t.key === key)
    .map(({ cause }) => cause)
const lastValue = async (point: string) => {
  const { body } = await service.get<{ points: Json[] }>(`/api/v1/sites/plant/points`)
  return body.points.find(({ id }) => id === point)?.value
}

test('registers and nodes become readings', async () => {
  for (const [i, meter] of METERS.entries()) await expect.poll(() => lastValue(meter), PATIENCE).toBe(i + 1)
  await expect.poll(() => lastValue('tank'), PATIENCE).toBe(1)
})

test('a dead slave falls silent, and the others go on without a pause in their alarms', async () => {
  modbus.mute(2)
  for (let round = 1; round <= 5; round++) {
    for (const unit of [1, 3]) modbus.setNumber(unit, { address: 0, type: 'f32' }, 200)
    for (const meter of ['meter-1', 'meter-3'])
      await expect.poll(() => causes('high', `${meter}:high`).length, PATIENCE).toBe(2 * round - 1)
    for (const unit of [1, 3]) modbus.setNumber(unit, { address: 0, type: 'f32' }, 1)
    for (const meter of ['meter-1', 'meter-3'])
      await expect.poll(() => causes('high', `${meter}:high`).length, PATIENCE).toBe(2 * round)
  }
  await expect.poll(() => causes('silent', 'meter-2'), PATIENCE).toEqual(['raised'])
  expect([causes('silent', 'meter-1'), causes('silent', 'meter-3')]).toEqual([[], []])
})

test('the slave that answers again is heard again', async () => {
  modbus.mute(2, false)
  await expect.poll(() => causes('silent', 'meter-2'), PATIENCE).toEqual(['raised', 'cleared'])
})

test('a killed OPC UA server is silence, and its link is down with a reason', async () => {
  const { port } = opcua
  await opcua.kill()
  await expect.poll(() => causes('silent', 'tank').at(-1), PATIENCE).toBe('raised')
  const { body } = await service.get<{ sources: Json[] }>('/api/v1/sources')
  expect(body.sources.find(({ name }) => name === 'dcs')).toMatchObject({
    adapter: 'opcua',
    state: expect.stringMatching(/down|connecting/),
  })
  expect(body.sources.find(({ name }) => name === 'meters')).toMatchObject({ state: 'up' })
  await expect.poll(() => causes('link', 'dcs').at(-1), PATIENCE).toBe('raised')
  expect(causes('link', 'meters'), 'one dead slave is not a dead link').toEqual([])

  opcua = await startOpcuaServer({ port, items: [{ ...ITEMS[0], initial: 150 }] })
  await expect.poll(() => causes('silent', 'tank').at(-1), PATIENCE).toBe('cleared')
  await expect.poll(() => causes('link', 'dcs').at(-1), PATIENCE).toBe('cleared')
  await expect.poll(() => causes('high', 'tank:high'), PATIENCE).toEqual(['raised'])
})

test('a frozen OPC UA server, whose sockets stay open, is silence, too', async () => {
  opcua.freeze()
  await expect.poll(() => causes('silent', 'tank').at(-1), PATIENCE).toBe('raised')
  expect(causes('high', 'tank:high'), 'silence never clears').toEqual(['raised'])
  opcua.thaw()
  await expect.poll(() => causes('silent', 'tank').at(-1), PATIENCE).toBe('cleared')
})

test('a Modbus gateway that hangs up is called again', async () => {
  modbus.hangUp()
  modbus.setNumber(3, { address: 0, type: 'f32' }, 300)
  await expect.poll(() => causes('high', 'meter-3:high').at(-1), PATIENCE).toBe('raised')
})
