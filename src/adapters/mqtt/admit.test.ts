/** Users and certificates that change while clients are connected: whose rights stay stays connected, by real clients. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, startBroker } from './broker.fixture.ts'
import { hashPassword } from './password.ts'

const PATIENCE = { timeout: 15_000, interval: 10 }
const as = (username: string, password: string): IClientOptions => ({ username, password, clientId: username })

let fixture: BrokerFixture | undefined
afterEach(async () => {
  await fixture?.stop()
  fixture = undefined
})

/** Whether each of the clients still has the connection it came with. */
function connections(clients: Readonly<Record<string, MqttClient>>) {
  const closed = new Set<string>()
  for (const [name, client] of Object.entries(clients)) client.on('close', () => closed.add(name))
  return () => Object.keys(clients).filter((name) => !closed.has(name))
}

test('who was removed, or has another password or site, is closed and refused; the others stay and lose nothing', async () => {
  const hash = await hashPassword('h')
  const users = {
    stays: { user: 'stays', hash, site: 'north' },
    gone: { user: 'gone', password: 'g', site: 'north' },
    secret: { user: 'secret', password: 'old', site: 'north' },
    moved: { user: 'moved', password: 'm', site: 'north' },
  }
  fixture = await startBroker({ users: Object.values(users) })
  const { broker } = fixture
  const clients = {
    stays: await fixture.client(as('stays', 'h')),
    gone: await fixture.client(as('gone', 'g')),
    secret: await fixture.client(as('secret', 'old')),
    moved: await fixture.client(as('moved', 'm')),
  }
  const connected = connections(clients)
  const sent: Promise<unknown>[] = []
  const publish = (value: number) =>
    sent.push(clients.stays.publishAsync('davy/v1/north/p', `{"value":${value}}`, { qos: 1 }))
  for (let i = 0; i < 200; i++) publish(i)
  broker.admit({
    users: [
      { ...users.stays },
      { ...users.secret, password: 'new' },
      { ...users.moved, site: 'south' },
      { user: 'late', password: 'l', site: 'north' },
    ],
  })
  for (let i = 200; i < 400; i++) publish(i)
  await expect.poll(connected, PATIENCE).toEqual(['stays'])
  await Promise.all(sent)
  expect(fixture.payloads('davy/v1/north/p')).toEqual(Array.from({ length: 400 }, (_, i) => `{"value":${i}}`))

  const url = broker.link().peer
  for (const options of [as('gone', 'g'), as('secret', 'old')]) {
    await expect(connectAsync(url, { reconnectPeriod: 0, ...options })).rejects.toThrow(/not authorized/i)
  }
  await fixture.client(as('secret', 'new'))
  await fixture.client(as('late', 'l'))
  const moved = await fixture.client(as('moved', 'm'))
  await moved.publishAsync('davy/v1/north/p', 'x', { qos: 1 })
  await moved.publishAsync('davy/v1/south/p', 'y', { qos: 1 })
  expect(fixture.frames.slice(-2).map(({ topic, refused }) => [topic, refused])).toEqual([
    ['davy/v1/north/p', 'topic-forbidden'],
    ['davy/v1/south/p', undefined],
  ])
  expect(connected()).toEqual(['stays'])
  await expect.poll(() => fixture!.logs.join('\n'), PATIENCE).toMatch(/who may come in has changed/)
})

test('the first user closes who came in as nobody; the thread that starts again knows the new ones', async () => {
  fixture = await startBroker()
  const nobody = await fixture.client()
  const connected = connections({ nobody })
  fixture.broker.admit({ users: [{ user: 'a', password: '1', site: '*' }] })
  await expect.poll(connected, PATIENCE).toEqual([])
  const url = () => fixture!.broker.link().peer
  await expect(connectAsync(url(), { reconnectPeriod: 0 })).rejects.toThrow(/not authorized/i)
  await fixture.client(as('a', '1'))

  await fixture.workers[0]!.terminate()
  await expect.poll(() => [fixture!.workers.length, fixture!.broker.link().state], PATIENCE).toEqual([2, 'up'])
  await expect(connectAsync(url(), { reconnectPeriod: 0 })).rejects.toThrow(/not authorized/i)
  await fixture.client(as('a', '1'))
})

