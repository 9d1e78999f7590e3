/** Forwarding to a peer of the test's own: what its cursor says of stores that are not the ones it was written for. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ForwardSettings } from '../adapters/forward/settings.ts'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import { openStore } from '../adapters/store-sqlite/index.ts'
import type { Uplink } from '../model/ports.ts'
import { step } from './api/test-mine.ts'
import { systemClock } from './clock.ts'
import { startForward } from './forward.ts'

const PATIENCE = { timeout: 25_000, interval: 20 }

test('a cursor ahead of journal and alarm store begins anew: a rebuilt store does not keep alarms from the peer', async () => {
  const data = await mkdtemp(join(tmpdir(), 'davy-forward-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const file = join(data, 'forward-up.json')
  await writeFile(file, JSON.stringify({ offset: 900, seq: 900 }))
  const journal = openMemoryJournal()
  const reading = { point: { siteId: 'baoyuan', id: 'ch4' }, ts: 1, value: 0.5, quality: 'good' as const }
  await journal.append([{ type: 'reading', at: 1, reading }])
  const store = await openStore({ file: join(data, 'store.db') })
  onTestFinished(() => store.close())
  await store.alarms.put([step(1)])
  const readings: string[] = []
  const transitions: string[] = []
  const uplink: Uplink = {
    name: 'up',
    link: () => ({ state: 'up', since: 0, peer: 'up' }),
    sendReadings: async (messages) => void readings.push(...messages.map(({ payload }) => payload)),
    sendTransitions: async (batch) => void transitions.push(...batch.map(({ id }) => id)),
    close: async () => {},
  }
  const warnings: string[] = []
  const log = { info() {}, warn: (message: string) => void warnings.push(message), error() {} }
  const settings = { name: 'up', readings: true, alarms: true, batch: 10, rate: 1e6, from: 'now' } as ForwardSettings
  const forward = await startForward({
    settings,
    data,
    journal,
    alarms: store.alarms,
    uplink,
    clock: systemClock(),
    log,
  })
  onTestFinished(() => forward.stop())
  await expect.poll(() => [readings.length, transitions.length], PATIENCE).toEqual([1, 1])
  await expect.poll(async () => JSON.parse(await readFile(file, 'utf8')), PATIENCE).toEqual({ offset: 1, seq: 1 })
  expect(warnings).toHaveLength(2)
})
