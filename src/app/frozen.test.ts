import { expect, test } from 'vitest'
import { defaultSettings } from './config/settings.ts'
import type { Settings } from './config/settings-schema.ts'
import { frozenChanges } from './frozen.ts'

const settings = defaultSettings()
const changed = (change: Partial<Settings>) => frozenChanges(settings, { ...settings, ...change })

test('what waits for a restart is named by its path', () => {
  expect(frozenChanges(settings, defaultSettings())).toEqual([])
  expect(changed({ listen: { ...settings.listen, port: 9_000 } })).toEqual(['listen.port'])
  const limits = { ...settings.mqtt.limits, rate: 1 }
  expect(changed({ mqtt: { ...settings.mqtt, port: 1, ws: { port: 2 }, limits } })).toEqual([
    'mqtt.port',
    'mqtt.limits.rate',
    'mqtt.ws',
  ])
  expect(changed({ api: { ...settings.api, trustProxy: true } })).toEqual(['api.trustProxy'])
})

test('what changes while the service runs waits for none', () => {
  const users = [{ user: 'a', password: '1', site: '*' }]
  const source = { adapter: 'modbus', name: 'meters', settings: {} }
  const notify = { ...settings.notify, group: 1 }
  expect(changed({ mqtt: { ...settings.mqtt, users }, sources: [source], notify })).toEqual([])
})

test('other certificates do not wait, but whether there are any, and whether clients need one, does', () => {
  const listening = (tls?: Settings['listen']['tls']): Settings => ({
    ...settings,
    listen: { ...settings.listen, ...(tls && { tls }) },
  })
  const plain = { cert: 'a', key: 'b' }
  expect(frozenChanges(listening(plain), listening({ cert: 'c', key: 'd' }))).toEqual([])
  expect(frozenChanges(listening(plain), listening({ ...plain, ca: 'e' }))).toEqual(['listen.tls.ca'])
  expect(frozenChanges(listening(), listening(plain))).toEqual(['listen.tls'])
})
