/** The cases of `rise`, its window against a plain account of it, and what it keeps. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { record } from '../../../test/recorder.ts'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import type { Quality } from '../../model/reading.ts'
import { RULES } from '../index.ts'
import { rise } from './index.ts'
import { createWindow, lowest, push } from './window.ts'

testCases('rise')

const installation = inlineInstallation({
  file: 'rise',
  known: RULES,
  site: { points: [{ id: 'ch4', kind: 'gas.ch4' }] },
  rules: [{ id: 'rise', rule: 'rise', by: 4, clear: 2, window: '10s' }],
})

const samples = fc.array(
  fc.record({
    after: fc.constantFrom(0, 1_000, 1_000, 2_000, 5_000, 11_000),
    value: fc.option(fc.integer({ min: 0, max: 12 })),
    quality: fc.constantFrom<Quality>('good', 'good', 'good', 'uncertain', 'bad'),
    reload: fc.boolean(),
  }),
  { maxLength: 60 },
)

test('what it says is what every good value of the last ten seconds says', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const recorder = record(rise, installation)
      const good: { ts: number; value: number }[] = []
      let said = false
      let truth = false
      let ts = 0
      for (const { after, value, quality, reload } of all) {
        ts += after
        if (reload) recorder.reload()
        recorder.stated.length = 0
        recorder.read(ts, value, value === null ? 'bad' : quality)
        const valid = value !== null && quality !== 'bad'
        const before = good.filter((one) => one.ts >= ts - 10_000).map((one) => one.value)
        if (valid && before.length > 0) {
          const increase = value - Math.min(...before)
          if (increase >= 4) truth = true
          else if (quality === 'good' && increase < 2) truth = false
        }
        if (valid && quality === 'good') good.push({ ts, value })
        for (const condition of recorder.stated) {
          expect(condition.at).toBe(ts)
          if (condition.truth !== 'unknown') said = condition.truth === 'active'
          else expect(valid && before.length > 0).toBe(false)
        }
        expect(said).toBe(truth)
      }
    }),
  )
})

test('in the calm it says nothing and asks for nothing', () => {
  const recorder = record(rise, installation)
  for (let i = 0; i < 100; i++) recorder.read(i * 1_000, 3 + (i % 4), i % 5 === 0 ? 'bad' : 'good')
  expect(recorder.stated).toEqual([])
  expect(recorder.wakes).toEqual([])
})

test('a value that rises all day is kept in bounded room, its lowest at most a hundredth of the window too old', () => {
  const window = createWindow(3_600_000)
  const [point] = installation.points
  let most = 0
  for (let i = 0; i < 20_000; i++) {
    const ts = i * 1_000
    const low = lowest(window, ts)
    if (i > 0) {
      const exact = Math.max(0, i - 3_600)
      expect(low!.value).toBeLessThanOrEqual(exact)
      expect(low!.value).toBeGreaterThanOrEqual(exact - 36)
    }
    push(window, { point: point!, ts, value: i })
    most = Math.max(most, window.lows.length)
  }
  expect(most).toBeLessThan(600)
})
