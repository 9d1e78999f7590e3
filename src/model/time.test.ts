import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DAY,
  EARLIEST,
  formatDuration,
  formatInstant,
  HOUR,
  LATEST,
  MINUTE,
  parseDuration,
  parseInstant,
  SECOND,
  zoneExists,
  zoneOffset,
} from './time.ts'

const ZONES = ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham']

test('instants are integer milliseconds or ISO 8601 with an offset, and nothing else', () => {
  const eight = Date.UTC(2026, 4, 1)
  expect(parseInstant('2026-05-01T08:00:00.000+08:00')).toBe(eight)
  expect(parseInstant('2026-05-01T00:00Z')).toBe(eight)
  expect(parseInstant('2026-05-01 08:00:00+0800')).toBe(eight)
  expect(parseInstant(eight)).toBe(eight)
  for (const wrong of [
    '2026-05-01T08:00:00',
    '2026-05-01',
    '2026-13-01T00:00:00Z',
    '',
    'now',
    1.5,
    Number.NaN,
    null,
    {},
  ])
    expect(parseInstant(wrong), String(wrong)).toBeUndefined()
})

test('an instant is written and read back the same, in any zone', () => {
  fc.assert(
    fc.property(fc.integer({ min: EARLIEST, max: LATEST - 1 }), fc.constantFrom(...ZONES), (instant, zone) => {
      expect(parseInstant(formatInstant(instant, zone))).toBe(instant)
    }),
  )
})

test('what a zone adds is what the runtime says, to the minute at which it changes', () => {
  const exact = (zone: string, instant: number) => {
    const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
      instant,
    )
    return Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(instant / SECOND) * SECOND
  }
  fc.assert(
    fc.property(fc.integer({ min: EARLIEST, max: LATEST }), fc.constantFrom(...ZONES), (instant, zone) => {
      expect(zoneOffset(zone, instant)).toBe(exact(zone, instant))
    }),
  )
  // Newfoundland's clocks changed at one minute past midnight until 2011.
  const change = parseInstant('2010-03-14T00:01:00-03:30')!
  for (const instant of [change - MINUTE, change - 1, change, change + 1, change + 5 * MINUTE, change - 10 * MINUTE])
    expect(zoneOffset('America/St_Johns', instant), formatInstant(instant)).toBe(exact('America/St_Johns', instant))
})

test('durations are written shortest, and read back the same', () => {
  expect([90 * SECOND, 10 * MINUTE, 8 * HOUR, 2 * DAY, 500, 0].map(formatDuration)).toEqual([
    '90s',
    '10m',
    '8h',
    '48h',
    '500ms',
    '0s',
  ])
  for (const wrong of ['90', '90 s', '-5s', 's', '1w', 90, undefined]) expect(parseDuration(wrong)).toBeUndefined()
  expect(parseDuration('1.5h')).toBe(90 * MINUTE)
  fc.assert(
    fc.property(fc.nat({ max: 10 * DAY }), (n) => {
      expect(parseDuration(formatDuration(n))).toBe(n)
    }),
  )
})

test('unknown zones are told', () => {
  expect(zoneExists('Asia/Shanghai')).toBe(true)
  expect(zoneExists('Asia/Atlantis')).toBe(false)
})
