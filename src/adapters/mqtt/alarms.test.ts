import { connect } from 'mqtt'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'

const PATIENCE = { timeout: 10_000, interval: 10 }
const TOPIC = 'davy/v1/s/alarms/limit/k'

let fixture: BrokerFixture
beforeEach(async () => {
  fixture = await startBroker()
})
afterEach(() => fixture.stop())

async function listen(): Promise<string[]> {
  const heard: string[] = []
  const client = await fixture.client()
  client.on('message', (_, payload, { retain }) => heard.push(`${payload}${retain ? ' (retained)' : ''}`))
  await client.subscribeAsync('davy/v1/s/alarms/#', { qos: 1 })
  return heard
}

test('who listens hears every message in order; who comes later hears what stands', async () => {
  const early = await listen()
  const { broker, frames } = fixture
  await broker.publish([{ topic: TOPIC, payload: 'raised', retain: true }])
  const late = await listen()
  await expect.poll(() => late, PATIENCE).toEqual(['raised (retained)'])
  const many = Array.from({ length: 200 }, (_, i) => ({ topic: TOPIC, payload: `${i}`, retain: i % 2 === 0 }))
  await broker.publish([
    ...many,
    { topic: TOPIC, payload: 'normal', retain: false },
    { topic: TOPIC, payload: '', retain: true },
  ])
  const expected = ['raised', ...many.map(({ payload }) => payload), 'normal', '']
  await expect.poll(() => early, PATIENCE).toEqual(expected)
  const latest = await listen()
  await broker.publish([{ topic: TOPIC, payload: 'next', retain: false }])
  await expect.poll(() => latest, PATIENCE).toEqual(['next'])
  expect(frames).toEqual([])
})

test('a session that was away gets the alarms of meanwhile', async () => {
  const session = { clientId: 'desk', clean: false }
  const desk = await fixture.client(session)
  await desk.subscribeAsync('davy/v1/s/alarms/#', { qos: 1 })
  await desk.endAsync()
  await fixture.broker.publish([{ topic: TOPIC, payload: 'missed', retain: false }])
  // Listens before it connects: what was kept comes right after the welcome.
  const back = connect(fixture.broker.link().peer, session)
  const heard: string[] = []
  back.on('message', (_, payload) => heard.push(`${payload}`))
  await expect.poll(() => heard, PATIENCE).toEqual(['missed'])
  await back.endAsync(true)
})

test('a subscriber that reads nothing holds back neither devices nor other subscribers', async () => {
  const sleeper = await fixture.client()
  await sleeper.subscribeAsync('davy/v1/s/#', { qos: 0 })
  sleeper.stream.pause()
  const heard = await listen()
  const device = await fixture.client()
  const payload = 'x'.repeat(100_000)
  for (let i = 0; i < 200; i++) await device.publishAsync('davy/v1/s/p', payload, { qos: 1 })
  await fixture.broker.publish([{ topic: TOPIC, payload: 'raised', retain: false }])
  await expect.poll(() => heard, PATIENCE).toEqual(['raised'])
})

test('publishing while it is not open is refused', async () => {
  await fixture.broker.close()
  await expect(fixture.broker.publish([])).rejects.toMatchObject({ code: 'mqtt-broker-closed' })
})
