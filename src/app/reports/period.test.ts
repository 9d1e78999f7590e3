/** Shifts, days and months by the site's own clocks. */
import { expect, test } from 'vitest'
import { ALL_DAY, type Shift } from '../../model/shift.ts'
import { HOUR } from '../../model/time.ts'
import { periodOf } from './period.ts'

const SHIFTS: readonly Shift[] = [
  { id: 'early', from: 6 * HOUR, to: 14 * HOUR, work: 'production' },
  { id: 'night', from: 22 * HOUR, to: 6 * HOUR, work: 'maintenance' },
]
const mine = { timezone: 'Asia/Shanghai', shifts: SHIFTS }
const now = Date.parse('2026-05-02T01:00:00+08:00')
const told = (given: Omit<Parameters<typeof periodOf>[1], 'now'>, site: Parameters<typeof periodOf>[0] = mine) => {
  const period = periodOf(site, { ...given, now })
  if (typeof period === 'string') return period
  const utc = (at: number) => new Date(at).toISOString()
  return [period.date, period.shift?.id, utc(period.from), utc(period.to)]
}

test('the night shift is one shift, filed under the day it begins on', () => {
  const night = ['2026-05-01', 'night', '2026-05-01T14:00:00.000Z', '2026-05-01T22:00:00.000Z']
  expect(told({ kind: 'shift' })).toEqual(night)
  expect(told({ kind: 'shift', date: '2026-05-01', shift: 'night' })).toEqual(night)
})

test('a day and a month', () => {
  const day = ['2026-05-02', undefined, '2026-05-01T16:00:00.000Z', '2026-05-02T16:00:00.000Z']
  expect(told({ kind: 'day' })).toEqual(day)
  const month = ['2026-02', undefined, '2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z']
  expect(told({ kind: 'month', date: '2026-02' })).toEqual(month)
  expect(told({ kind: 'month', date: '2026-02-14' })).toEqual(month)
})

test('the day on which clocks go forward has 23 hours', () => {
  const berlin = { timezone: 'Europe/Berlin', shifts: ALL_DAY }
  expect(told({ kind: 'day', date: '2026-03-29' }, berlin)).toEqual([
    '2026-03-29',
    undefined,
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
})

test('what is no time is said to be none', () => {
  expect(told({ kind: 'shift', date: '2026-05-01' })).toContain('early, night')
  expect(told({ kind: 'day', date: '2026-02-30' })).toContain('2026-02-30')
  expect(told({ kind: 'day', date: '2026-02' })).toContain('2026-02')
  expect(told({ kind: 'month', date: 'May' })).toContain('May')
  expect(periodOf(mine, { kind: 'shift', now: Date.parse('2026-05-01T15:00:00+08:00') })).toContain('no shift')
})
