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
import { startForward } from './forward.ts'

const PATIENCE = { timeout: 25_000, interval: 20 }

/** A way up to a peer that acknowledges everything, or, while `away`, nothing; its cursor in a folder of the test's own. */
async function wayUp({ cursor, more = {}, entries = 1 }: { cursor?: object; more?: object; entries?: number }) {
  const data = await mkdtemp(join(tmpdir(), 'davy-forward-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  const file = join(data, 'forward-up.json')
  if (cursor) await writeFile(file, JSON.stringify(cursor))
  const journal = openMemoryJournal()
  const add = (values: readonly number[]) =>
    journal.append(
      values.map((value) => ({
        type: 'reading',
        at: 1,
        reading: { point: { siteId: 'baoyuan', id: 'ch4' }, ts: value, value, quality: 'good' },
      })),
    )
  await add(Array.from({ length: entries }, (_, i) => i))
  const store = await openStore({ file: join(data, 'store.db') })
  onTestFinished(() => store.close())
  const got: { at: number; values: number[] }[] = []
  const transitions: string[] = []
  const peer = { away: false }
  let now = 0
  const uplink: Uplink = {
    name: 'up',
    link: () => ({ state: 'up', since: 0, peer: 'up' }),
    async sendReadings(messages) {
      if (peer.away) await new Promise(() => {})
      const readings = messages.flatMap(({ payload }) => JSON.parse(payload) as { value: number }[])
      got.push({ at: now, values: readings.map(({ value }) => value) })
    },
    sendTransitions: async (batch) => void transitions.push(...batch.map(({ id }) => id)),
    close: async () => {},
  }
  const warnings: string[] = []
  const log = { info() {}, warn: (message: string) => void warnings.push(message), error() {} }
  const settings = { name: 'up', readings: true, alarms: true, batch: 10, rate: 1e6, from: 'now', ...more }
  return {
    file,
    got,
    values: () => got.flatMap(({ values }) => values),
    transitions,
    warnings,
    peer,
    add,
    store,
    begin: () =>
      startForward({
        settings: settings as ForwardSettings,
        data,
        journal,
        alarms: store.alarms,
        uplink,
        refused: () => 0,
        // Time passes where somebody waits for it, and nowhere else.
        clock: {
          now: () => now,
          wait: async (delay) => {
            now += delay
          },
        },
        log,
      }),
  }
}

test('a cursor ahead of journal and alarm store begins anew: a rebuilt store does not keep alarms from the peer', async () => {
  const { file, store, values, transitions, warnings, begin } = await wayUp({ cursor: { offset: 900, seq: 900 } })
  await store.alarms.put([step(1)])
  const forward = await begin()
  onTestFinished(() => forward.stop())
  await expect.poll(() => [values().length, transitions.length], PATIENCE).toEqual([1, 1])
  await expect.poll(async () => JSON.parse(await readFile(file, 'utf8')), PATIENCE).toEqual({ offset: 1, seq: 1 })
  expect(warnings).toHaveLength(2)
})

test('a backlog that one read of the journal holds goes up at the rate, in order and whole', async () => {
  const rate = 100
  const { got, values, begin } = await wayUp({ entries: 1_000, more: { from: 'start', batch: 500, rate } })
  const forward = await begin()
  onTestFinished(() => forward.stop())
  await expect.poll(() => values().length, PATIENCE).toBe(1_000)
  expect(values()).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
  // In no second more than the rate, beside the tenth of a second that goes up at once.
  for (const { at } of got) {
    const within = got.filter((each) => each.at >= at && each.at < at + 1_000)
    expect(within.reduce((sum, each) => sum + each.values.length, 0)).toBeLessThanOrEqual(rate * 1.1)
  }
})

test('one that begins with what comes remembers where, though the peer was away from the first: begun again, nothing is skipped', async () => {
  const { values, peer, add, begin } = await wayUp({ entries: 3 })
  peer.away = true
  const first = await begin()
  await add([10, 11])
  first.wake()
  await first.stop()
  await add([12])
  peer.away = false
  const second = await begin()
  onTestFinished(() => second.stop())
  await expect.poll(values, PATIENCE).toEqual([10, 11, 12])
})
