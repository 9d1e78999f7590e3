import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as attach, connectAsync, type MqttClient } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'
import type { MqttSettingsInput } from './settings.ts'

const PATIENCE = { timeout: 15_000, interval: 10 }

let fixture: BrokerFixture
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await fixture.stop()
})
const start = async (settings: MqttSettingsInput) => {
  fixture = await startBroker(settings)
}
async function raw(): Promise<Socket> {
  const socket = connect(fixture.broker.address().port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  socket.resume()
  await once(socket, 'connect')
  return socket
}
const closed = (socket: Socket) => expect.poll(() => socket.destroyed, PATIENCE).toBe(true)
const counted = (what: RegExp) =>
  expect.poll(() => Object.keys(fixture.broker.notices!()).some((notice) => what.test(notice)), PATIENCE).toBe(true)

test('a connection that does not say who it is has its time, and is closed', async () => {
  await start({ limits: { connectWithin: 1 } })
  await closed(await raw())
  await counted(/connect did not arrive in time/)
})

test('an address has so many connections, and so many that have not said who they are', async () => {
  await start({ limits: { perAddress: 3, strangers: 2 } })
  await raw()
  await raw()
  await closed(await raw())
  await counted(/limits.strangers/)
  for (const socket of sockets.splice(0)) socket.destroy()
  const devices: MqttClient[] = []
  for (let i = 0; i < 3; i++) {
    // The broker hears of a closed socket in its own time.
    await expect
      .poll(async () => {
        const device = await fixture.client().catch(() => undefined)
        if (device) devices.push(device)
        return device !== undefined
      }, PATIENCE)
      .toBe(true)
  }
  await closed(await raw())
  await counted(/limits.perAddress/)
  expect(devices.every(({ connected }) => connected)).toBe(true)
})

test('a connection faster than its rate is read more slowly, and nothing is lost', async () => {
  await start({ limits: { rate: 500 } })
  const socket = await raw()
  socket.write(generate({ cmd: 'connect', clientId: 'fast', protocolId: 'MQTT', clean: true, keepalive: 0 }))
  await once(socket, 'data')
  const packet = generate({ cmd: 'publish', topic: 'davy/v1/s/p', payload: '1', qos: 0, dup: false, retain: false })
  for (let i = 0; i < 100; i++) socket.write(Buffer.concat(Array.from({ length: 20 }, () => packet)))
  await expect.poll(() => fixture.frames.length, PATIENCE).toBe(2_000)
  await counted(/limits.rate/)
})

test('who guesses is not looked at any more for a while; others, and those known, are', async () => {
  const users = [
    { user: 'gw', password: 'right', site: 's' },
    { user: 'other', password: 'fine', site: 's' },
  ]
  await start({ users })
  const url = fixture.broker.link().peer
  const known = await fixture.client({ username: 'gw', password: 'right' })
  const attempt = (username: string, password: string) =>
    connectAsync(url, { username, password, reconnectPeriod: 0 }).then(
      (client) => client.endAsync(true).then(() => 'in'),
      () => 'refused',
    )
  for (let i = 0; i < 6; i++) expect(await attempt('gw', `guess-${i}`)).toBe('refused')
  await counted(/unknown user or wrong password/)
  await counted(/too many attempts/)
  expect(await attempt('other', 'fine')).toBe('in')
  expect(await attempt('gw', 'right')).toBe('in')
  expect(known.connected).toBe(true)
})

test('WebSocket: the same users, readings and limits; what is no MQTT ends', async () => {
  await start({ ws: { port: 0 }, users: [{ user: 'gw', password: 'right', site: 's' }], limits: { packet: 10_000 } })
  const { wsPort } = fixture.broker.address()
  const url = `ws://127.0.0.1:${wsPort}/mqtt`
  const credentials = { username: 'gw', password: 'right', reconnectPeriod: 0 }
  await expect(connectAsync(url, { ...credentials, password: 'wrong' })).rejects.toThrow(/not authorized/i)
  const device = await connectAsync(url, credentials)
  const heard: string[] = []
  device.on('message', (_, payload) => heard.push(String(payload)))
  device.on('error', () => {})
  await device.subscribeAsync('davy/v1/s/alarms/#', { qos: 1 })
  for (const qos of [1, 2] as const) await device.publishAsync('davy/v1/s/p', `q${qos}`, { qos })
  expect(fixture.payloads('davy/v1/s/p')).toEqual(['q1', 'q2'])
  await fixture.broker.publish([{ topic: 'davy/v1/s/alarms/limit/k', payload: 'raised', retain: false }])
  await expect.poll(() => heard, PATIENCE).toEqual(['raised'])
  device.publish('davy/v1/s/p', 'x'.repeat(20_000), { qos: 1 })
  await expect.poll(() => device.connected, PATIENCE).toBe(false)
  await device.endAsync(true)
  const page = await fetch(url.replace('ws:', 'http:'))
  expect(page.status).toBe(426)
  const junk = new WebSocket(url, 'mqtt')
  junk.on('error', () => {})
  await once(junk, 'open')
  junk.send(Buffer.alloc(100, 0xff))
  await once(junk, 'close')
  expect(fixture.workers).toHaveLength(1)
})

test('WebSocket without users: no page from elsewhere speaks to the broker', async () => {
  await start({ ws: { port: 0 } })
  const { wsPort } = fixture.broker.address()
  const knock = async (origin?: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/mqtt`, 'mqtt', { ...(origin !== undefined && { origin }) })
    const outcome = await new Promise((resolve) => {
      socket.on('open', () => resolve('in'))
      socket.on('error', ({ message }) => resolve(message))
    })
    socket.terminate()
    return outcome
  }
  expect(await knock()).toBe('in')
  expect(await knock('http://localhost:8080')).toBe('in')
  for (const origin of ['https://elsewhere.example', 'null', 'http://127.0.0.1.elsewhere.example']) {
    expect(await knock(origin)).toMatch(/401/)
  }
})

const session = (clientId: string) => ({ clientId, clean: false, reconnectPeriod: 0 })
async function leaveBehind(clientId: string): Promise<void> {
  const client = await fixture.client(session(clientId))
  await client.subscribeAsync('davy/v1/s/alarms/#', { qos: 1 })
  await client.endAsync()
}
/** Takes a session up again: whether it was kept, and what comes until the word that is said now. */
async function present(clientId: string): Promise<{ kept: boolean; heard: string[] }> {
  // As a real client it comes again, should its connection end while the queue is being emptied.
  const client = attach(fixture.broker.link().peer, { ...session(clientId), reconnectPeriod: 50 })
  const heard: string[] = []
  client.on('message', (_, payload) => heard.push(String(payload)))
  const { sessionPresent } = await new Promise<{ sessionPresent: boolean }>((resolve) =>
    client.once('connect', resolve),
  )
  await client.subscribeAsync('davy/v1/s/alarms/#', { qos: 1 })
  await expect
    .poll(async () => {
      await alarm('now')
      return heard.filter((payload) => payload === 'now').length
    }, PATIENCE)
    .toBeGreaterThan(1)
  await client.endAsync()
  return { kept: sessionPresent, heard: [...new Set(heard)].filter((payload) => payload !== 'now') }
}
const alarm = (payload: string) =>
  fixture.broker.publish([{ topic: 'davy/v1/s/alarms/limit/k', payload, retain: false }])

test('so many sessions are kept for who is away; the one away longest goes first', async () => {
  await start({ limits: { sessions: 2 } })
  for (const id of ['a', 'b', 'c']) await leaveBehind(id)
  await counted(/limits.sessions/)
  await alarm('missed')
  expect(await present('c')).toEqual({ kept: true, heard: ['missed'] })
  expect(await present('a')).toEqual({ kept: false, heard: [] })
})

test('a session is kept so long, and with it goes what was queued', async () => {
  await start({ limits: { sessionExpiry: 1 } })
  await leaveBehind('a')
  await alarm('missed')
  await counted(/limits.sessionExpiry/)
  expect(await present('a')).toEqual({ kept: false, heard: [] })
})

test('what is queued for one has a limit in messages and in bytes', async () => {
  await start({ limits: { queue: 3, queueBytes: 1_024 } })
  await leaveBehind('a')
  for (let i = 0; i < 5; i++) await alarm(`${i}`)
  expect((await present('a')).heard).toEqual(['0', '1', '2'])
  await counted(/away or slow/)
  for (const letter of ['x', 'y']) await alarm(letter.repeat(600))
  await alarm('z')
  expect((await present('a')).heard.map((payload) => payload[0])).toEqual(['x', 'z'])
})
