import { expect, test } from 'vitest'
import type { Reading } from '../model/reading.ts'
import { MINUTE } from '../model/time.ts'
import { createDataQuality } from './data-quality.ts'

const reading = (minute: number, more: Partial<Reading> = {}, siteId = 'north'): Reading =>
  ({ point: { siteId, id: 'p' }, received: minute * MINUTE, quality: 'good', timing: 'live', ...more }) as Reading

test('an hour of readings: what left the hour no longer counts, pauses included', () => {
  const worth = createDataQuality()
  worth.note([reading(100), reading(100, { quality: 'bad' }), reading(130, { quality: 'uncertain' })])
  worth.note([reading(131, { timing: 'late', quality: 'bad' }), reading(131, {}, 'south')])
  const north = (minute: number) => worth.of('north', minute * MINUTE)
  expect(north(131)).toEqual({ readings: 4, bad: 2, late: 1 })
  expect(north(159)).toEqual({ readings: 4, bad: 2, late: 1 })
  expect(north(160)).toEqual({ readings: 2, bad: 1, late: 1 })
  expect(north(1_000)).toEqual({ readings: 0, bad: 0, late: 0 })
  worth.note([reading(1_001)])
  expect(north(1_001)).toEqual({ readings: 1, bad: 0, late: 0 })
  expect(worth.of('south', 131 * MINUTE)).toEqual({ readings: 1, bad: 0, late: 0 })
  expect(worth.of('nowhere', 0)).toEqual({ readings: 0, bad: 0, late: 0 })
})
