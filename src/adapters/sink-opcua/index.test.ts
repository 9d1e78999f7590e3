/** The server's thread may die: the service goes on, it comes again on the same port, and its clients' events still hold. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { AttributeIds, MessageSecurityMode, OPCUAClient, SecurityPolicy } from 'node-opcua'
import { afterEach, expect, test } from 'vitest'
import type { Transition } from '../../model/alarm.ts'
import { createOpcuaServer, type OpcuaServer } from './index.ts'
import type { OpcuaServerSettings } from './settings.ts'

const PATIENCE = { timeout: 60_000, interval: 50 }
const ALARM = 'plant/level/tanks/t-1:full'

const SETTINGS: OpcuaServerSettings = {
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  security: 'None',
  insecure: false,
  anonymous: true,
  language: 'zh',
  names: false,
  sessions: 5,
  conditions: 2,
  keepNormal: 60_000,
}

const raised = (key: string): Transition => ({
  id: `plant/level/${key}/1.1`,
  alarm: `plant/level/${key}`,
  episode: 1,
  revision: 1,
  at: 1_000,
  received: 2_000,
  offset: 7,
  site: 'plant',
  rule: 'limit',
  instance: 'level',
  key,
  from: 'normal',
  to: 'unacked',
  cause: 'raised',
  severity: 'major',
  text: { zh: '液位高', en: 'level high' },
  evidence: [],
})

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function serve() {
  const certificates = mkdtempSync(join(tmpdir(), 'davy-opcua-server-'))
  stops.push(() => rmSync(certificates, { recursive: true, force: true }))
  const workers: Worker[] = []
  const logged: string[] = []
  const standing = [raised('tanks/t-1:full')]
  const server: OpcuaServer = createOpcuaServer({
    settings: SETTINGS,
    certificates,
    house: {
      now: Date.now,
      log: (level, message) => logged.push(`${level} ${message}`),
      onWorker: (worker) => workers.push(worker),
      plant: () => ({
        sites: [{ id: 'plant', name: { zh: '厂', en: 'plant' }, areas: [] }],
        points: [{ site: 'plant', id: 'tanks/t-1', shape: 'number', limits: [{ level: 'full', high: 15 }] }],
        hidden: [],
      }),
      values: () => [{ point: 0, value: 16, status: 'Good', at: 1_000 }],
      standing: () => standing,
      confirms: () => false,
      mask: (t) => t,
      login: async () => 'BadUserAccessDenied',
      logout: () => {},
      obey: async () => 'BadUserAccessDenied',
    },
  })
  stops.push(() => server.close())
  await server.open()
  return { server, workers, logged }
}

/** What a client reads in a session of its own. */
async function read(endpoint: string, nodes: readonly string[]): Promise<unknown[]> {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
    connectionStrategy: { maxRetry: 1 },
  })
  try {
    return await client.withSessionAsync(endpoint, async (session) => {
      const values = await session.read(
        nodes.map((node) => ({ nodeId: `ns=2;s=${node}`, attributeId: AttributeIds.Value })),
      )
      return values.map(({ value, statusCode }) => (statusCode.isGood() ? value.value : statusCode.name))
    })
  } finally {
    await client.disconnect()
  }
}

test('a dead thread is started again with everything in it', async () => {
  const { server, workers, logged } = await serve()
  const endpoint = server.address()!
  const nodes = ['point/plant/tanks/t-1', `alarm/${ALARM}-EventId`, `alarm/${ALARM}-Retain`]
  const state = () => read(endpoint, nodes).catch(String)
  await expect.poll(state, PATIENCE).toEqual([16, expect.any(Buffer), true])
  const before = (await state()) as unknown[]
  await workers[0]!.terminate()
  await expect.poll(() => server.link().state, PATIENCE).toBe('down')
  expect(logged.join('\n')).toMatch(/error the OPC UA server is down/)
  // Published meanwhile: it is told with all that stands.
  await server.publish([raised('tanks/t-1:full')])
  await expect.poll(() => server.link().state, PATIENCE).toBe('up')
  expect(server.address()).toBe(endpoint)
  await expect.poll(state, PATIENCE).toEqual(before)
}, 150_000)

test('conditions are bounded: those in excess wait for room, and the log says so', async () => {
  const { server, logged } = await serve()
  const endpoint = server.address()!
  await server.publish([raised('a'), raised('b'), raised('c')])
  const names = ['tanks/t-1:full', 'a', 'b', 'c'].map((key) => `alarm/plant/level/${key}-Retain`)
  const state = () => read(endpoint, names).catch(String)
  const unknown = 'BadNodeIdUnknown'
  await expect.poll(state, PATIENCE).toEqual([true, true, unknown, unknown])
  const said = () => logged.filter((line) => line.includes('more than 2 alarms'))
  await expect.poll(said, PATIENCE).toHaveLength(1)
  // What is over makes room at once.
  const standing = raised('tanks/t-1:full')
  await server.publish([
    { ...standing, id: `${ALARM}/1.2`, revision: 2, from: 'acked', to: 'normal', cause: 'cleared' },
  ])
  await expect.poll(state, PATIENCE).toEqual([unknown, true, true, unknown])
}, 150_000)
