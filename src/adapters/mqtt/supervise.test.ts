import { afterEach, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'

const PATIENCE = { timeout: 10_000, interval: 10 }

let fixture: BrokerFixture
afterEach(() => fixture.stop())

test('a crash of the thread is reported, and it listens on the same port again with what was retained', async () => {
  fixture = await startBroker()
  const { broker, workers, logs } = fixture
  const { port } = broker.address()
  await broker.publish([{ topic: 'davy/v1/s/alarms/limit/k', payload: 'standing', retain: true }])
  const device = await fixture.client({ reconnectPeriod: 20 })

  // A message the thread cannot understand ends it as any defect in it would.
  workers[0]!.postMessage({ type: 'publish', id: -1, messages: null })
  await expect.poll(() => broker.link().state, PATIENCE).toBe('down')
  expect(broker.link().reason).toMatch(/iterable|null/)
  expect(logs.join()).toMatch(/error the MQTT broker is down/)

  await expect.poll(() => broker.link().state, PATIENCE).toBe('up')
  expect(broker.address().port).toBe(port)
  expect(workers).toHaveLength(2)
  await device.publishAsync('davy/v1/s/p', 'again', { qos: 1 })
  expect(fixture.payloads('davy/v1/s/p')).toContain('again')

  const late = await fixture.client()
  const heard: string[] = []
  late.on('message', (_, payload, { retain }) => heard.push(`${payload} ${retain}`))
  await late.subscribeAsync('davy/v1/s/alarms/#')
  await expect.poll(() => heard, PATIENCE).toEqual(['standing true'])
})

test('alarms published while the thread restarts go out afterwards', async () => {
  fixture = await startBroker()
  const { broker, workers } = fixture
  await workers[0]!.terminate()
  await expect.poll(() => broker.link().state, PATIENCE).toBe('down')
  await broker.publish([{ topic: 'davy/v1/s/alarms/limit/k', payload: 'raised', retain: false }])
  expect(broker.link().state).toBe('up')
})

test('frames of a thread that is gone are settled without harm', async () => {
  fixture = await startBroker()
  const { broker, workers, frames } = fixture
  fixture.take = () => {}
  const device = await fixture.client({ reconnectPeriod: 20, clean: false, clientId: 'gw' })
  let done = false
  void device.publishAsync('davy/v1/s/p', '1', { qos: 1 }).then(() => {
    done = true
  })
  await expect.poll(() => frames.length, PATIENCE).toBe(1)
  await workers[0]!.terminate()
  await expect.poll(() => broker.link().state, PATIENCE).toBe('up')
  frames[0]!.settle('journaled')
  // The device sends again what was never acknowledged to it.
  await expect.poll(() => frames.length, PATIENCE).toBe(2)
  expect(done).toBe(false)
  frames[1]!.settle('journaled')
  await expect.poll(() => done, PATIENCE).toBe(true)
})
