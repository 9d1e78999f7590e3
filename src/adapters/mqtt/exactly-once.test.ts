import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate, type Packet, parser } from 'mqtt-packet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'

const PATIENCE = { timeout: 15_000, interval: 10 }

let fixture: BrokerFixture
const sockets: Socket[] = []
beforeEach(async () => {
  fixture = await startBroker()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await fixture.stop()
})

/** A device that does by hand what a client library does. */
async function device(clean: boolean) {
  const socket = connect(fixture.broker.address().port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  const heard: string[] = []
  const packets = parser()
  packets.on('packet', (packet: Packet) => heard.push(`${packet.cmd} ${packet.messageId ?? ''}`.trim()))
  socket.on('data', (data) => packets.parse(data))
  socket.write(generate({ cmd: 'connect', clientId: 'device', protocolId: 'MQTT', clean, keepalive: 0 }))
  await expect.poll(() => heard, PATIENCE).toEqual(['connack'])
  heard.length = 0
  return {
    heard,
    publish: (messageId: number, payload: string, dup = false) =>
      socket.write(generate({ cmd: 'publish', topic: 'davy/v1/s/p', payload, qos: 2, messageId, dup, retain: false })),
    release: (messageId: number) => socket.write(generate({ cmd: 'pubrel', messageId })),
    async vanish() {
      socket.destroy()
      await once(socket, 'close')
    },
  }
}
const payloads = () => fixture.payloads('davy/v1/s/p')

test('a message told again before it is released is journaled once; its id is free afterwards', async () => {
  const { heard, publish, release } = await device(true)
  publish(5, 'one')
  await expect.poll(() => heard, PATIENCE).toEqual(['pubrec 5'])
  publish(5, 'one', true)
  await expect.poll(() => heard, PATIENCE).toEqual(['pubrec 5', 'pubrec 5'])
  release(5)
  await expect.poll(() => heard.at(-1), PATIENCE).toBe('pubcomp 5')
  publish(5, 'two')
  await expect.poll(payloadsAre(['one', 'two']), PATIENCE).toBe(true)
})

test('told again over a new connection of the same session, while it is not journaled yet and after', async () => {
  const held: (() => void)[] = []
  fixture.take = (frame) => held.push(() => frame.settle('journaled'))
  const first = await device(false)
  first.publish(7, 'one')
  await expect.poll(() => held.length, PATIENCE).toBe(1)
  await first.vanish()
  const second = await device(false)
  second.publish(7, 'one', true)
  second.publish(8, 'two')
  await expect.poll(() => held.length, PATIENCE).toBe(2)
  for (const settle of held) settle()
  await expect.poll(() => second.heard.toSorted(), PATIENCE).toEqual(['pubrec 7', 'pubrec 8'])
  await second.vanish()
  const third = await device(false)
  third.publish(7, 'one', true)
  await expect.poll(() => third.heard, PATIENCE).toEqual(['pubrec 7'])
  expect(payloads()).toEqual(['one', 'two'])
})

test('a session that ended with its connection knows nothing of the next one', async () => {
  const held: (() => void)[] = []
  fixture.take = (frame) => held.push(() => frame.settle('journaled'))
  const first = await device(true)
  first.publish(7, 'one')
  await expect.poll(() => held.length, PATIENCE).toBe(1)
  await first.vanish()
  const second = await device(true)
  second.publish(7, 'another')
  await expect.poll(() => held.length, PATIENCE).toBe(2)
  for (const settle of held) settle()
  await expect.poll(() => second.heard, PATIENCE).toEqual(['pubrec 7'])
  expect(payloads()).toEqual(['one', 'another'])
})

function payloadsAre(expected: readonly string[]): () => boolean {
  return () => JSON.stringify(payloads()) === JSON.stringify(expected)
}
