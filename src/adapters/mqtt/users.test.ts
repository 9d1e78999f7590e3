import { connectAsync } from 'mqtt'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'
import { hashPassword } from './password.ts'

const PATIENCE = { timeout: 10_000, interval: 10 }
const BAO = { username: 'bao', password: 'one' }
const HUA = { username: 'hua', password: 'two' }

let fixture: BrokerFixture
beforeEach(async () => {
  fixture = await startBroker({
    users: [
      { user: 'bao', hash: await hashPassword('one'), site: 'baoyuan' },
      { user: 'hua', password: 'two', site: 'huaxin' },
      { user: 'bureau', password: 'three', site: '*' },
    ],
  })
})
afterEach(() => fixture.stop())

test('nobody comes in without the right name and password', async () => {
  const url = fixture.broker.link().peer
  for (const credentials of [
    {},
    { username: 'bao' },
    { ...BAO, password: 'two' },
    { username: 'x', password: 'one' },
  ]) {
    await expect(connectAsync(url, { reconnectPeriod: 0, ...credentials })).rejects.toThrow(/not authorized/i)
  }
  await fixture.client(BAO)
  await fixture.client({ username: 'bureau', password: 'three' })
})

test("a publish for another site is acknowledged, refused by name, and reaches neither the site's nor anybody's ears", async () => {
  const bureau = await fixture.client({ username: 'bureau', password: 'three' })
  const heard: string[] = []
  bureau.on('message', (topic) => heard.push(topic))
  await bureau.subscribeAsync('davy/v1/#')
  const hua = await fixture.client(HUA)
  const bao = await fixture.client(BAO)
  await bao.publishAsync('davy/v1/huaxin/p', '1', { qos: 1 })
  await bao.publishAsync('davy/v1/baoyuan/alarms/limit/k', '2', { qos: 1 })
  await bao.publishAsync('davy/v1/baoyuan/p', '3', { qos: 1 })
  await hua.publishAsync('davy/v1/huaxin/p', '4', { qos: 1 })
  expect(fixture.frames.map(({ topic, refused }) => [topic, refused])).toEqual([
    ['davy/v1/huaxin/p', 'topic-forbidden'],
    ['davy/v1/baoyuan/alarms/limit/k', 'topic-forbidden'],
    ['davy/v1/baoyuan/p', undefined],
    ['davy/v1/huaxin/p', undefined],
  ])
  expect(fixture.frames[0]!.detail).toMatch(
    /^client "\S+" of user "\S+" at 127.0.0.1 may publish on davy\/v1\/baoyuan and/,
  )
  await expect.poll(() => heard, PATIENCE).toEqual(['davy/v1/baoyuan/p', 'davy/v1/huaxin/p'])
  expect(bao.connected && hua.connected).toBe(true)
  await expect.poll(() => fixture.logs.join(), PATIENCE).toMatch(/published for another site/)
})

test('a subscription beyond the own site is refused', async () => {
  const bao = await fixture.client(BAO)
  const heard: string[] = []
  bao.on('message', (topic) => heard.push(topic))
  await expect(bao.subscribeAsync(['davy/v1/#', 'davy/v1/huaxin/#', '#', 'davy/v1/+/p'])).rejects.toThrow()
  await bao.subscribeAsync('davy/v1/baoyuan/#')
  const hua = await fixture.client(HUA)
  await hua.publishAsync('davy/v1/huaxin/p', '1', { qos: 1 })
  await bao.publishAsync('davy/v1/baoyuan/p', '2', { qos: 1 })
  await expect.poll(() => heard, PATIENCE).toEqual(['davy/v1/baoyuan/p'])
})

test("a client id is the user's own: another user neither takes over nor inherits its session", async () => {
  const session = { clientId: 'gateway', clean: false }
  const bao = await fixture.client({ ...BAO, ...session })
  await bao.subscribeAsync('davy/v1/baoyuan/#', { qos: 1 })
  const closed: boolean[] = []
  bao.on('close', () => closed.push(true))

  const hua = await fixture.client({ ...HUA, ...session })
  const heard: string[] = []
  hua.on('message', (topic) => heard.push(topic))
  // A wrong password must not take over either.
  const thief = connectAsync(fixture.broker.link().peer, { ...BAO, password: 'x', ...session, reconnectPeriod: 0 })
  await expect(thief).rejects.toThrow(/not authorized/i)
  await bao.publishAsync('davy/v1/baoyuan/p', '1', { qos: 1 })
  await hua.subscribeAsync('davy/v1/huaxin/#')
  await hua.publishAsync('davy/v1/huaxin/p', '2', { qos: 1 })
  await expect.poll(() => heard, PATIENCE).toEqual(['davy/v1/huaxin/p'])
  expect(closed).toEqual([])
})
