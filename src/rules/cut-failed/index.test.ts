/** The cases of `cut-failed`, from the first entry on and from a snapshot before every entry; and news that is late on its way. */
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import { play } from '../../app/cases/play.ts'
import type { Stimulus } from '../../app/cases/stimuli.ts'
import { RULES } from '../index.ts'

testCases('cut-failed')

const mine = inlineInstallation({
  file: 'cut-failed',
  known: RULES,
  site: {
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 'o2', kind: 'gas.o2', area: 'face' },
      { id: 'feeder', kind: 'feeder.energized', area: 'face', silentAfter: '60s' },
      { id: 'clock', kind: 'count.lamps' },
    ],
  },
  rules: [
    {
      id: 'gas',
      rule: 'limit',
      match: { kind: 'gas.o2' },
      levels: [{ name: 'cut', low: 18, clear: 20 }],
    },
    { id: 'power', rule: 'cut-failed', match: { kind: 'coal-face' } },
  ],
})
const START = 1_777_600_800_000
const line = (second: number, point: string, value: unknown, lag = 0) => {
  const at = START + (second + lag) * 1_000
  return { at, line: { site: 'mine', point, ts: START + second * 1_000, value, received: at } }
}
/** A point half a minute late, so that the site's news settles late. */
const slow = [line(0, 'clock', 1, 15), line(60, 'clock', 2, 15)]
const run = (lines: readonly Stimulus[], resume: boolean) =>
  play(
    [...slow, ...lines].sort((a, b) => a.at - b.at),
    {
      installation: mine,
      rules: RULES,
      start: START,
      until: START + 300_000,
      resume,
    },
  ).transitions

test('gas that is back, while that waits for the site’s news, is still worded and weighed after a snapshot', () => {
  const lines = [line(20, 'feeder', true), line(30, 'o2', 17), line(50, 'o2', 20.5), line(58, 'o2', 20.6)]
  const straight = run(lines, false)
  expect(straight.map(({ rule, cause }) => `${rule} ${cause}`)).toContain('cut-failed raised')
  expect(JSON.stringify(run(lines, true).map((t) => t.text))).toBe(JSON.stringify(straight.map((t) => t.text)))
})

test('a feeder that was taken for silent, and whose word was only on its way, is off', () => {
  // Off at 0 s and at 55 s; the second word arrives at 70 s, after the minute.
  const lines = [line(0, 'feeder', false), line(55, 'feeder', false, 15), line(80, 'o2', 17)]
  expect(run(lines, false).filter(({ rule, at }) => rule === 'cut-failed' && at < START + 110_000)).toEqual([])
})
