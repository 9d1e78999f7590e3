/** The SQLite history against the suite, and what it owes beyond the port. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHistory, type PrunableHistory } from '../../src/adapters/history-sqlite/index.ts'
import { historyConformance } from './history.ts'
import { row, START } from './history-rows.ts'

let folder = ''
let file = ''
let history: PrunableHistory

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'davy-history-'))
  file = join(folder, 'data', 'history.db')
})
afterEach(async () => {
  await history.close()
  rmSync(folder, { recursive: true, force: true })
})

historyConformance({
  name: 'sqlite',
  open: async () => {
    history = await openHistory({ file })
    return history
  },
  dispose: async () => {},
})

const points = Array.from({ length: 50 }, (_, i) => ({ siteId: 's', id: `p${i}` }))
const many = (count: number, first = 0) =>
  Array.from({ length: count }, (_, i) => row({ point: points[(first + i) % 50]!, ts: START + first + i, value: i }))
const kept = async (point: (typeof points)[number] = points[0]!) =>
  (await history.raw({ point, from: 0, to: Date.UTC(2100), limit: 100_000 })).length

test('everything is there after closing and opening again, and a second opener is refused', async () => {
  history = await openHistory({ file })
  await expect(openHistory({ file })).rejects.toMatchObject({ code: 'data-in-use' })
  await history.write(many(12_000), 77)
  await history.close()
  history = await openHistory({ file })
  expect(await history.offset()).toBe(77)
  expect(await kept()).toBe(240)
  await history.write([row({ point: { siteId: 's', id: 'new' }, ts: START, value: 1 })], 78)
  expect(await kept({ siteId: 's', id: 'new' })).toBe(1)
})

test('writes beyond the queue are refused, and all after them until somebody asks from where to go on', async () => {
  history = await openHistory({ file, queue: 10_000 })
  const first = history.write(many(9_000), 1)
  const second = history.write(many(9_000, 9_000), 2)
  await expect(second).rejects.toMatchObject({ code: 'history-behind' })
  await first
  await expect(history.write(many(1, 18_000), 3)).rejects.toMatchObject({ code: 'history-behind' })
  expect(await history.offset()).toBe(1)
  await history.write(many(9_000, 9_000), 2)
  expect(await history.offset()).toBe(2)
  expect(await kept()).toBe(360)
  expect(history.waiting()).toBe(0)
})

test('more rows than are gathered at a time go through whole, in one write or many', async () => {
  history = await openHistory({ file })
  await history.write(many(300_000), 1)
  await history.write(many(10_000, 300_000), 2)
  expect(await kept(points[7]!)).toBe(6_200)
  expect(await history.offset()).toBe(2)
  expect(await kept(points[8]!)).toBe(6_200)
})

test('what is older than its retention goes, tracks too, and the rest stays', async () => {
  history = await openHistory({ file })
  await history.write(many(60_000), 1)
  const seen = (ts: number) => row({ point: points[0]!, ts, value: { card: '7' } })
  await history.write([seen(START + 100), seen(START + 50_000)], 2)
  // One point with more rows than are taken out at a time, and one with as many in a single instant.
  const busy = { siteId: 's', id: 'busy' }
  const instant = { siteId: 's', id: 'instant' }
  await history.write(
    Array.from({ length: 25_000 }, (_, i) => row({ point: busy, ts: START + i, value: i })),
    2,
  )
  await history.write(
    Array.from({ length: 12_000 }, (_, i) => row({ point: instant, ts: START, value: i })),
    2,
  )
  expect(await history.prune(START + 40_000)).toBe(40_000 + 2 + 25_000 + 12_000)
  expect(await kept()).toBe(400 + 1)
  expect(await kept(busy)).toBe(0)
  expect(await history.track({ site: 's', card: '7', from: 0, to: Date.UTC(2100) })).toMatchObject([
    { ts: START + 50_000, readings: 1 },
  ])
  expect(await history.prune(START + 40_000)).toBe(0)
  expect(await history.offset()).toBe(2)
})

test('a write that fails refuses the ones after it, until somebody asks from where to go on', async () => {
  history = await openHistory({ file })
  await history.write(many(100), 1)
  expect(await history.offset()).toBe(1)
  const raw = new DatabaseSync(file)
  raw.exec('ALTER TABLE reading RENAME TO elsewhere')
  await history.write(many(100, 100), 2)
  // Nothing can be written now: the offset stays, and what follows starts from there.
  expect(await history.offset()).toBe(1)
  await history.write(many(250_000, 100), 2)
  await expect.poll(() => history.write(many(1, 300_000), 3).catch(({ code }) => code)).toBe('history-write')
  raw.exec('ALTER TABLE elsewhere RENAME TO reading')
  raw.close()
  await expect(history.write(many(1, 300_000), 3)).rejects.toMatchObject({ code: 'history-write' })
  expect(await history.offset()).toBe(1)
  await history.write(many(100, 100), 2)
  expect(await history.offset()).toBe(2)
  expect(await kept()).toBe(4)
})

test('kill -9: everything up to the offset is there', async () => {
  const writer = new URL('./history-writer.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let lines = 0
  // By then the second gathering is full, which the first had to be written for.
  for await (const _ of createInterface({ input: child.stdout })) if (++lines === 55) child.kill('SIGKILL')
  await closed
  expect(child.signalCode).toBe('SIGKILL')
  history = await openHistory({ file })
  const offset = await history.offset()
  expect(offset).toBeGreaterThan(0)
  let rows = 0
  for (const point of points) {
    const found = await history.raw({ point, from: 0, to: START + offset, limit: 100_000 })
    rows += found.length
  }
  expect(rows).toBe(offset)
})

test('sums of a site for reports: readings by quality, extremes, mean, first and last; where cards were seen anew', async () => {
  history = await openHistory({ file })
  const gas = { siteId: 'mine', id: 'ch4' }
  const reader = (id: string) => ({ siteId: 'mine', id })
  const seen = (ts: number, id: string, value: object) =>
    row({ point: reader(id), ts: START + ts, value: value as never })
  await history.write(
    [
      row({ point: gas, ts: START - 1, value: 9 }),
      row({ point: gas, ts: START, value: 1 }),
      row({ point: gas, ts: START + 10, value: 4 }),
      row({ point: gas, ts: START + 20, value: 99, quality: 'bad' }),
      row({ point: gas, ts: START + 30, value: 1.5, quality: 'uncertain' }),
      row({ point: gas, ts: START + 40, value: 2 }),
      row({ point: { siteId: 'other', id: 'ch4' }, ts: START, value: 7 }),
      seen(0, 'r1', { card: '7' }),
      seen(5, 'r1', { card: '7' }),
      seen(6, 'r2', { card: '7' }),
      seen(7, 'r1', { card: '8' }),
      seen(9, 'r2', { card: '7', gone: true }),
    ],
    1,
  )
  const of = { site: 'mine', from: START, to: START + 50 }
  expect((await history.summary(of)).find(({ point }) => point === 'ch4')).toEqual({
    point: 'ch4',
    good: 3,
    uncertain: 1,
    bad: 1,
    min: 1,
    max: 4,
    mean: 7 / 3,
    first: 1,
    last: 2,
  })
  expect(await history.moves(of)).toEqual([
    { card: '7', ts: START, point: 'r1', gone: false },
    { card: '7', ts: START + 6, point: 'r2', gone: false },
    { card: '8', ts: START + 7, point: 'r1', gone: false },
    { card: '7', ts: START + 9, point: 'r2', gone: true },
  ])
  expect(await history.moves({ ...of, site: 'other' })).toEqual([])
})
