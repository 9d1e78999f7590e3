import { connect } from 'node:net'
import { connectAsync } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'
import { createBroker } from './broker.ts'
import type { MqttSettingsInput } from './settings.ts'

const PATIENCE = { timeout: 10_000, interval: 10 }
const CONTEXT = { name: 'mqtt', now: Date.now, log: () => {} }

let running: BrokerFixture | undefined
const start = async (settings?: MqttSettingsInput) => {
  running = await startBroker(settings)
  return running
}
afterEach(async () => {
  await running?.stop()
  running = undefined
})

test('listening beyond loopback without users, or without TLS, is refused unless it is meant', () => {
  const host = '0.0.0.0'
  const users = [{ user: 'a', password: 'b', site: 'c' }]
  // Any file that can be read: nothing listens here.
  const tls = { cert: import.meta.filename, key: import.meta.filename }
  const warnings: string[] = []
  const context = { ...CONTEXT, log: (_level: string, message: string) => warnings.push(message) }
  for (const [settings, needs] of [
    [{ host }, 'give `users` and `tls`'],
    [{ host, users }, 'give `tls`'],
    [{ host, tls }, 'give `users`'],
    [{ host, users, ws: { port: 0 } }, 'give `tls`'],
  ] as const) {
    const refused = { code: 'mqtt-open-listener', remedy: expect.stringContaining(needs) }
    expect(() => createBroker(settings, context)).toThrow(expect.objectContaining(refused))
  }
  for (const settings of [{ host, users, tls }, { host: '127.0.0.2' }, { host: '::1' }]) createBroker(settings, context)
  expect(warnings).toEqual([])
  createBroker({ host, insecure: true }, context)
  createBroker({ host, users, insecure: true }, context)
  expect(warnings).toEqual([
    'the broker listens on 0.0.0.0: anybody who reaches it may forge readings, and passwords and readings cross the network in the clear (insecure: true)',
    'the broker listens on 0.0.0.0: passwords and readings cross the network in the clear (insecure: true)',
  ])
})

test('a certificate that cannot be read is said before anything listens', () => {
  const create = () => createBroker({ tls: { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' } }, CONTEXT)
  expect(create).toThrow(expect.objectContaining({ code: 'mqtt-tls-unreadable', where: 'mqtt: tls.cert' }))
})

test('a port in use is a lost source with the reason in the link', async () => {
  const { broker } = await start()
  const second = createBroker({ port: broker.address().port }, CONTEXT)
  const frames = second.open(new AbortController().signal)[Symbol.asyncIterator]()
  await expect(frames.next()).rejects.toMatchObject({
    code: 'source-lost',
    message: expect.stringMatching(/EADDRINUSE/),
  })
  expect(second.link()).toMatchObject({ state: 'down', reason: expect.stringMatching(/EADDRINUSE/) })
})

test('QoS 0, 1 and 2 arrive; 1 and 2 are acknowledged only when settled', async () => {
  const fixture = await start()
  fixture.take = () => {}
  const device = await fixture.client()
  const done: number[] = []
  for (const qos of [1, 2] as const)
    void device.publishAsync('davy/v1/s/p', `q${qos}`, { qos }).then(() => done.push(qos))
  await expect.poll(() => fixture.payloads('davy/v1/s/p'), PATIENCE).toEqual(['q1', 'q2'])
  expect(done).toEqual([])
  for (const frame of fixture.frames) frame.settle('journaled')
  await expect.poll(() => done.toSorted(), PATIENCE).toEqual([1, 2])
  device.publish('davy/v1/s/p', 'q0')
  await expect.poll(() => fixture.payloads('davy/v1/s/p'), PATIENCE).toContain('q0')
})

test('whoever subscribed hears readings once they are settled, and no retained ones later', async () => {
  const fixture = await start()
  const heard: string[] = []
  const listen = async () => {
    const client = await fixture.client()
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload}`))
    await client.subscribeAsync('davy/v1/s/#', { qos: 1 })
    return client
  }
  await listen()
  const device = await fixture.client()
  await device.publishAsync('davy/v1/s/p', '1', { qos: 1, retain: true })
  await expect.poll(() => heard, PATIENCE).toEqual(['davy/v1/s/p 1'])
  const late = await listen()
  await late.publishAsync('davy/v1/s/q', '2', { qos: 1 })
  await expect.poll(() => heard.length, PATIENCE).toBe(3)
  expect(heard.filter((line) => line === 'davy/v1/s/p 1')).toHaveLength(1)
})

test('a topic that is no reading reaches the door, to be refused there, and nobody else', async () => {
  const fixture = await start()
  const peer = await fixture.client()
  const heard: string[] = []
  peer.on('message', (topic) => topic.startsWith('spBv1.0/STATE/') || heard.push(topic))
  await peer.subscribeAsync('#')
  await peer.publishAsync('zigbee/x', '1', { qos: 1 })
  await peer.publishAsync('davy/v1/s/p', '2', { qos: 1 })
  await expect.poll(() => heard, PATIENCE).toEqual(['davy/v1/s/p'])
  expect(fixture.frames.map(({ topic }) => topic)).toEqual(['zigbee/x', 'davy/v1/s/p'])
})

test('the will of a device that died is a message of it', async () => {
  const fixture = await start()
  const device = await fixture.client({ will: { topic: 'davy/v1/s/gw', payload: Buffer.from('gone'), qos: 1 } })
  device.stream.destroy()
  await expect.poll(() => fixture.payloads('davy/v1/s/gw'), PATIENCE).toEqual(['gone'])
})

test('a client cut off in mid-stream loses nothing it was told is safe, and harms nobody', async () => {
  const fixture = await start()
  const { port } = fixture.broker.address()
  const dying = connect(port, '127.0.0.1')
  dying.on('error', () => {})
  dying.write(generate({ cmd: 'connect', clientId: 'dying', protocolId: 'MQTT', clean: true, keepalive: 60 }))
  for (let id = 1; id <= 500; id++) {
    const publish = { cmd: 'publish', topic: 'davy/v1/s/dying', payload: `${id}`, qos: 1, messageId: id } as const
    dying.write(generate({ ...publish, dup: false, retain: false }))
  }
  let acknowledged = -4
  dying.on('data', (data) => {
    acknowledged += data.length
    // Half a packet, and gone.
    dying.write(Buffer.of(0x32, 0x7f, 0x00))
    dying.destroy()
  })
  const device = await fixture.client()
  await expect.poll(() => dying.destroyed, PATIENCE).toBe(true)
  await device.publishAsync('davy/v1/s/p', 'alive', { qos: 1 })
  expect(fixture.payloads('davy/v1/s/p')).toEqual(['alive'])
  expect(fixture.payloads('davy/v1/s/dying').length).toBeGreaterThanOrEqual(acknowledged / 4)
  expect(fixture.workers).toHaveLength(1)
})

test('a client of MQTT 5 is told that it is not spoken here', async () => {
  const { broker } = await start()
  const connecting = connectAsync(broker.link().peer, { protocolVersion: 5, reconnectPeriod: 0 })
  await expect(connecting).rejects.toThrow(/protocol version/i)
})
