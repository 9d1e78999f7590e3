/** Figures of past alarms from the SQLite store, against the same counted slowly. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openStore, type Store } from '../../src/adapters/store-sqlite/index.ts'
import { kpisOf } from '../../src/adapters/store-sqlite/kpis.ts'
import { MINUTE } from '../../src/model/time.ts'
import { life, START, transition } from './store-transitions.ts'

let folder = ''
let store: Store

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'davy-kpi-'))
  store = await openStore({ file: join(folder, 'store.db') })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const DAY = { from: START, to: START + 24 * 60 * MINUTE }
const rise = (
  key: string,
  { at, episode = 1, steps = 1, ...more }: Parameters<typeof life>[1] & { episode?: number },
) => life(key, { steps, episode, at: START + (at ?? 0), ...more })

test('nothing raised, nothing figured', async () => {
  expect(await store.kpis.figures(DAY)).toEqual({
    raised: 0,
    minutes: [],
    bySeverity: {},
    byState: {},
    byRule: [],
    top: [],
    chattering: [],
    breaches: 0,
  })
})

test('what was raised in the time, at the sites asked for, by minute, severity, rule and alarm', async () => {
  await store.alarms.put([
    ...rise('a', { at: -1, steps: 1 }),
    ...rise('a', { at: 0, episode: 2, steps: 1 }),
    ...rise('b', { at: 30_000, steps: 1, severity: 'critical' }),
    ...rise('c', { at: 5 * MINUTE, steps: 1, rule: 'limit', site: 'other' }),
    ...rise('clock', { at: 6 * MINUTE, steps: 1, rule: 'response-clock' }),
    ...rise('d', { at: 24 * 60 * MINUTE, steps: 1 }),
  ])
  const first = START / MINUTE
  expect(await store.kpis.figures(DAY)).toMatchObject({
    raised: 4,
    minutes: [
      [first, 2],
      [first + 5, 1],
      [first + 6, 1],
    ],
    bySeverity: { major: 3, critical: 1 },
    byRule: [
      { rule: 'over-crew', raised: 2 },
      { rule: 'limit', raised: 1 },
      { rule: 'response-clock', raised: 1 },
    ],
    breaches: 1,
  })
  expect(await store.kpis.figures({ ...DAY, sites: ['other'] })).toMatchObject({ raised: 1, breaches: 0 })
  expect(await store.kpis.figures({ ...DAY, sites: [] })).toMatchObject({ raised: 0 })
})

test('what was written since the last question is in the next answer', async () => {
  expect((await store.kpis.figures(DAY)).raised).toBe(0)
  await store.alarms.put(rise('a', { steps: 1 }))
  expect((await store.kpis.figures(DAY)).raised).toBe(1)
})

test('where a newer program counts fewer episodes, the figures are those of a store that is built anew', async () => {
  const desk = { desk: 'control' }
  const old = (episode: number, at: number, offset: number) => [
    ...rise('a', { at, episode, steps: 2, offset, ...desk }),
    ...rise('clock', { at, episode, steps: 1, rule: 'response-clock', offset, ...desk }),
  ]
  const gone = rise('gone', { at: 7 * MINUTE, steps: 3, offset: 25, ...desk })
  await store.alarms.put([...old(1, 0, 10), ...old(2, 5 * MINUTE, 20), ...old(3, 9 * MINUTE, 30), ...gone])
  // The newer one knows the second and the third, as its first and second, and nothing of what is gone.
  const given = [...old(1, 5 * MINUTE, 20), ...old(2, 9 * MINUTE, 30)]
  const last = given.slice(-2)
  await store.alarms.put(given)
  await store.alarms.reconcile({ known: last, since: START })
  const fresh = await openStore({ file: join(folder, 'fresh.db') })
  try {
    await fresh.alarms.put(given)
    for (const query of [DAY, { ...DAY, ...desk }, { ...DAY, sites: ['baoyuan'] }])
      expect(await store.kpis.figures(query)).toEqual(await fresh.kpis.figures(query))
    expect(await fresh.kpis.figures(DAY)).toMatchObject({ raised: 4, breaches: 2 })
  } finally {
    await fresh.close()
  }
  // The older program again, which knows of it.
  await store.alarms.put(gone)
  await store.alarms.reconcile({ known: [...last, gone.at(-1)!], since: START })
  expect(await store.kpis.figures(DAY)).toMatchObject({ raised: 5 })
})

test('times to acknowledge and to clear: the middle, nine in ten, the slowest; a second acknowledgement does not count', async () => {
  for (let i = 1; i <= 10; i++) {
    const [raised, acked, cleared] = life(`p${i}`, { steps: 3, at: START + i * MINUTE })
    await store.alarms.put([
      raised!,
      { ...acked!, at: raised!.at + i * 1_000 },
      { ...cleared!, at: raised!.at + i * 10_000 },
    ])
  }
  const { acknowledge, clear } = await store.kpis.figures(DAY)
  expect(acknowledge).toEqual({ count: 10, median: 5_000, p90: 9_000, max: 10_000 })
  expect(clear).toEqual({ count: 10, median: 50_000, p90: 90_000, max: 100_000 })
})

test('chattering: three rises within a minute, or six within an hour', async () => {
  const rises = (key: string, times: readonly number[]) =>
    times.flatMap((at, i) => rise(key, { at, episode: i + 1, steps: 1 }))
  await store.alarms.put([
    ...rises('quick', [0, 20_000, 59_999]),
    ...rises('slow', [0, 30_000, 60_000]),
    ...rises(
      'steady',
      [0, 11, 22, 33, 44, 55].map((minute) => minute * MINUTE),
    ),
    ...rises(
      'rare',
      [0, 12, 24, 36, 48, 60].map((minute) => minute * MINUTE),
    ),
  ])
  const { chattering, top } = await store.kpis.figures(DAY)
  expect(chattering.map(({ alarm, raised }) => [alarm.split('/').at(-1), raised])).toEqual([
    ['steady', 6],
    ['quick', 3],
  ])
  expect(top.map(({ raised }) => raised)).toEqual([6, 6, 3, 3])
})

/** One alarm that the mine lets run out, that is handed on to the county, and that the county lets run out, with nobody above it. */
function lateTwice(key: string) {
  const words = { key, desk: 'mine' } as const
  const alarm = `baoyuan/crew/coal-face/${key}`
  const clock = { key: alarm, instance: 'response-clock', rule: 'response-clock', desk: 'county' } as const
  const at = (minutes: number) => ({ at: START + minutes * MINUTE, offset: minutes + 1 })
  return [
    transition({ ...words, revision: 1, from: 'normal', to: 'unacked', cause: 'raised', ...at(0) }),
    transition({ ...words, desk: 'county', revision: 2, from: 'unacked', to: 'unacked', cause: 'handed-on', ...at(5) }),
    transition({ ...clock, revision: 1, from: 'normal', to: 'unacked', cause: 'raised', ...at(5) }),
    transition({ ...clock, revision: 2, from: 'unacked', to: 'unacked', cause: 'escalated', ...at(10) }),
    transition({ ...words, revision: 3, from: 'unacked', to: 'acked', cause: 'acked', ...at(12) }),
    transition({ ...words, revision: 4, from: 'acked', to: 'normal', cause: 'cleared', ...at(20) }),
  ]
}

