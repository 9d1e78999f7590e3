import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Aedes } from 'aedes'
import { connectAsync } from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import type { Transition } from '../../model/alarm.ts'
import { type AlarmMessage, createMqttSink } from './index.ts'
import { alarmTopic } from './topic.ts'

const PATIENCE = { timeout: 10_000, interval: 10 }
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function transition(
  to: Transition['to'],
  {
    key = 'face-101',
    instance = 'crew/coal-face',
    severity = 'major',
    offset = 1,
  }: Partial<Pick<Transition, 'key' | 'instance' | 'severity' | 'offset'>> = {},
): Transition {
  return {
    id: `baoyuan/${instance}/${key}/1.1`,
    alarm: `baoyuan/${instance}/${key}`,
    episode: 1,
    revision: 1,
    at: 0,
    received: 0,
    offset,
    site: 'baoyuan',
    rule: 'over-crew',
    instance,
    key,
    from: 'normal',
    to,
    cause: 'raised',
    severity,
    text: { zh: '超员', en: 'over crew' },
    evidence: [],
  }
}

const serialise = ({ instance, to }: Transition) => `${instance} ${to}`
const TOPIC = 'davy/v1/baoyuan/alarms/over-crew/face-101'

test('the topic holds site, rule and key, without what no topic may hold', () => {
  expect(alarmTopic(transition('unacked'))).toBe(TOPIC)
  expect(alarmTopic(transition('unacked', { key: 'a+b#c%d\0/1:high' }))).toBe(
    'davy/v1/baoyuan/alarms/over-crew/a%2Bb%23c%25d%00/1:high',
  )
})

test('two instances of a rule on one key do not clear each other', async () => {
  const sent: AlarmMessage[] = []
  const sink = createMqttSink({ serialise, publish: async (messages) => void sent.push(...messages) })
  const other = { instance: 'crew/handover' }
  await sink.publish([transition('unacked'), transition('unacked', other), transition('normal', other)])
  expect(sent.at(-1)).toEqual({ topic: TOPIC, payload: 'crew/coal-face unacked', retain: true })
  await sink.publish([transition('normal')])
  expect(sent.at(-1)).toEqual({ topic: TOPIC, payload: '', retain: true })
})

test('of several items of a rule on one key the worst that stands is retained, and every one is heard', async () => {
  const sent: AlarmMessage[] = []
  const sink = createMqttSink({ serialise, publish: async (messages) => void sent.push(...messages) })
  const tell = async (...of: Parameters<typeof transition>) => {
    sent.length = 0
    await sink.publish([transition(...of)])
    return sent.map(({ payload, retain }) => `${payload}${retain ? ' (retained)' : ''}`)
  }
  const mild = { instance: 'mild', severity: 'minor' } as const
  const grave = { instance: 'grave', severity: 'critical' } as const
  expect(await tell('unacked', mild)).toEqual(['mild unacked (retained)'])
  expect(await tell('unacked', grave)).toEqual(['grave unacked (retained)'])
  expect(await tell('acked', mild)).toEqual(['mild acked', 'grave unacked (retained)'])
  // Returned to normal it is not active, however severe it was.
  expect(await tell('rtn-unacked', grave)).toEqual(['grave rtn-unacked', 'mild acked (retained)'])
  expect(await tell('normal', grave)).toEqual(['grave normal', 'mild acked (retained)'])
  expect(await tell('unacked', { ...mild, instance: 'newer', offset: 2 })).toEqual(['newer unacked (retained)'])
  expect(await tell('normal', { ...mild, instance: 'newer', offset: 3 })).toEqual([
    'newer normal',
    'mild acked (retained)',
  ])
  expect(await tell('normal', mild)).toEqual(['mild normal', ' (retained)'])
  // Told again after a crash: nothing is left that should not be.
  expect(await tell('normal', mild)).toEqual(['mild normal', ' (retained)'])
})

test('what has returned to normal is heard, and not retained, though nobody has acknowledged it', async () => {
  const sent: AlarmMessage[] = []
  const sink = createMqttSink({ serialise, publish: async (messages) => void sent.push(...messages) })
  await sink.publish([transition('unacked'), transition('rtn-unacked')])
  expect(sent.map(({ payload, retain }) => [payload, retain])).toEqual([
    ['crew/coal-face unacked', true],
    ['crew/coal-face rtn-unacked', false],
    ['', true],
  ])
})

test('through a broker: retained while it is active, the end is heard by who listens, and nothing is left for who comes later', async () => {
  const aedes = await Aedes.createBroker()
  const server = createServer((socket) => void aedes.handle(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(
    () => server.close(),
    () => new Promise<void>((resolve) => aedes.close(resolve)),
  )
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
  const way = await connectAsync(url)
  const publish = async (messages: readonly AlarmMessage[]) => {
    for (const { topic, payload, retain } of messages) await way.publishAsync(topic, payload, { qos: 1, retain })
  }
  const sink = createMqttSink({ serialise, publish, close: () => way.endAsync() })
  cleanups.push(() => sink.close())
  const listen = async () => {
    const heard: string[] = []
    const client = await connectAsync(url)
    cleanups.push(() => client.endAsync(true))
    client.on('message', (_, payload, { retain }) => heard.push(`${payload}${retain ? ' (retained)' : ''}`))
    await client.subscribeAsync('davy/v1/baoyuan/alarms/#', { qos: 1 })
    return heard
  }
  const early = await listen()
  await sink.publish([transition('unacked')])
  const late = await listen()
  await expect.poll(() => late, PATIENCE).toEqual(['crew/coal-face unacked (retained)'])
  await sink.publish([transition('acked'), transition('normal')])
  const lines = ['crew/coal-face acked', 'crew/coal-face normal', '']
  await expect.poll(() => early, PATIENCE).toEqual(['crew/coal-face unacked', ...lines])
  await expect.poll(() => late.slice(1), PATIENCE).toEqual(lines)
  const latest = await listen()
  await sink.publish([transition('unacked', { key: 'other' })])
  await expect.poll(() => latest, PATIENCE).toEqual(['crew/coal-face unacked'])
})
