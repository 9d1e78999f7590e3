import { expect, test } from 'vitest'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Installation } from '../model/site.ts'
import { type Instant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { foldBoth } from './backtest/both.ts'
import { inWords } from './backtest/words.ts'
import { type Comparison, compare } from './backtest.ts'
import { inlineInstallation } from './cases/inline.ts'

const START = Date.parse('2026-05-01T08:00:00+08:00')
const at = (seconds: number): Instant => START + seconds * SECOND
const clock = (instant: Instant) => new Date(instant + 8 * 3_600_000).toISOString().slice(11, 19)
const ZONE = () => 'Asia/Shanghai'

function limited(levels: object[], more: object = {}): Installation {
  return inlineInstallation({
    file: 'backtest',
    known: RULES,
    site: { timezone: 'Asia/Shanghai', points: [{ id: 'ch4', kind: 'gas.ch4' }] },
    rules: [{ id: 'gas', rule: 'limit', levels, ...more }],
  })
}
const ONE = limited([{ name: 'high', high: 1 }])

/** What the methane probe said, a value a second, beginning with the configuration in force; ticks in between. */
function story(values: readonly number[], hash = ONE.hash): NewEntry[] {
  return [
    { type: 'config', at: at(0), hash },
    ...values.flatMap((value, second): NewEntry[] => [reading(second, value), { type: 'tick', at: at(second) + 500 }]),
  ]
}

function reading(second: number, value: number, arrival = second): NewEntry {
  return {
    type: 'reading',
    at: at(arrival),
    reading: { point: { siteId: 'mine', id: 'ch4' }, ts: at(second), value, quality: 'good' },
  }
}

interface Trial {
  readonly entries: readonly NewEntry[]
  readonly was?: readonly Installation[]
  readonly would: Installation
  readonly from?: number
  readonly to?: number
}

async function backtest({ entries, was = [ONE], would, from = 0, to = 100_000 }: Trial): Promise<Comparison> {
  const journal = openMemoryJournal()
  await journal.append(entries)
  const sides = await foldBoth({
    journal,
    rules: RULES,
    was: async (hash) => was.find((installation) => installation.hash === hash),
    would: async (hash) => ({ ...would, hash }),
    to: at(to),
  })
  return compare({ ...sides, from: at(from), to: at(to), zone: ZONE })
}

const shown = ({ both, onlyThen, onlyNow }: Comparison) => ({
  both: both.map(({ raised, cleared, same }) => ({ raised, cleared, same })),
  onlyThen: onlyThen.map(({ raised }) => clock(raised)),
  onlyNow: onlyNow.map(({ raised }) => clock(raised)),
})

test('a lower limit raises in addition, and what it shares rises earlier and clears later', async () => {
  const comparison = await backtest({
    entries: story([0.2, 0.7, 0.2, 0.2, 0.7, 1.2, 0.7, 0.2]),
    would: limited([{ name: 'high', high: 0.5 }]),
  })
  expect(shown(comparison)).toEqual({
    both: [{ raised: -SECOND, cleared: SECOND, same: false }],
    onlyThen: [],
    onlyNow: ['08:00:01'],
  })
  expect(comparison.counts).toEqual([{ rule: 'limit', severity: 'major', was: 1, would: 2 }])
  expect(comparison.days).toEqual([{ day: '2026-05-01', was: 1, would: 2 }])
})

test('a longer delay drops what was short, in event time', async () => {
  const comparison = await backtest({
    entries: story([0.2, 1.2, 0.2, 1.2, 1.2, 1.2, 1.2, 0.2, 0.2]),
    would: limited([{ name: 'high', high: 1 }], { raiseAfter: '2s' }),
  })
  expect(shown(comparison)).toEqual({
    both: [{ raised: 2 * SECOND, cleared: 0, same: false }],
    onlyThen: ['08:00:01'],
    onlyNow: [],
  })
})

test('the same rules give the same alarms, whatever they are', async () => {
  const { both, onlyThen, onlyNow } = await backtest({ entries: story([1.2, 0.2, 1.2, 1.3]), would: ONE })
  expect(both.map(({ same }) => same)).toEqual([true, true])
  expect([onlyThen, onlyNow]).toEqual([[], []])
})

test('two episodes that a wider hysteresis joins are one trouble, not one lost', async () => {
  const comparison = await backtest({
    entries: story([1.2, 0.8, 1.2, 0.2]),
    would: limited([{ name: 'high', high: 1, clear: 0.5 }]),
  })
  expect(comparison.onlyThen).toEqual([])
  expect(comparison.both).toMatchObject([{ raised: 0, cleared: 0, same: false }])
  expect(comparison.both[0]!.was).toHaveLength(2)
  expect(inWords(comparison, { zone: ZONE })).toContain('1 episode instead of 2')
})

test('a change of configuration within the range is judged as it was: one side changes, the other does not', async () => {
  const strict = limited([{ name: 'high', high: 0.5 }])
  const entries: NewEntry[] = [
    ...story([0.7, 0.7, 0.7]),
    { type: 'config', at: at(3), hash: strict.hash },
    reading(4, 0.7),
    reading(5, 0.2),
  ]
  const comparison = await backtest({ entries, was: [ONE, strict], would: strict })
  expect(comparison.both).toHaveLength(1)
  expect(comparison.both[0]!.raised).toBeGreaterThan(0 - 5 * SECOND)
  expect(comparison.both[0]!.raised).toBeLessThan(0)
})

test('what was never kept cannot be compared, and is named', async () => {
  await expect(backtest({ entries: story([1]), was: [], would: ONE })).rejects.toMatchObject({
    code: 'configuration-lost',
  })
})

test('late readings count once they are judged: an alarm found afterwards is told as found', async () => {
  const entries: NewEntry[] = [
    ...story([0.2]),
    ...Array.from({ length: 120 }, (_, i): NewEntry => ({ type: 'tick', at: at(i + 1) })),
    reading(119, 0.2, 121),
    reading(60, 0.7, 121),
    reading(61, 0.2, 121),
    ...Array.from({ length: 600 }, (_, i): NewEntry => ({ type: 'tick', at: at(i + 122) })),
  ]
  const { onlyNow, both } = await backtest({ entries, would: limited([{ name: 'high', high: 0.5 }]) })
  expect(both).toEqual([])
  expect(onlyNow).toMatchObject([{ raised: at(60), cleared: at(60) }])
  expect(onlyNow[0]!.found).toBeGreaterThan(at(121))
})

test('only what touches the range is told, and what came in after it is not known', async () => {
  const entries = story([1.2, 0.2, 1.2, 1.2, 0.2, 1.2, 0.2])
  const would = limited([{ name: 'high', high: 5 }])
  expect(shown(await backtest({ entries, would, from: 3, to: 4 })).onlyThen).toEqual(['08:00:02'])
  const cut = await backtest({ entries, would, from: 3, to: 3 })
  expect(cut.onlyThen[0]).not.toHaveProperty('cleared')
})

test('the words say what a safety engineer asks', async () => {
  const comparison = await backtest({
    entries: story([0.2, 0.7, 0.2, 0.2, 0.7, 1.2, 0.7, 0.2]),
    would: limited([{ name: 'high', high: 0.5, severity: 'critical' }]),
  })
  const words = inWords(comparison, { zone: ZONE })
  expect(words).toContain('1 in addition, 0 no longer, 1 otherwise, 0 the same')
  expect(words).toContain('rises 1s earlier, clears 1s later, critical instead of major')
  expect(words).toContain('2026-05-01T08:00:01.000+08:00 for 1s  critical  mine/gas/ch4:high  0.7 / 0.5')
})
