/** The cases of `weld-uncertified`, and the last instant of a certificate in zones whose clocks change. */
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import { formatInstant } from '../../model/time.ts'
import { endOfDay } from './certificate.ts'

testCases('weld-uncertified')

test.each([
  ['2026-05-01', 'Asia/Shanghai', '2026-05-02T00:00:00.000+08:00'],
  ['2026-03-28', 'Europe/Berlin', '2026-03-29T00:00:00.000+01:00'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-30T00:00:00.000+02:00'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-26T00:00:00.000+01:00'],
  ['2025-12-31', 'America/St_Johns', '2026-01-01T00:00:00.000-03:30'],
])('a certificate of %s in %s holds to the end of that day', (day, zone, end) => {
  expect(formatInstant(endOfDay(day, zone), zone)).toBe(end)
})
