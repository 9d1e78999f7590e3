/** A data folder that an older program wrote, and raised more alarms over than the one now running: on the page, on MQTT and by OPC UA only what stands stands. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/adapters/store-sqlite/index.ts'
import type { Transition } from '../../src/model/alarm.ts'
import type { AlarmRecord } from '../../src/model/ports.ts'
import { house, type Json, type Running, start, type Told } from '../acceptance/house-rig.ts'
import { connectScada } from '../acceptance/scada-client.ts'

const PATIENCE = { timeout: 25_000, interval: 50 }
const OPERATOR = { user: 'li', password: 'lamp-operator-1' }
const HIGH = 'mine/gas/ch4:high'
const ORPHAN = 'mine/gas/ch4:low'

const rented = house({
  'davy.yaml': { opcua: { enabled: true } },
  'sites/mine.yaml': { site: 'mine', points: [{ id: 'ch4', kind: 'gas.ch4', unit: '%', range: [0, 10] }] },
  'rules/plan.yaml': {
    regulation: { id: 'plan', title: 'A plan' },
    rules: [{ id: 'gas', rule: 'limit', levels: [{ name: 'high', high: 1, severity: 'major' }] }],
  },
})
let service: Running
beforeAll(async () => {
  service = await start(rented)
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

const alarms = async () => (await service.get<{ items: readonly Json[] }>('/api/v1/alarms')).body.items
const raised = async () => (await service.get('/api/v1/alarms/kpi')).body.raised
const audited = () => readFileSync(join(rented.data, 'audit.jsonl'), 'utf8').match(/"alarm-withdrawn"/g)?.length ?? 0

/** What a client that comes now finds retained, and by OPC UA. */
async function shown(): Promise<{ mqtt: readonly string[]; opcua: readonly unknown[] }> {
  const found = new Map<string, string>()
  const device = await service.device()
  device.on('message', (topic, payload, { retain }) => {
    if (retain) found.set(topic, payload.toString())
  })
  await device.subscribeAsync('davy/v1/mine/alarms/#', { qos: 1 })
  await expect.poll(() => found.size, PATIENCE).toBeGreaterThan(0)
  // What is retained comes in one go, before this comes back.
  const back = new Promise((resolve) => device.on('message', (topic) => topic.endsWith('/ch4') && resolve(undefined)))
  await device.subscribeAsync('davy/v1/mine/ch4')
  await device.publishAsync('davy/v1/mine/ch4', JSON.stringify({ value: 2.5 }), { qos: 1 })
  await back
  await device.endAsync()
  const scada = await connectScada(service.opcua!, OPERATOR)
  await scada.refresh()
  await expect.poll(() => scada.events.length, PATIENCE).toBeGreaterThan(0)
  const opcua = [...new Set(scada.events.filter(({ Retain }) => Retain).map(({ ConditionName }) => ConditionName))]
  await scada.close()
  return { mqtt: [...found.values()].map((payload) => (JSON.parse(payload) as Told).id), opcua }
}

test('an ordinary restart touches nothing', async () => {
  await service.post('/api/v1/users', { ...OPERATOR, role: 'operator' })
  await service.post('/api/v1/sites/mine/readings', [{ point: 'ch4', value: 2 }])
  await expect.poll(async () => (await alarms()).length, PATIENCE).toBe(1)
  const before = await alarms()
  await service.stop('SIGKILL')
  service = await start(rented)
  expect(await alarms()).toEqual(before)
  expect(await raised()).toBe(1)
  expect(audited()).toBe(0)
}, 90_000)

test('after an upgrade, what only the older program raised is ended, and nobody is shown it as standing', async () => {
  const stream = await service.stream(0)
  await expect.poll(() => stream.last(), PATIENCE).toBeGreaterThan(0)
  const from = stream.last()
  stream.close()
  await service.stop()
  await olden()
  service = await start(rented)

  const followed = await service.stream(from)
  await expect
    .poll(() => followed.told().map(({ id, cause }) => `${id} ${cause}`), PATIENCE)
    .toEqual(expect.arrayContaining([`${ORPHAN}/1.2 withdrawn`, `${HIGH}/1.1 raised`]))
  followed.close()
  const found = (await alarms()).map(({ alarm, episode, state, withdrawn = false }) => [
    alarm,
    episode,
    state,
    withdrawn,
  ])
  expect(found).toEqual(
    expect.arrayContaining([
      [HIGH, 1, 'unacked', false],
      [HIGH, 2, 'normal', true],
      [ORPHAN, 1, 'normal', true],
      ['mine/gas/ch4:past', 1, 'normal', true],
    ]),
  )
  expect(found).toHaveLength(4)
  const orphan = (await service.get<Json>(`/api/v1/alarms/${ORPHAN}`)).body
  expect(orphan).toMatchObject({ state: 'normal', withdrawn: true, last: { cause: 'withdrawn' } })
  expect(JSON.stringify(orphan.last)).toMatch(/不再得出此报警.*no longer derives/)
  expect((await service.get<Json>(`/api/v1/alarms/${HIGH}`)).body).toMatchObject({ episode: 1, state: 'unacked' })
  expect(await raised()).toBe(1)
  expect(audited()).toBe(2)
  expect(await shown()).toEqual({ mqtt: [`${HIGH}/1.1`], opcua: ['gas/ch4:high'] })

  // What stands is acknowledged, in its episode; what is over is not.
  const ack = (alarm: string, episode: number) => service.post(`/api/v1/alarms/${alarm}/ack`, { episode })
  expect((await ack(ORPHAN, 1)).status).toBe(404)
  expect((await ack(HIGH, 2)).body).toMatchObject({ status: 409, code: 'episode-mismatch' })
  expect((await ack(HIGH, 1)).status).toBe(200)
}, 90_000)

/** Makes the data folder an older program's: its snapshot has another form, and it had raised a second episode, another alarm that
 *  stands, and one that is over. */
async function olden(): Promise<void> {
  const store = await openStore({ file: join(rented.data, 'store.db') })
  try {
    const snapshot = (await store.snapshots.latest())!
    await store.snapshots.save({
      ...snapshot,
      state: { ...(snapshot.state as object), form: 1 },
    })
    const { items } = await store.alarms.list({})
    const [{ last }] = items as [AlarmRecord]
    const step = (given: Partial<Transition> & Pick<Transition, 'alarm' | 'episode' | 'revision'>): Transition => {
      const { alarm, episode, revision } = given
      return { ...last, key: alarm.slice('mine/gas/'.length), ...given, id: `${alarm}/${episode}.${revision}` }
    }
    const over = { from: 'unacked', to: 'rtn-unacked', cause: 'cleared' } as const
    const ended = { from: 'rtn-unacked', to: 'normal', cause: 'acked' } as const
    const again = { from: 'rtn-unacked', to: 'unacked', cause: 'raised' } as const
    const past = 'mine/gas/ch4:past'
    await store.alarms.put([
      step({ alarm: HIGH, episode: 1, revision: 2, ...over }),
      step({ alarm: HIGH, episode: 2, revision: 1, ...again }),
      step({ alarm: ORPHAN, episode: 1, revision: 1 }),
      step({ alarm: past, episode: 1, revision: 1 }),
      step({ alarm: past, episode: 1, revision: 2, ...over }),
      step({ alarm: past, episode: 1, revision: 3, ...ended }),
    ])
  } finally {
    await store.close()
  }
}
