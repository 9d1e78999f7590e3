/** `davy discover opcua`: what a server offers becomes a configuration that runs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type OpcuaServer, startOpcuaServer } from '../../simulators/servers/opcua.ts'
import { davy, house, start } from '../acceptance/house-rig.ts'

let server: OpcuaServer
beforeAll(async () => {
  server = await startOpcuaServer({
    items: [
      { node: 'ns=1;s=Tank3.Level', type: 'Double', initial: 4.5, unit: 'm' },
      { node: 'ns=1;s=MainFan', type: 'Boolean', initial: true },
      { node: 'ns=1;s=Setpoint', type: 'Double', initial: 1 },
    ],
  })
})
afterAll(() => server.stop())

test('what is proposed is checked, started, and reads the server', async () => {
  const found = await davy(['discover', 'opcua', server.endpoint, '--site', 'plant'])
  expect([found.code, found.err]).toEqual([0, '2 points proposed, 1 variables left to you\n'])
  const [, site, sources] = /^# ---- sites\/plant\.yaml\n([\s\S]*)# ---- for davy\.yaml\n([\s\S]*)$/.exec(found.out)!
  const proposed = house({
    'davy.yaml': parse(sources!),
    'sites/plant.yaml': parse(site!),
    'rules/own.yaml': { regulation: { id: 'own' }, rules: [{ id: 'silent', rule: 'silent' }] },
  })
  expect((await davy(['check', '--config', proposed.config])).code).toBe(0)
  const service = await start(proposed)
  const values = async () => {
    const { body } = await service.get<{ points: { id: string; value?: unknown }[] }>('/api/v1/sites/plant/points')
    return Object.fromEntries(body.points.map(({ id, value }) => [id, value]))
  }
  await expect
    .poll(values, { timeout: 25_000, interval: 100 })
    .toEqual({ 'points/tank3.level': 4.5, 'points/main-fan': true })
  await service.stop()
  proposed.remove()
})

test('a server that is not there, and flags that do not fit, are told in one line', async () => {
  const gone = await davy(['discover', 'opcua', 'opc.tcp://127.0.0.1:1', '--site', 'plant'])
  expect(gone).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^davy: opc\.tcp:.*\[nothing-found\]/) })
  const flags = await davy(['discover', 'opcua', 'http://x', '--site', 'plant'])
  expect(flags).toMatchObject({ code: 2, out: '' })
})
