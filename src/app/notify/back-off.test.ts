import { expect, test } from 'vitest'
import { backOff } from './back-off.ts'

const bounds = { first: 1_000, longest: 60_000 }

test('the pause doubles up to the longest, and is spread between half and all of it', () => {
  for (const [attempts, whole] of [
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [7, 60_000],
    [10_000, 60_000],
  ] as const) {
    const pauses = Array.from({ length: 200 }, (_, i) => backOff({ id: `m${i}`, attempts }, bounds))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(whole / 2)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(whole)
    expect(new Set(pauses).size).toBeGreaterThan(50)
  }
  expect(backOff({ id: 'a', attempts: 3 }, bounds)).toBe(backOff({ id: 'a', attempts: 3 }, bounds))
})
