/** MQTT over TLS: our client against Mosquitto and against our own broker, with certificates that openssl makes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../simulators/ports.ts'
import { createBroker } from '../../src/adapters/mqtt/broker.ts'
import { createMqttClient } from '../../src/adapters/mqtt-client/index.ts'
import { tapSource } from '../conformance/tap.ts'
import { mosquitto } from './mosquitto.ts'

const PATIENCE = { timeout: 15_000, interval: 10 }
const CONTEXT = { name: 'mqtt', now: Date.now, log: () => {} }

let folder: string
const file = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'davy-tls-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  for (const ca of ['ca', 'stranger']) {
    openssl('req', '-x509', ...key, '-days', '2', '-subj', `/CN=${ca}`, '-keyout', `${ca}.key`, '-out', `${ca}.pem`)
  }
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost')
  for (const name of ['server', 'device']) {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the embedded broker speaks TLS, and with `ca` only to certificates of it', async () => {
  const tls = { cert: file('server.pem'), key: file('server.key'), ca: file('ca.pem') }
  const broker = createBroker({ port: 0, tls, ws: { port: 0 } }, CONTEXT)
  const tap = tapSource(broker, (frame) => frame.settle('journaled'))
  await expect.poll(() => broker.link().state, PATIENCE).toBe('up')
  expect(broker.link().peer).toMatch(/^mqtts:/)
  const ca = readFileSync(file('ca.pem'))
  const cert = { cert: readFileSync(file('device.pem')), key: readFileSync(file('device.key')) }
  const device = await connectAsync(broker.link().peer, { ca, ...cert, reconnectPeriod: 0 })
  await device.publishAsync('davy/v1/s/p', '{"value":1}', { qos: 1 })
  expect(tap.values()).toContain(1)
  await expect(connectAsync(broker.link().peer, { ca, reconnectPeriod: 0 })).rejects.toThrow()
  await device.endAsync(true)
  const web = `wss://127.0.0.1:${broker.address().wsPort}/mqtt`
  const page = await connectAsync(web, { wsOptions: { ca, ...cert }, reconnectPeriod: 0 })
  await page.publishAsync('davy/v1/s/p', '{"value":2}', { qos: 1 })
  expect(tap.values()).toContain(2)
  await expect(connectAsync(web, { wsOptions: { ca }, reconnectPeriod: 0 })).rejects.toThrow()
  await page.endAsync(true)
  await tap.stop()
})

test('the client trusts the authority it was given and no other', async () => {
  const secure = await freePort()
  const broker = await mosquitto([
    `listener ${secure} 127.0.0.1`,
    `certfile ${file('server.pem')}`,
    `keyfile ${file('server.key')}`,
  ])
  const url = `mqtts://127.0.0.1:${secure}`
  try {
    const good = createMqttClient({ url, tls: { ca: file('ca.pem') } }, CONTEXT)
    const tap = tapSource(good, (frame) => frame.settle('journaled'))
    await expect.poll(() => good.link().state, PATIENCE).toBe('up')
    const device = await connectAsync(broker.url, { reconnectPeriod: 0 })
    await device.publishAsync('davy/v1/s/p', '{"value":2}', { qos: 1 })
    await expect.poll(() => tap.values().has(2), PATIENCE).toBe(true)
    await device.endAsync(true)
    await tap.stop()

    const bad = createMqttClient({ url, tls: { ca: file('stranger.pem') }, clientId: 'other' }, CONTEXT)
    const refused = tapSource(bad, () => {})
    await expect.poll(() => refused.lost[0]?.message, PATIENCE).toMatch(/certificate/)
    await refused.stop()
  } finally {
    await broker.remove()
  }
})
