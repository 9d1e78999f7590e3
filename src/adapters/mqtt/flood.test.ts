import { connect, type Socket } from 'node:net'
import { generate } from 'mqtt-packet'
import { afterEach, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }

let fixture: BrokerFixture
let sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  await fixture.stop()
})

async function raw(clientId: string): Promise<Socket> {
  const socket = connect(fixture.broker.address().port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  socket.write(generate({ cmd: 'connect', clientId, protocolId: 'MQTT', clean: true, keepalive: 0 }))
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}

const message = (topic: string, payload: string | Buffer) =>
  generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false })

/** Writes without pause until `count` messages were written; slower only where the socket says so. */
function blast(
  socket: Socket,
  { topic, count, payload = '{"value":1}' }: { topic: string; count: number; payload?: string },
): Promise<void> {
  const block = Buffer.concat(Array.from({ length: 500 }, () => message(topic, payload)))
  return new Promise((resolve) => {
    let left = count / 500
    const write = () => {
      while (left > 0 && !socket.destroyed) {
        left--
        if (!socket.write(block)) {
          socket.once('drain', write)
          return
        }
      }
      resolve()
    }
    write()
  })
}

test('100 connections blasting QoS 0 before a subscriber that reads nothing and leaves do not crash it, nor lose a reading', async () => {
  fixture = await startBroker()
  const { broker, workers } = fixture
  let count = 0
  fixture.take = (frame) => {
    count++
    frame.settle('journaled')
  }
  const subscriber = await raw('sleeper')
  subscriber.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'davy/v1/#', qos: 0 }] }))
  await new Promise((resolve) => subscriber.once('data', resolve))
  subscriber.pause()
  const devices = await Promise.all(Array.from({ length: 100 }, (_, i) => raw(`d${i}`)))
  // Large enough that the sockets' buffers do not hold them for the sleeper: a backlog forms.
  const payload = JSON.stringify({ value: 1, ref: 'x'.repeat(600) })
  const blasting = Promise.all(
    devices.map((device, i) => blast(device, { topic: `davy/v1/s/p${i}`, count: 1_000, payload })),
  )
  await blasting
  await expect.poll(() => count, PATIENCE).toBe(100_000)
  const device = await fixture.client()
  subscriber.destroy()
  device.publish('davy/v1/s/p', '1', { qos: 1 })
  const down = () => fixture.logs.filter((line) => line.includes('is down'))
  await expect.poll(() => fixture.payloads('davy/v1/s/p').length + down().length, PATIENCE).toBe(1)
  expect(down()).toEqual([])
  expect(broker.link().state).toBe('up')
  expect(workers).toHaveLength(1)
}, 60_000)

test('while nothing is settled, no more than the limit is taken from the sockets; afterwards everything comes', async () => {
  fixture = await startBroker({ limits: { unsettled: 1_000 } })
  const held: { settle(outcome: 'journaled'): void }[] = []
  fixture.take = (frame) => held.push(frame)
  const devices = await Promise.all(Array.from({ length: 20 }, (_, i) => raw(`d${i}`)))
  const blasting = Promise.all(devices.map((device, i) => blast(device, { topic: `davy/v1/s/p${i}`, count: 20_000 })))
  await expect.poll(() => held.length, PATIENCE).toBeGreaterThanOrEqual(1_000)
  // Strangers are still welcomed: each of these connections is a few turns of the thread in which it could take more.
  for (let i = 0; i < 20; i++) await fixture.client()
  // One read of one socket may go beyond it: 64 KiB of messages of 27 bytes and more.
  expect(held.length).toBeLessThan(1_000 + 65_536 / 27 + 1)
  fixture.take = (frame) => frame.settle('journaled')
  for (const frame of held) frame.settle('journaled')
  await blasting
  await expect.poll(() => fixture.frames.length, PATIENCE).toBe(400_000)
}, 60_000)

test('a payload over 1 MiB reaches the door with its true size; a packet over the limit closes its connection alone', async () => {
  fixture = await startBroker({ limits: { packet: 2 * 1_024 * 1_024 } })
  const good = await raw('good')
  const large = await raw('large')
  large.write(message('davy/v1/s/large', Buffer.alloc(1_500_000)))
  await expect.poll(() => fixture.frames.length, PATIENCE).toBe(1)
  expect(fixture.frames[0]?.payload.length).toBe(1_500_000)
  large.write(message('davy/v1/s/large', Buffer.alloc(2_500_000)))
  await expect.poll(() => large.destroyed, PATIENCE).toBe(true)
  good.write(message('davy/v1/s/p', '1'))
  await expect.poll(() => fixture.payloads('davy/v1/s/p'), PATIENCE).toEqual(['1'])
  expect(fixture.logs.join()).toMatch(/packet larger than `limits.packet`/)
})

test('a stranger cannot send more than a CONNECT', async () => {
  fixture = await startBroker()
  const socket = connect(fixture.broker.address().port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  // A CONNECT that announces 10 MiB.
  socket.write(Buffer.of(0x10, 0x80, 0x80, 0x80, 0x05, 0x00))
  await expect.poll(() => socket.destroyed, PATIENCE).toBe(true)
})

test('what is not MQTT closes its own connection', async () => {
  fixture = await startBroker()
  for (const junk of ['GET / HTTP/1.1\r\n\r\n', Buffer.alloc(1_000, 0xff), Buffer.of(0x00, 0x00)]) {
    const socket = connect(fixture.broker.address().port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => {})
    socket.write(junk)
    await expect.poll(() => socket.destroyed, PATIENCE).toBe(true)
  }
  const device = await fixture.client()
  await device.publishAsync('davy/v1/s/p', '1', { qos: 1 })
  expect(fixture.workers).toHaveLength(1)
})

test('connections beyond the limit are refused, the others live', async () => {
  fixture = await startBroker({ limits: { connections: 2 } })
  const device = await fixture.client()
  await fixture.client()
  const third = connect(fixture.broker.address().port, '127.0.0.1')
  sockets.push(third)
  third.on('error', () => {})
  third.resume()
  await expect.poll(() => third.destroyed, PATIENCE).toBe(true)
  await device.publishAsync('davy/v1/s/p', '1', { qos: 1 })
  expect(fixture.logs.join()).toMatch(/limits.connections/)
})

test('a topic of hundreds of levels ends its own connection only', async () => {
  fixture = await startBroker()
  const deep = await raw('deep')
  deep.write(message(`davy/v1/s${'/x'.repeat(300)}`, '1'))
  await expect.poll(() => deep.destroyed, PATIENCE).toBe(true)
  const device = await fixture.client()
  await device.publishAsync('davy/v1/s/p', '1', { qos: 1 })
  expect(fixture.workers).toHaveLength(1)
})