const DESKS = [
  // The mine was answered for after twelve minutes, seven of which the county had it.
  [
    'mine',
    { raised: 2, breaches: 1, acknowledge: { count: 1, max: 12 * MINUTE }, clear: { count: 1, max: 20 * MINUTE } },
  ],
  // What tells of the mine's clock stands on the county's desk, too.
  [
    'county',
    { raised: 2, breaches: 1, acknowledge: { count: 1, max: 7 * MINUTE }, clear: { count: 1, max: 15 * MINUTE } },
  ],
  ['city', { raised: 0, breaches: 0 }],
] as const

test('of a desk: what stood on it, from when it came to it, and whose clock ran out', async () => {
  await store.alarms.put([
    ...lateTwice('a'),
    ...rise('b', { at: MINUTE, steps: 1, desk: 'mine' }),
    ...rise('nobody', { at: MINUTE, steps: 1 }),
  ])
  for (const [desk, expected] of DESKS) expect(await store.kpis.figures({ ...DAY, desk }), desk).toMatchObject(expected)
  expect((await store.kpis.figures({ ...DAY, desk: 'county' })).minutes).toEqual([[START / MINUTE + 5, 2]])
  const from = START + MINUTE
  expect(await store.kpis.figures({ ...DAY, from, desk: 'mine', sites: ['baoyuan'] })).toMatchObject({ raised: 1 })
  expect(await store.kpis.figures({ ...DAY, desk: 'mine', sites: ['other'] })).toMatchObject({ raised: 0, breaches: 0 })
})

