/** davy.yaml is edited while the service runs: one source begins anew, and the connections of the others carry on, without a reading lost
 *  or doubled. Real peers: Mosquitto, servers of modbus-serial, a device of the embedded broker. */
import { once } from 'node:events'
import { join } from 'node:path'
import { ServerTCP } from 'modbus-serial'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../simulators/ports.ts'
import { openJournal } from '../../src/adapters/journal-sqlite/index.ts'
import type { LinkCommand } from '../../src/model/command.ts'
import {
  davy,
  type House,
  house,
  type Json,
  publish,
  type Running,
  type Stream,
  start,
} from '../acceptance/house-rig.ts'
import { type Mosquitto, mosquitto } from '../services/mosquitto.ts'

const PATIENCE = { timeout: 60_000, interval: 50 }

/** A server of modbus-serial whose register counts how often it was read. */
async function counting(port: number) {
  let read = 0
  let connections = 0
  const server = new ServerTCP({ getHoldingRegister: () => ++read }, { host: '127.0.0.1', port, unitID: 1 })
  await once(server, 'initialized')
  ;(server as unknown as { _server: NodeJS.EventEmitter })._server.on('connection', () => connections++)
  return {
    port,
    connections: () => connections,
    read: () => read,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
type Meter = Awaited<ReturnType<typeof counting>>

let bus: Mosquitto
let fan: Meter
let pump: Meter
let spare: Meter
let rented: House
let service: Running
let stream: Stream
let device: MqttClient
let gateway: MqttClient

const meter = (name: string, { port }: { port: number }, every: string) => ({
  adapter: 'modbus',
  name,
  host: '127.0.0.1',
  port,
  site: 'plant',
  slaves: [{ unit: 1, every, points: [{ point: name, table: 'holding', address: 0, type: 'u16' }] }],
})
const field = () => ({ adapter: 'mqtt-client', name: 'field', url: bus.url, topics: ['davy/v1/plant/#'] })
const settings = (...sources: object[]) => ({ sources })
const POINTS = ['gas', 'own', 'fan', 'pump']

beforeAll(async () => {
  bus = await mosquitto()
  fan = await counting(await freePort())
  pump = await counting(await freePort())
  spare = await counting(await freePort())
  rented = house({
    'davy.yaml': settings(field(), meter('fan', fan, '20ms'), meter('pump', pump, '20ms')),
    'sites/plant.yaml': {
      site: 'plant',
      kind: 'chemical-plant',
      points: POINTS.map((id) => ({ id, kind: 'power.active', unit: 'kW' })),
    },
    'rules/plan.yaml': { regulation: { id: 'plan' }, rules: [{ id: 'link', rule: 'link', raiseAfter: '1s' }] },
  })
  service = await start(rented)
  stream = await service.stream()
  gateway = await connectAsync(bus.url, { reconnectPeriod: 0 })
  device = await service.device()
})
afterAll(async () => {
  await gateway?.endAsync(true)
  await service?.stop()
  await Promise.all([fan?.close(), pump?.close(), spare?.close(), bus?.remove()])
  rented?.remove()
})

const sources = async () => (await service.get<{ sources: Json[] }>('/api/v1/sources')).body.sources
const state = async (name: string) => (await sources()).find((source) => source.name === name)?.state
const configuration = async () => (await service.get<Json>('/api/v1/configuration')).body
const linkAlarm = () =>
  stream
    .told()
    .filter(({ key }) => key === 'pump')
    .map(({ cause }) => cause)
const greeted = () => bus.log.filter((line) => /New client connected.* as davylamp /.test(line)).length

/** Both ways in by MQTT are kept busy until it is stopped; gives how many readings each took. */
function traffic(): () => Promise<number> {
  let running = true
  let sent = 0
  let closed = 0
  device.on('close', () => closed++)
  const flowing = (async () => {
    while (running) {
      sent++
      const payload = JSON.stringify({ value: sent, ref: `r-${sent}`, ts: Date.now() })
      await Promise.all([publish(gateway, 'davy/v1/plant/gas', payload), publish(device, 'davy/v1/plant/own', payload)])
    }
  })()
  return async () => {
    running = false
    await flowing
    expect(closed).toBe(0)
    return sent
  }
}

test('one source begins anew, the others do not notice', async () => {
  for (const name of ['field', 'fan', 'pump']) await expect.poll(() => state(name), PATIENCE).toBe('up')
  const stop = traffic()

  rented.write('davy.yaml', settings(field(), meter('fan', fan, '20ms'), meter('pump', pump, '40ms')))
  await expect.poll(pump.connections, PATIENCE).toBe(2)
  await expect.poll(() => state('pump'), PATIENCE).toBe('up')

  // Mended by another change: a broken file is refused as a whole, and what was goes on.
  rented.write('davy.yaml', { ...settings(field()), surprise: 1 })
  await expect.poll(configuration, PATIENCE).toMatchObject({
    state: 'refused',
    refused: { problems: [expect.stringMatching(/^davy\.yaml:\d+:\d+: unknown key "surprise"/)] },
  })
  expect(await service.metric('davy_configuration_refused')).toBe(1)
  const ready = (await (await fetch(`${service.api}/readyz`)).json()) as Json
  expect(ready).toMatchObject({ status: 'ready', configuration: 'refused' })
  expect(await state('fan')).toBe('up')

  // A peer that is not there: tried again and again, its link down for the reason there is.
  const nowhere = { port: await freePort() }
  rented.write('davy.yaml', settings(field(), meter('fan', fan, '20ms'), meter('pump', nowhere, '40ms')))
  await expect.poll(linkAlarm, PATIENCE).toEqual(['raised'])
  expect(await configuration()).toMatchObject({ state: 'in-force', restart: [] })
  expect(stream.told().find(({ key }) => key === 'pump')!.text.en).toMatch(/ECONNREFUSED/)

  // Taken away on purpose: nobody waits for it any more.
  rented.write('davy.yaml', settings(field(), meter('fan', fan, '20ms')))
  await expect.poll(linkAlarm, PATIENCE).toEqual(['raised', 'cleared'])
  expect((await sources()).map(({ name }) => name)).toEqual(['mqtt', 'field', 'fan'])
  expect(await service.metric('davy_source_up', { source: 'pump' })).toBe(0)

  // And one is added, with a setting beside that waits for a restart.
  const limits = { payload: 2_097_152 }
  rented.write('davy.yaml', { ...settings(field(), meter('fan', fan, '20ms'), meter('pump', spare, '20ms')), limits })
  await expect.poll(spare.connections, PATIENCE).toBe(1)
  await expect.poll(configuration, PATIENCE).toMatchObject({ state: 'restart-needed', restart: ['limits.payload'] })
  expect(await service.metric('davy_configuration_restart')).toBe(1)

  const sent = await stop()
  await expect.poll(() => service.metric('davy_source_readings_total', { source: 'field' }), PATIENCE).toBe(sent)
  expect([greeted(), fan.connections(), pump.connections(), spare.connections()]).toEqual([1, 1, 2, 1])
  expect(await service.metric('davy_duplicates_total')).toBe(0)
  const told = stream.told().map(({ id }) => id)
  expect(await service.stop()).toBe(0)

  const journal = await openJournal({ file: join(rented.data, 'journal.db') })
  const values = new Map(POINTS.map((id) => [id, [] as unknown[]]))
  const links: LinkCommand[] = []
  for await (const entries of journal.read(1)) {
    for (const entry of entries) {
      if (entry.type === 'reading') values.get(entry.reading.point.id)!.push(entry.reading.value)
      if (entry.type === 'command' && entry.command.command === 'link') links.push(entry.command)
    }
  }
  await journal.close()
  const whole = Array.from({ length: sent }, (_, i) => i + 1)
  expect(values.get('gas')).toEqual(whole)
  expect(values.get('own')).toEqual(whole)
  const polled = values.get('fan')!
  expect(polled).toEqual(Array.from({ length: polled.length }, (_, i) => i + 1))
  const said = (name: string) =>
    links
      .filter(({ source }) => source === name)
      .map(({ state, by }) => (by === 'system' ? state : `${state} by ${by}`))
  expect(said('pump').join()).toMatch(/down,removed by configuration(,up|$)/)
  // At the start they may have been on their way still.
  for (const name of ['mqtt', 'field', 'fan']) expect(said(name).join()).toMatch(/^(down,)*up$/)

  const replay = () => davy(['replay', '--config', rented.config, '--data', rented.data])
  const [first, second] = [await replay(), await replay()]
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(second.out).toBe(first.out)
  const again = first.out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id)
  expect(again).toEqual(told)
  const alarm = stream.told().find(({ key }) => key === 'pump')!.alarm
  const explained = await davy(['explain', alarm, '--data', rented.data])
  expect(explained.code, explained.err).toBe(0)
})
