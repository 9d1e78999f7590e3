/** Rates and floods from counts by the minute. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../model/time.ts'
import { ratesOf } from './rates.ts'

const FROM = Date.UTC(2026, 4, 1)
const first = FROM / MINUTE
const at = (...pairs: [minute: number, count: number][]) =>
  pairs.map(([minute, count]) => [first + minute, count] as const)

test('nothing raised', () => {
  expect(ratesOf([], { from: FROM, to: FROM + HOUR })).toEqual({
    perHour: { average: 0, peak: 0 },
    perTenMinutes: { average: 0, peak: 0 },
    flood: { share: 0, time: 0, floods: 0 },
  })
})

test('a flood begins with the tenth alarm in ten minutes and ends below five', () => {
  const nine = ratesOf(at([0, 5], [9, 4]), { from: FROM, to: FROM + HOUR })
  expect(nine.flood).toEqual({ share: 0, time: 0, floods: 0 })
  // Ten within minutes 0 to 9; the five of minute 0 leave at minute 10: five are not below five. The rest leave at 19.
  const ten = ratesOf(at([0, 5], [9, 5]), { from: FROM, to: FROM + HOUR })
  expect(ten.flood).toEqual({ share: 10 / 60, time: 10 * MINUTE, floods: 1 })
  expect(ten.perTenMinutes).toEqual({ average: 1.67, peak: 10 })
  // Nine within any ten minutes, though eleven in all.
  expect(ratesOf(at([0, 5], [9, 4], [10, 2]), { from: FROM, to: FROM + HOUR }).flood.floods).toBe(0)
})

test('peaks slide: an hour that begins at any minute', () => {
  const { perHour } = ratesOf(at([0, 1], [59, 3], [60, 3], [200, 4]), { from: FROM, to: FROM + 4 * HOUR })
  expect(perHour).toEqual({ average: 2.75, peak: 6 })
})

test('as slow counting tells it, for any alarms', () => {
  const minute = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 12 }))
  fc.assert(
    fc.property(fc.uniqueArray(minute, { selector: ([m]) => m, maxLength: 60 }), (pairs) => {
      const minutes = at(...pairs.sort(([a], [b]) => a - b))
      const window = (end: number, length: number) =>
        minutes.reduce((sum, [m, count]) => (m > first + end - length && m <= first + end ? sum + count : sum), 0)
      let [ten, hour, time, floods, flooded] = [0, 0, 0, 0, false]
      for (let m = 0; m < 360; m++) {
        ten = Math.max(ten, window(m, 10))
        hour = Math.max(hour, window(m, 60))
        if (!flooded && window(m, 10) >= 10) [flooded, floods] = [true, floods + 1]
        else if (flooded && window(m, 10) < 5) flooded = false
        if (flooded) time += MINUTE
      }
      const rates = ratesOf(minutes, { from: FROM, to: FROM + 6 * HOUR })
      expect(rates).toMatchObject({
        perHour: { peak: hour },
        perTenMinutes: { peak: ten },
        flood: { time, floods },
      })
    }),
  )
})
