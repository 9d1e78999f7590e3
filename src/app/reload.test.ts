import { expect, test } from 'vitest'
import type { Installation } from '../model/site.ts'
import type { AuditEntry } from './auth/audit.ts'
import { systemClock } from './clock.ts'
import { defaultSettings } from './config/settings.ts'
import type { Settings, SourceSettings } from './config/settings-schema.ts'
import { type Applicable, createReload, listsOf, type Rosters } from './reload.ts'
import type { Changes, Roster } from './roster.ts'
import { createRoster } from './roster.ts'

const NOTHING: Changes = { started: [], restarted: [], ended: [], refused: [] }
const idle = { running: () => [], retire: async () => [], apply: async () => NOTHING, stop: async () => {} }
const source = (name: string, setting = 1): SourceSettings => ({ adapter: 'modbus', name, settings: { setting } })
const installed = (hash: string) => ({ hash, sites: new Map(), rules: [] }) as unknown as Installation
const configuration = (hash: string, settings: Partial<Settings>): Applicable => ({
  installation: installed(hash),
  settings: { ...defaultSettings(), ...settings },
  files: [],
})

/** A service with sources a, b and c; what happens to it, in order. */
async function rig(given: Partial<Settings> = {}) {
  const did: string[] = []
  const log: string[] = []
  let swaps = (_: string) => Promise.resolve()
  const records: AuditEntry[] = []
  let full = false
  const sources = createRoster<SourceSettings, string>({
    clock: systemClock(),
    bound: 60_000,
    onStuck() {},
    prepare: async ({ name, settings }) => {
      if ((settings as { setting: number }).setting === 0) throw new Error('it may not be 0')
      return () => {
        did.push(`${name} begins`)
        return name
      }
    },
    end: async (name) => void did.push(`${name} ends`),
  })
  const settings = { ...given, sources: ['a', 'b', 'c'].map((name) => source(name)) }
  const begun = configuration('1', settings)
  await sources.apply(listsOf(begun.settings).sources)
  did.length = 0
  const reload = createReload({
    begun,
    rosters: { sources: sources as unknown as Roster<SourceSettings, never>, forwards: idle, exports: idle } as Rosters,
    notifications: { apply: async () => NOTHING },
    broker: {
      admit: ({ users, tls }) =>
        void did.push(`users: ${users.map(({ user }) => user).join()}${tls ? ` ${tls.ca}` : ''}`),
    },
    renewTls: (tls) => void did.push(`API: ${JSON.stringify(tls)}`),
    async swap({ installation: { hash } }) {
      await swaps(hash)
      did.push(`sites and rules ${hash}`)
    },
    audit: {
      async append(entry) {
        if (full) throw new Error('disk full')
        did.push(entry.action)
        records.push(entry)
      },
    },
    clock: systemClock(),
    log: { info: (text) => log.push(text), warn: (text) => log.push(text), error: (text) => log.push(text) },
  })
  return {
    reload,
    did,
    log,
    running: sources.running,
    settings,
    records,
    fillDisk(filled: boolean) {
      full = filled
    },
    fail() {
      swaps = () => Promise.reject(new Error('no'))
    },
  }
}

test('what goes is gone before sites and rules change, what comes or changes begins after; the rest is not touched', async () => {
  const { reload, did } = await rig()
  await reload.apply(configuration('2', { sources: [source('a'), source('b', 2), source('d')] }))
  expect(did.slice(0, 2)).toEqual(['c ends', 'sites and rules 2'])
  expect(did.filter((line) => !line.startsWith('d')).slice(2)).toEqual(['b ends', 'b begins', 'configuration-reloaded'])
  expect(did).toContain('d begins')
  expect(reload.view()).toMatchObject({ hash: '2', restart: [] })
})

test('what is the same costs nothing, and leaves no trace', async () => {
  const { reload, did, log, settings } = await rig()
  await reload.apply(configuration('1', settings))
  expect([did, log]).toEqual([[], []])
})

test('where sites and rules cannot be in force everything is as it was, what had ended too', async () => {
  const { reload, did, running, fail } = await rig()
  fail()
  await expect(reload.apply(configuration('2', { sources: [source('a', 2), source('b')] }))).rejects.toThrow('no')
  expect(did).toEqual(['c ends', 'c begins'])
  expect(running()).toEqual(['a', 'b', 'c'])
  expect(reload.view().hash).toBe('1')
})

