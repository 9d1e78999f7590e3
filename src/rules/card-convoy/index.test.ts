/** The cases of `card-convoy`, and that a whole shift at one reader costs it no pair of each with each. */
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import type { Condition } from '../../model/alarm.ts'
import { createEngine } from '../engine.ts'
import { RULES } from '../index.ts'

testCases('card-convoy')

interface State {
  readonly pairs: readonly unknown[]
  readonly tracks: readonly unknown[]
}

const installation = inlineInstallation({
  file: 'crowd',
  known: RULES,
  site: {
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: Array.from({ length: 8 }, (_, i) => ({ id: `r-${i}`, kind: 'card.reader', area: 'face' })),
  },
  rules: [{ id: 'convoy', rule: 'card-convoy' }],
})

test('two thousand who pass every reader within a second make a bounded number of pairs', () => {
  const engine = createEngine({ installation, rules: RULES, settled: (_, now) => now, began: 0, now: 0 })
  const found: Condition[] = []
  const crowd = Array.from({ length: 2_000 }, (_, i) => `c-${i}`)
  for (const [i, point] of installation.points.entries()) {
    const at = (i + 1) * 600_000
    const pass = (card: string, ts: number) =>
      engine.reading({ point, ts, value: { card }, quality: 'good', received: ts, timing: 'live' }, found)
    // Every reader sees them in another order.
    for (const n of crowd.keys()) pass(crowd[(n * (20 * i + 3)) % 2_000]!, at + Math.floor(n / 2))
    engine.tick(at + 60_000, found)
  }
  const { partitions } = engine.save() as unknown as { partitions: readonly [unknown, unknown, unknown, State][] }
  expect(partitions[0]![3].pairs.length).toBeLessThan(2_000 * 40)
  expect(partitions[0]![3].tracks).toHaveLength(2_000)
})

test('among two hundred who follow each other, the one who carries two cards is found, and nobody else', () => {
  const engine = createEngine({ installation, rules: RULES, settled: (_, now) => now, began: 0, now: 0 })
  const found: Condition[] = []
  for (const [i, point] of installation.points.entries()) {
    const at = (i + 1) * 3_600_000
    const pass = (card: string, ts: number) =>
      engine.reading({ point, ts, value: { card }, quality: 'good', received: ts, timing: 'live' }, found)
    // One every two seconds, every reader in another order: each is within the gap of others, never of the same ones for long.
    for (let n = 0; n < 200; n++) {
      const k = (n * (20 * i + 3)) % 200
      pass(`c-${k}`, at + n * 2_000)
      if (k === 77) pass('x-77', at + n * 2_000 + 500)
    }
  }
  const active = found.filter(({ truth }) => truth === 'active').map(({ key }) => key)
  expect(new Set(active)).toEqual(new Set(['c-77+x-77']))
})
