import { expect, test } from 'vitest'
import type { Reading } from '../model/reading.ts'
import { HOUR, MINUTE } from '../model/time.ts'
import { createClockReport } from './clock-report.ts'

test('a clock that runs ahead is named once, and again after an hour', () => {
  const lines: string[] = []
  const report = createClockReport({ info() {}, error() {}, warn: (line) => lines.push(line) })
  const early = (id: string, received: number): Reading =>
    ({
      point: { siteId: 'mine', id },
      ts: received + 10 * MINUTE,
      received,
      timing: 'early',
      quality: 'uncertain',
      value: 1,
    }) as Reading
  report([early('a', 0), early('a', 1_000), early('b', 2_000), { ...early('c', 0), timing: 'live' }])
  report([early('a', HOUR - 1), early('a', HOUR)])
  expect(lines.map((line) => line.split(':')[0])).toEqual(['mine/a', 'mine/b', 'mine/a'])
  expect(lines[0]).toContain('10m ahead')
})