test('an item that cannot be is named until it can, and keeps nobody from changing', async () => {
  const { reload, did, settings, log } = await rig()
  await reload.apply(configuration('1', { sources: [source('a', 0), source('b', 2), source('c')] }))
  expect(did).toEqual(['b ends', 'b begins', 'configuration-reloaded'])
  expect(reload.view().refused?.problems).toEqual(['source a not changed: it may not be 0'])
  expect(log.at(-1)).toMatch(/not reloaded as a whole/)
  await reload.apply(configuration('1', settings))
  expect(reload.view().refused).toBeUndefined()
})

test('a broken file is told until one is read that is not, whatever it changes', async () => {
  const { reload, settings, log } = await rig()
  reload.refuse(['davy.yaml:3:1: unknown key "x"'])
  expect(reload.view().refused?.problems).toEqual(['davy.yaml:3:1: unknown key "x"'])
  await reload.apply(configuration('1', settings))
  expect(reload.view().refused).toBeUndefined()
  await reload.apply(configuration('1', settings))
  expect(log).toEqual([expect.stringMatching(/not reloaded/), expect.stringMatching(/in order again/)])
})

test('settings that wait for a restart are named until they are as at the start; users do not wait', async () => {
  const { reload, did, settings, log } = await rig()
  const { mqtt, listen } = defaultSettings()
  const users = [{ user: 'gw', password: 'x', site: '*' }]
  await reload.apply(configuration('1', { ...settings, mqtt: { ...mqtt, users }, listen: { ...listen, port: 1 } }))
  expect(did[0]).toBe('users: gw')
  expect(reload.view().restart).toEqual(['listen.port'])
  expect(log.join()).toMatch(/with a restart only: listen\.port/)
  await reload.apply(configuration('1', { ...settings, mqtt: { ...mqtt, users } }))
  expect(reload.view().restart).toEqual([])
})

test('whether there are certificates, and whether clients need one, waits for a restart, and nothing else is said of it', async () => {
  const { mqtt, listen } = defaultSettings()
  const bare = { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' }
  const both = (tls: typeof bare & { readonly ca?: string }) => ({ mqtt: { ...mqtt, tls }, listen: { ...listen, tls } })
  const asked = { ...bare, ca: '/nowhere/ca.pem' }
  for (const [before, after, waits] of [
    [{}, both(bare), ['listen.tls', 'mqtt.tls']],
    [both(bare), { mqtt, listen }, ['listen.tls', 'mqtt.tls']],
    [both(bare), both(asked), ['listen.tls.ca', 'mqtt.tls.ca']],
    [both(asked), both(bare), ['listen.tls.ca', 'mqtt.tls.ca']],
  ] as const) {
    const { reload, did, settings, log } = await rig(before)
    await reload.apply(configuration('1', { ...settings, ...after }))
    expect([reload.view().restart, did]).toEqual([waits, []])
    expect(log.join()).not.toMatch(/changed/)
  }
  const { reload, did, settings } = await rig(both(asked))
  await reload.apply(configuration('1', { ...settings, ...both({ ...bare, cert: '/nowhere/new.pem' }) }))
  const [broker, api] = did
  expect(broker, 'devices without a certificate of that authority stay out').toBe('users:  /nowhere/ca.pem')
  expect(JSON.parse(api!.slice(5))).toEqual({ ...asked, cert: '/nowhere/new.pem' })
})

test('changes that come together are made one after the other, and none once the service stops', async () => {
  const { reload, did, settings } = await rig()
  await Promise.all([reload.apply(configuration('2', settings)), reload.apply(configuration('3', settings))])
  expect(did.filter((line) => line.startsWith('sites'))).toEqual(['sites and rules 2', 'sites and rules 3'])
  const waiting = reload.apply(configuration('4', settings))
  await reload.close()
  await waiting
  expect(reload.view().hash).toBe('3')
})

test('a change that is in force and cannot be put on record is not called refused, and is put on record once it can be', async () => {
  const { reload, settings, records, fillDisk, log } = await rig()
  fillDisk(true)
  await reload.apply(configuration('2', settings))
  await reload.apply(configuration('3', settings))
  expect(reload.view()).toMatchObject({ hash: '3', unrecorded: 'disk full' })
  expect(reload.view().refused).toBeUndefined()
  expect(log.at(-1)).toMatch(/in force, but not on record/)
  fillDisk(false)
  await reload.apply(configuration('3', settings))
  expect(records.map(({ object, detail }) => [object, (detail as { before: string }).before])).toEqual([
    ['2', '1'],
    ['3', '2'],
  ])
  expect(reload.view().unrecorded).toBeUndefined()
})