test('what tells of a clock may overtake the alarm that was handed on: critical things do', async () => {
  const steps = lateTwice('a')
  const [raised, handedOn, clock, ...rest] = steps
  await store.alarms.put([raised!, { ...clock!, severity: 'critical' }])
  await store.alarms.put([handedOn!, ...rest, ...rise('b', { at: MINUTE, steps: 1, desk: 'mine' })])
  for (const [desk, expected] of DESKS) expect(await store.kpis.figures({ ...DAY, desk }), desk).toMatchObject(expected)
})

test('where another event takes the place of an acknowledgement and an end, neither is counted any more', async () => {
  const [raised, acked, cleared] = rise('a', { steps: 3, offset: 1 })
  await store.alarms.put([raised!, acked!, cleared!])
  await store.alarms.put([{ ...acked!, cause: 'escalated', to: 'unacked', offset: 2 }])
  expect(await store.kpis.figures(DAY)).not.toHaveProperty('acknowledge')
  const end = { from: 'unacked', to: 'rtn-unacked', at: START + 9_000, offset: 3 } as const
  await store.alarms.put([{ ...cleared!, ...end }])
  const { acknowledge, clear } = await store.kpis.figures(DAY)
  expect([acknowledge, clear]).toEqual([undefined, { count: 1, median: 9_000, p90: 9_000, max: 9_000 }])
})

test('alarms that were written before desks were counted are counted at the next start', async () => {
  await store.alarms.put([...lateTwice('a'), ...rise('b', { at: MINUTE, steps: 1, desk: 'mine' })])
  await store.close()
  const file = join(folder, 'store.db')
  const raw = new DatabaseSync(file)
  raw.exec("DELETE FROM meta WHERE key = 'desks'; DROP TABLE alarm_desk; DROP TABLE desk_breach")
  raw.close()
  store = await openStore({ file })
  for (const [desk, expected] of DESKS) expect(await store.kpis.figures({ ...DAY, desk }), desk).toMatchObject(expected)
})

test('a reader that dies refuses what it was asked, and is there again for the next question', async () => {
  await store.alarms.put(rise('a', { steps: 1 }))
  const warnings: string[] = []
  const module = new URL('./mortal-kpi-worker.ts', import.meta.url)
  const kpis = kpisOf(join(folder, 'store.db'), { module, warn: (message) => warnings.push(message) })
  try {
    expect((await kpis.figures(DAY)).raised).toBe(1)
    expect(kpis.reader()).toEqual({ up: true, restarts: 0 })
    for (const times of [1, 2]) {
      const asked = kpis.figures({ ...DAY, desk: 'dies' })
      await expect(asked).rejects.toMatchObject({ code: 'storage-lost', remedy: expect.stringContaining('ask again') })
      expect(kpis.reader()).toMatchObject({ up: false, restarts: times, reason: expect.stringContaining('ended') })
      expect((await kpis.figures(DAY)).raised).toBe(1)
      expect(kpis.reader()).toEqual({ up: true, restarts: times })
    }
    await expect(kpis.figures({ ...DAY, desk: 'dies' })).rejects.toMatchObject({ code: 'storage-lost' })
    // Nobody has to ask.
    await vi.waitFor(() => expect(kpis.reader().up).toBe(true), 30_000)
    expect(warnings).toHaveLength(3)
  } finally {
    await kpis.close()
  }
  await expect(kpis.figures(DAY)).rejects.toMatchObject({ code: 'storage-lost' })
})
