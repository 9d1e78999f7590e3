import { expect, test, vi } from 'vitest'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import type { History, HistoryRow } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import { parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { catchUp, createHistoryFeed } from './history-feed.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const installation = inlineInstallation({
  file: 'mine',
  known: RULES,
  site: { points: [{ id: 'ch4', kind: 'gas.ch4', range: [0, 10] }] },
  rules: [],
})
const point = installation.points[0]!
const measurement = (n: number) => ({ point, ts: NOW + n, value: n, quality: 'good' as const })
const reading = (n: number): Reading => ({ ...measurement(n), received: NOW + n, timing: 'live' })

/** A journal of `count` readings and one tick, and a history that keeps rows and may be made to refuse or to wait. */
async function rig(count: number, { room }: { room?: number } = {}) {
  const journal = openMemoryJournal()
  for (let n = 1; n <= count; n++) await journal.append([{ type: 'reading', at: NOW + n, reading: measurement(n) }])
  const state = { rows: [] as HistoryRow[], offset: 0, broken: false, warned: [] as string[], gate: Promise.resolve() }
  const history = {
    async write(rows: readonly HistoryRow[], upTo: number) {
      await state.gate
      if (state.broken) throw new Error('disk full')
      for (const row of rows) if (!state.rows.some(({ ts }) => ts === row.ts)) state.rows.push(row)
      state.offset = Math.max(state.offset, upTo)
    },
    offset: async () => state.offset,
  } as unknown as History
  const note = (message: string) => state.warned.push(message)
  const log = { info: note, warn: note, error: note }
  const feed = createHistoryFeed({ history, journal, installation: () => installation, log, ...(room && { room }) })
  const values = () => state.rows.map(({ value }) => value)
  return { journal, history, feed, state, values }
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

test('readings are written in order, with the offset up to which the history is whole', async () => {
  const { feed, state, values } = await rig(3)
  feed.add([reading(1), reading(2)], 2)
  feed.add([], 3)
  feed.add([reading(4)], 4)
  await feed.drain()
  expect(values()).toEqual([1, 2, 4])
  expect(state.offset).toBe(4)
  expect(feed.waiting()).toBe(0)
})

test('a history that lies behind what will be added is caught up from the journal first', async () => {
  const { feed, state, values } = await rig(6)
  state.offset = 2
  feed.skip(5)
  feed.add([reading(6)], 6)
  await feed.drain()
  expect(values()).toEqual([3, 4, 5, 6])
  expect(state.offset).toBe(6)
})

test('what does not fit is read from the journal later; nothing is missing', async () => {
  const { feed, state, values } = await rig(9, { room: 3 })
  const gate = Promise.withResolvers<void>()
  state.gate = gate.promise
  for (const n of upTo(9)) feed.add([reading(n)], n)
  expect(feed.waiting()).toBeLessThanOrEqual(3)
  gate.resolve()
  await feed.drain()
  await vi.waitFor(() => expect(values()).toEqual(upTo(9)))
  expect(state.offset).toBe(9)
  expect(state.warned.join()).toContain('too slow')
})

test('a history that failed is caught up with the next readings', async () => {
  const { feed, state, values } = await rig(4)
  state.broken = true
  feed.add([reading(1), reading(2)], 2)
  await feed.drain()
  expect(state.warned.join()).toContain('disk full')
  state.broken = false
  feed.add([reading(3)], 3)
  feed.add([reading(4)], 4)
  await feed.drain()
  expect(values()).toEqual([1, 2, 3, 4])
})

test('catching up stops where it is told to, and is nothing where nothing lacks', async () => {
  const { journal, history, state, values } = await rig(5)
  expect(await catchUp(history, { journal, installation, upTo: 3 })).toBe(3)
  expect(values()).toEqual([1, 2, 3])
  expect(state.offset).toBe(3)
  expect(await catchUp(history, { journal, installation, upTo: 3 })).toBe(0)
})
