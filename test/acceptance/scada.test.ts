/** Sites, points and alarms over OPC UA, as a SCADA client has them: values, conditions, and what its users may do to them. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AttributeIds, DataType } from 'node-opcua'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house, type Json, type Running, start } from './house-rig.ts'
import { connectScada, type Scada, type Told } from './scada-client.ts'

const PATIENCE = { timeout: 25_000, interval: 50 }
const LEVEL = 'plant/level/tanks/t-1:full'
const OPERATOR = { user: 'li', password: 'lamp-operator-1' }
const VIEWER = { user: 'wang', password: 'lamp-viewer-1' }

const SITE = {
  site: 'plant',
  name: { zh: '化工厂', en: 'The plant' },
  kind: 'chemical-plant',
  areas: [{ id: 'farm', kind: 'tank-farm', name: { zh: '罐区', en: 'Tank farm' } }],
  points: [
    { id: 'tanks/t-1', kind: 'tank.level', unit: 'm', area: 'farm', range: [0, 20] },
    { id: 'gate/reader', kind: 'card.reader', area: 'farm' },
    { id: 'fans/f-1', kind: 'fan.running', area: 'farm', silentAfter: '1s' },
  ],
}

let rented: House
let service: Running
let scada: Scada
const open: Scada[] = []
beforeAll(async () => {
  rented = house({
    'davy.yaml': { opcua: { enabled: true, anonymous: true, language: 'en', keepNormal: '1s' } },
    'sites/plant.yaml': SITE,
    'rules/plan.yaml': {
      regulation: { id: 'plan' },
      rules: [
        {
          id: 'level',
          rule: 'limit',
          match: { kind: 'tank.level' },
          severity: 'major',
          confirm: true,
          levels: [{ name: 'full', high: 15 }],
        },
        { id: 'crew', rule: 'over-crew', match: { id: 'farm' }, limit: 1, raiseAfter: '0s', severity: 'critical' },
        { id: 'sos', rule: 'sos', severity: 'critical' },
      ],
    },
  })
  service = await start(rented)
  await service.post('/api/v1/users', { ...VIEWER, role: 'viewer' })
  await service.post('/api/v1/users', { ...OPERATOR, role: 'operator' })
  scada = await connect(OPERATOR)
}, 60_000)
afterAll(async () => {
  for (const each of open) await each.close().catch(() => {})
  await service?.stop()
  rented?.remove()
})

async function connect(login?: { user: string; password: string }): Promise<Scada> {
  const opened = await connectScada(service.opcua!, login)
  open.push(opened)
  return opened
}
const send = (point: string, value: unknown, more: object = {}) =>
  service.post('/api/v1/sites/plant/readings', [{ point, value, ...more }])
const stateOf = async () => {
  const { body } = await service.get<{ state: string }>(`/api/v1/alarms/${LEVEL}`)
  return body.state
}
const ofLevel = (client: Scada) => client.events.filter(({ ConditionId }) => String(ConditionId).endsWith(LEVEL))
const read = (node: string) => scada.session.read({ nodeId: `ns=2;s=${node}`, attributeId: AttributeIds.Value })

async function heard(client: Scada, wanted: Partial<Told>): Promise<Told> {
  await expect.poll(() => ofLevel(client).at(-1), PATIENCE).toMatchObject(wanted)
  return ofLevel(client).at(-1)!
}

test('points are variables with quality, unit and limits; where people are is not shown, and nothing can be written', async () => {
  await send('tanks/t-1', 3.5)
  await send('fans/f-1', true)
  await expect.poll(async () => (await read('point/plant/tanks/t-1')).value.value, PATIENCE).toBe(3.5)
  expect((await read('point/plant/tanks/t-1')).statusCode.name).toBe('Good')
  await expect.poll(async () => (await read('point/plant/fans/f-1')).value.value, PATIENCE).toBe(true)
  await send('tanks/t-1', 3.6, { status: 'fault' })
  await expect
    .poll(async () => (await read('point/plant/tanks/t-1')).statusCode.name, PATIENCE)
    .toBe('BadDeviceFailure')
  expect((await read('limit/plant/tanks/t-1:full')).value.value).toBe(15)
  expect((await read('point/plant/tanks/t-1-EURange')).value.value).toMatchObject({ low: 0, high: 20 })
  expect((await read('point/plant/gate/reader')).statusCode.name).toBe('BadNodeIdUnknown')
  const written = await scada.session.write({
    nodeId: 'ns=2;s=point/plant/tanks/t-1',
    attributeId: AttributeIds.Value,
    value: { value: { dataType: DataType.Double, value: 1 } },
  })
  expect(written.name).toBe('BadNotWritable')
})

test('an alarm is a condition: raised, found again by a refresh, acknowledged by whom may, confirmed, gone', async () => {
  await send('tanks/t-1', 16)
  const raised = await heard(scada, {
    Severity: 700,
    'ActiveState.Id': true,
    'AckedState.Id': false,
    'ConfirmedState.Id': true,
    Retain: true,
    ConditionName: 'level/tanks/t-1:full',
    SourceName: 'tanks/t-1',
    Quality: 'Good',
    'ShelvingState.CurrentState': 'Unshelved',
    'LimitState.CurrentState': 'High',
  })
  expect(raised.Message).toMatch(/16/)

  // Who comes late hears of nothing until it asks.
  const late = await connect(VIEWER)
  await late.refresh()
  const again = await heard(late, { 'AckedState.Id': false, Retain: true })
  expect(again.EventId).toEqual(raised.EventId)

  const anonymous = await connect()
  expect(await anonymous.ack(raised)).toBe('BadUserAccessDenied')
  expect(await late.ack(raised)).toBe('BadUserAccessDenied')
  expect(await scada.ack({ ...raised, EventId: Buffer.from('nothing') })).toBe('BadEventIdUnknown')
  expect(await stateOf()).toBe('unacked')

  expect(await scada.ack(raised, 'pump stopped')).toBe('Good')
  await heard(late, {
    'AckedState.Id': true,
    'ConfirmedState.Id': false,
    ClientUserId: 'li',
    Comment: 'pump stopped',
  })
  expect(await stateOf()).toBe('acked')
  expect(await scada.ack(raised)).toBe('BadConditionBranchAlreadyAcked')
  await expect(connectScada(service.opcua!, { ...OPERATOR, password: 'wrong' })).rejects.toThrow(/Bad(User|Identity)/)
})

test('comments and shelves are the desk’s own, and disabling is nobody’s', async () => {
  const { ConditionId, EventId } = ofLevel(scada).at(-1)!
  const id = String(ConditionId)
  const said = [
    { dataType: DataType.ByteString, value: EventId },
    { dataType: DataType.LocalizedText, value: { text: 'valve jammed' } },
  ]
  expect(await scada.call(id, 'i=9029', said)).toBe('Good')
  await heard(scada, { Comment: 'valve jammed', ClientUserId: 'li' })
  const { body } = await service.get<Json>(`/api/v1/alarms/${LEVEL}`)
  expect(JSON.stringify(body)).toContain('valve jammed')

  const shelf = `${id}-ShelvingState`
  const span = (ms: number) => [{ dataType: DataType.Double, value: ms }]
  expect(await scada.call(shelf, 'i=2949', span(48 * 3_600_000))).toBe('BadShelvingTimeOutOfRange')
  expect(await scada.call(shelf, 'i=2949', span(600_000))).toBe('Good')
  await heard(scada, { 'ShelvingState.CurrentState': 'TimedShelved', SuppressedOrShelved: true })
  expect(await scada.call(shelf, 'i=2949', span(600_000))).toBe('BadConditionAlreadyShelved')
  expect(await scada.call(shelf, 'i=2947')).toBe('Good')
  await heard(scada, { 'ShelvingState.CurrentState': 'Unshelved', SuppressedOrShelved: false })
  expect(await scada.call(shelf, 'i=2947')).toBe('BadConditionNotShelved')
  expect(await scada.call(id, 'i=9028')).toBe('BadNotSupported')
})

test('it waits for confirmation after its end, and its node goes some time after that', async () => {
  await send('tanks/t-1', 2)
  const waiting = await heard(scada, { 'ActiveState.Id': false, 'ConfirmedState.Id': false, Retain: true })
  const args = [
    { dataType: DataType.ByteString, value: waiting.EventId },
    { dataType: DataType.LocalizedText, value: { text: '' } },
  ]
  expect(await scada.call(String(waiting.ConditionId), 'i=9113', args)).toBe('Good')
  await heard(scada, { 'ActiveState.Id': false, 'ConfirmedState.Id': true, Retain: false })
  expect(await stateOf()).toBe('normal')
  const there = async () => {
    const attribute = { nodeId: String(waiting.ConditionId), attributeId: AttributeIds.BrowseName }
    return (await scada.session.read(attribute)).statusCode.name
  }
  await expect.poll(there, PATIENCE).toBe('BadNodeIdUnknown')
  await send('tanks/t-1', 17)
  await heard(scada, { 'ActiveState.Id': true, 'AckedState.Id': false, Retain: true })
  expect(await scada.ack(waiting), 'an event of the episode before').toBe('BadEventIdUnknown')
  expect(await stateOf()).toBe('unacked')
})

test('an alarm about a place has the place as its source', async () => {
  for (const card of ['1001', '1002']) await send('gate/reader', { card })
  const crew = () => scada.events.filter(({ ConditionId }) => String(ConditionId).endsWith('plant/crew/farm')).at(-1)
  await expect.poll(crew, PATIENCE).toMatchObject({ SourceName: 'Tank farm', Severity: 900, 'ActiveState.Id': true })
  expect(await scada.ack(crew()!)).toBe('Good')
  await expect.poll(crew, PATIENCE).toMatchObject({ 'AckedState.Id': true })
})

test('whom an alarm is about has a pseudonym, under which it is acknowledged', async () => {
  await send('gate/reader', { card: '20031', sos: true })
  const sos = () => scada.events.filter(({ ConditionId }) => String(ConditionId).includes('plant/sos/')).at(-1)
  await expect.poll(sos, PATIENCE).toMatchObject({ 'ActiveState.Id': true, SourceName: 'Tank farm' })
  const { ConditionId, ConditionName, Message } = sos()!
  expect(`${ConditionId} ${ConditionName} ${Message}`).not.toContain('20031')
  expect(ConditionName).toMatch(/^sos\/~/)
  expect(await scada.ack(sos()!)).toBe('Good')
  const { body } = await service.get('/api/v1/alarms?rule=sos')
  expect(body.items).toMatchObject([{ alarm: 'plant/sos/20031', state: 'acked', last: { by: 'li' } }])
})

test('what was done is in the audit log, and who is no user any more does nothing', async () => {
  const audit = readFileSync(join(rented.data, 'audit.jsonl'), 'utf8')
  const done = audit.split('\n').filter((line) => line.includes('"over":"opc-ua"'))
  expect(done.some((line) => line.includes('"who":"li"') && line.includes('pump stopped'))).toBe(true)
  expect(done.some((line) => line.includes('"who":"wang"') && line.includes('role-too-low'))).toBe(true)
  expect((await service.delete('/api/v1/users/li')).status).toBe(204)
  expect(await scada.ack(ofLevel(scada).at(-1)!)).toBe('BadUserAccessDenied')
  expect(await stateOf()).toBe('unacked')
})

test('a silent point is bad, whatever it said last', async () => {
  await expect
    .poll(async () => (await read('point/plant/fans/f-1')).statusCode.name, PATIENCE)
    .toBe('BadNoCommunication')
  expect((await read('point/plant/fans/f-1')).value.value).toBe(true)
})

test('after a change of the sites, clients find the new ones where they were', async () => {
  const endpoint = service.opcua!
  rented.write('sites/plant.yaml', {
    ...SITE,
    points: [...SITE.points, { id: 'tanks/t-2', kind: 'tank.level', unit: 'm', area: 'farm' }],
  })
  const found = async () => {
    const client = await connectScada(endpoint).catch(() => undefined)
    if (!client) return 'nobody there'
    const node = { nodeId: 'ns=2;s=point/plant/tanks/t-2', attributeId: AttributeIds.BrowseName }
    try {
      return (await client.session.read(node)).statusCode.name
    } finally {
      await client.close().catch(() => {})
    }
  }
  await expect.poll(found, { timeout: 60_000, interval: 200 }).toBe('Good')
}, 90_000)
