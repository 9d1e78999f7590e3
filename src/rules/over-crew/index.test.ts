/** The cases of `over-crew`, and the arithmetic of its calendar. */
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import type { RuleInstance } from '../../model/rule.ts'
import { parseInstant } from '../../model/time.ts'
import { RULES } from '../index.ts'
import { escalatedFrom, nextRegime, regimeAt } from './calendar.ts'
import type { OverCrewParams } from './params.ts'

testCases('over-crew')

test.each([
  [8, 1.2, 10],
  [18, 1.2, 22],
  [25, 1.2, 30],
  // 1.1 × 10 is 11.000000000000002 in binary.
  [10, 1.1, 11],
  [100, 1.1, 110],
  [7, 1, 7],
])('%i times %d is reached at %i', (limit, factor, from) => {
  expect(escalatedFrom(limit, factor)).toBe(from)
})

const installation = inlineInstallation({
  file: 'calendar',
  known: RULES,
  site: {
    shifts: [
      { id: 'early', from: '06:00', to: '14:00' },
      { id: 'late', from: '15:00', to: '23:00', work: 'maintenance' },
    ],
    areas: [{ id: 'face' }],
  },
  rules: [
    { id: 'a', rule: 'over-crew', limit: 25, handover: { limit: 50 } },
    { id: 'b', rule: 'over-crew', limit: 25, work: 'production' },
    { id: 'c', rule: 'over-crew', limit: 8, count: 'shift' },
  ],
})
const [site] = [...installation.sites.values()]
const at = (time: string) => parseInstant(`2026-05-01T${time}+08:00`)!
const where = (i: number) => ({ site: site!, instance: installation.rules[i] as RuleInstance<OverCrewParams> })

test('the limit of a handover holds from half an hour before to half an hour after', () => {
  const limits = ['13:29:59', '13:30:00', '14:00:00', '15:29:59', '15:30:00'].map(
    (t) => regimeAt(at(t), where(0)).limit,
  )
  expect(limits).toEqual([25, 50, 50, 50, 25])
})

test('outside the kind of work, and for the count of a shift between shifts, there is no limit', () => {
  expect(['13:00:00', '14:30:00', '16:00:00'].map((t) => regimeAt(at(t), where(1)).limit)).toEqual([
    25,
    undefined,
    undefined,
  ])
  expect(['13:00:00', '14:30:00', '16:00:00'].map((t) => regimeAt(at(t), where(2)).limit)).toEqual([8, undefined, 8])
})

test('every change of the limit is foreseen', () => {
  const edges: number[] = []
  for (let t = at('12:00:00'); t < at('23:30:00'); ) {
    t = nextRegime(t, where(0))
    edges.push(t)
  }
  for (const time of ['13:30:00', '14:00:00', '15:00:00', '15:30:00', '22:30:00', '23:00:00', '23:30:00']) {
    expect(edges).toContain(at(time))
  }
})
