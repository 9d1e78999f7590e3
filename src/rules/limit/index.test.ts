/** The cases of `limit`, and its hysteresis against a plain account of it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { record } from '../../../test/recorder.ts'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import type { Quality } from '../../model/reading.ts'
import { RULES } from '../index.ts'
import { limit } from './index.ts'

testCases('limit')

const installation = inlineInstallation({
  file: 'limit',
  known: RULES,
  site: { points: [{ id: 'ch4', kind: 'gas.ch4' }] },
  rules: [
    {
      id: 'gas',
      rule: 'limit',
      levels: [
        { name: 'high', high: 10, clear: 8 },
        { name: 'low', low: 2, clear: 4, clearAfter: '3s' },
      ],
    },
  ],
})

const samples = fc.array(
  fc.record({
    value: fc.option(fc.integer({ min: 0, max: 12 })),
    quality: fc.constantFrom<Quality>('good', 'good', 'good', 'uncertain', 'bad'),
    reload: fc.boolean(),
  }),
  { maxLength: 60 },
)

test('each level is what the last word that could tell says of it', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const recorder = record(limit, installation)
      const said: Record<string, boolean> = { 'ch4:high': false, 'ch4:low': false }
      const truth = { 'ch4:high': false, 'ch4:low': false }
      for (const [i, { value, quality, reload }] of all.entries()) {
        if (reload) recorder.reload()
        recorder.stated.length = 0
        recorder.read(i * 1_000, value, value === null ? 'bad' : quality)
        const valid = value !== null && quality !== 'bad'
        if (valid && value >= 10) truth['ch4:high'] = true
        if (valid && quality === 'good' && value < 8) truth['ch4:high'] = false
        if (valid && value <= 2) truth['ch4:low'] = true
        if (valid && quality === 'good' && value > 4) truth['ch4:low'] = false
        for (const condition of recorder.stated) {
          expect(condition.at).toBe(i * 1_000)
          if (condition.truth === 'unknown') expect(valid).toBe(false)
          else said[condition.key] = condition.truth === 'active'
        }
        expect(said).toEqual(truth)
      }
    }),
  )
})

test('in the calm it says nothing, and asks for nothing', () => {
  const recorder = record(limit, installation)
  for (let i = 0; i < 100; i++) recorder.read(i * 1_000, 3 + (i % 7), i % 5 === 0 ? 'bad' : 'good')
  expect(recorder.stated).toEqual([])
  expect(recorder.wakes).toEqual([])
})

test('the end is said again until the clear delay is over, and no longer', () => {
  const recorder = record(limit, installation)
  recorder.read(0, 1)
  for (let i = 1; i <= 8; i++) recorder.read(i * 1_000, 5)
  expect(recorder.stated.map(({ truth, at }) => [truth, at])).toEqual([
    ['active', 0],
    ['inactive', 1_000],
    ['inactive', 2_000],
    ['inactive', 3_000],
    ['inactive', 4_000],
  ])
})
