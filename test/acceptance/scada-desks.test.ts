/** What desks raised of their own, over OPC UA, after a reload that takes the desks away. */
import { AttributeIds } from 'node-opcua'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house, type Running, start } from './house-rig.ts'
import { connectScada, type Scada } from './scada-client.ts'

const PATIENCE = { timeout: 20_000, interval: 50 }
const POINTS = ['t-1', 't-2', 't-3']
const LATE = 'plant/response-clock/plant/level/t-1:full'
const FLOOD = 'plant/alarm-flood/control'
/** The rule's own, which no desk is needed for. */
const LEVEL = 'plant/level/t-1:full'

const duty = (ack: string, ...desks: readonly object[]) => ({
  desks,
  clocks: { critical: { ack } },
  flood: { from: 3, within: '10m', until: 2 },
})
const CONTROL = { id: 'control', level: 'mine', sites: ['plant'], parent: 'bureau' }

let rented: House
let service: Running
let scada: Scada
beforeAll(async () => {
  rented = house({
    'davy.yaml': { opcua: { enabled: true, anonymous: true, language: 'en', keepNormal: '1s' } },
    'duty.yaml': duty('1s', CONTROL, { id: 'bureau', level: 'county' }),
    'sites/plant.yaml': {
      site: 'plant',
      areas: [{ id: 'farm' }],
      points: POINTS.map((id) => ({ id, kind: 'tank.level', unit: 'm', area: 'farm', silentAfter: 'never' })),
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan' },
      rules: [
        {
          id: 'level',
          rule: 'limit',
          match: { kind: 'tank.level' },
          severity: 'critical',
          levels: [{ name: 'full', high: 15 }],
        },
      ],
    },
  })
  service = await start(rented)
  scada = await connectScada(service.opcua!)
}, 60_000)
afterAll(async () => {
  await scada?.close().catch(() => {})
  await service?.stop()
  rented?.remove()
})

const nodeOf = async (alarm: string): Promise<string> => {
  const node = { nodeId: `ns=2;s=alarm/${alarm}`, attributeId: AttributeIds.BrowseName }
  return (await scada.session.read(node)).statusCode.name
}
/** Of the latest episode of each; they come newest first. */
const states = async () => {
  const { body } = await service.get<{ items: readonly { alarm: string; state: string }[] }>('/api/v1/alarms?limit=50')
  return Object.fromEntries(body.items.toReversed().map(({ alarm, state }) => [alarm, state]))
}

test('a clock that ran out and a flood are conditions while their desks are there', async () => {
  await service.post(
    '/api/v1/sites/plant/readings',
    POINTS.map((point) => ({ point, value: 17, ts: Date.now() })),
  )
  for (const alarm of [LEVEL, LATE, FLOOD]) await expect.poll(() => nodeOf(alarm), PATIENCE).toBe('Good')
  await expect.poll(states, PATIENCE).toMatchObject({ [LEVEL]: 'unacked', [LATE]: 'unacked', [FLOOD]: 'unacked' })
  for (const alarm of [LATE, FLOOD]) await service.post(`/api/v1/alarms/${alarm}/ack`)
  await expect.poll(states, PATIENCE).toMatchObject({ [LATE]: 'acked', [FLOOD]: 'acked' })
})

test('once their desks are gone both end, and their nodes go; the alarms themselves stand', async () => {
  rented.write('duty.yaml', duty('1h', { ...CONTROL, id: 'watch', parent: undefined }))
  await expect.poll(states, PATIENCE).toMatchObject({ [LEVEL]: 'unacked', [LATE]: 'normal', [FLOOD]: 'normal' })
  for (const alarm of [LATE, FLOOD]) await expect.poll(() => nodeOf(alarm), PATIENCE).toBe('BadNodeIdUnknown')
  expect(await nodeOf(LEVEL)).toBe('Good')
})

test('what nobody answered is called for anew by the desk that is there now', async () => {
  rented.write('duty.yaml', duty('1s', { ...CONTROL, id: 'guard', parent: undefined }))
  await expect.poll(states, PATIENCE).toMatchObject({ [LATE]: 'unacked' })
  await expect.poll(() => nodeOf(LATE), PATIENCE).toBe('Good')
  const { body } = await service.get<{ last: { desk?: string } }>(`/api/v1/alarms/${LATE}`)
  expect(body.last.desk).toBe('guard')
})