let folder: string
const file = (name: string) => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'davy-admit-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  for (const ca of ['ca', 'other']) {
    openssl('req', '-x509', ...key, '-days', '2', '-subj', `/CN=${ca}`, '-keyout', `${ca}.key`, '-out', `${ca}.pem`)
  }
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1')
  for (const name of ['old', 'new', 'device']) {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('settings that may not be are refused, and nothing changes', async () => {
  const tls = { cert: file('old.pem'), key: file('old.key') }
  const users = [{ user: 'a', password: '1', site: '*' }]
  fixture = await startBroker({ host: '0.0.0.0', tls, users })
  const { broker } = fixture
  expect(() => broker.admit({ users: [], tls })).toThrow(expect.objectContaining({ code: 'mqtt-open-listener' }))
  const url = `mqtts://127.0.0.1:${broker.address().port}`
  const trust = { ca: readFileSync(file('ca.pem')), reconnectPeriod: 0 }
  await expect(connectAsync(url, trust)).rejects.toThrow(/not authorized/i)
  await (await connectAsync(url, { ...trust, ...as('a', '1') })).endAsync(true)
})

test('a renewed certificate is shown to who comes, and nobody is closed for it; a broken one is refused', async () => {
  const install = (name: string) => {
    copyFileSync(file(`${name}.pem`), file('cert.pem'))
    copyFileSync(file(`${name}.key`), file('key.pem'))
  }
  install('old')
  copyFileSync(file('ca.pem'), file('clients.pem'))
  const tls = { cert: file('cert.pem'), key: file('key.pem'), ca: file('clients.pem') }
  fixture = await startBroker({ tls, ws: { port: 0 } })
  const { broker } = fixture
  const trust = {
    ca: readFileSync(file('ca.pem')),
    cert: readFileSync(file('device.pem')),
    key: readFileSync(file('device.key')),
  }
  const shown = async () => {
    const client = await fixture!.client(trust)
    const { subject } = (client.stream as TLSSocket).getPeerCertificate()
    return { client, name: subject.CN }
  }
  const first = await shown()
  const web = await connectAsync(`wss://127.0.0.1:${broker.address().wsPort}`, {
    wsOptions: trust,
    reconnectPeriod: 0,
  })
  const connected = connections({ first: first.client, web })
  expect(first.name).toBe('old')

  install('new')
  broker.admit({ users: [], tls })
  await expect.poll(async () => (await shown()).name, PATIENCE).toBe('new')
  await first.client.publishAsync('davy/v1/s/p', '{"value":1}', { qos: 1 })
  await web.publishAsync('davy/v1/s/p', '{"value":2}', { qos: 1 })
  expect(connected()).toEqual(['first', 'web'])

  copyFileSync(file('old.key'), file('key.pem'))
  expect(() => broker.admit({ users: [], tls })).toThrow(expect.objectContaining({ code: 'mqtt-tls-unreadable' }))
  expect((await shown()).name).toBe('new')

  install('new')
  copyFileSync(file('other.pem'), file('clients.pem'))
  broker.admit({ users: [], tls })
  await expect.poll(connected, PATIENCE).toEqual([])
  const stranger = connect(broker.link().peer, { ...trust, reconnectPeriod: 0 })
  stranger.on('error', () => {})
  const outcome = new Promise((resolve) => {
    stranger.on('connect', () => resolve('connected'))
    stranger.on('close', () => resolve('closed'))
  })
  expect(await outcome).toBe('closed')
  await stranger.endAsync(true)
  await web.endAsync(true)
})
