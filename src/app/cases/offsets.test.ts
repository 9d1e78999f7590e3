import { expect, test } from 'vitest'
import { expandNames, formatOffset, parseOffset, parseSpan } from './offsets.ts'

test('offsets add up their parts, and nothing else is an offset', () => {
  expect(parseOffset('0s')).toBe(0)
  expect(parseOffset('1h1m30s')).toBe(3_690_000)
  expect(parseOffset('0.5s')).toBe(500)
  for (const text of ['', '5', 's', '1m 30s', '-5s', '1m30', '5sec']) expect(parseOffset(text), text).toBeUndefined()
})

test('offsets are written as they would be read', () => {
  for (const text of ['0s', '70ms', '90s', '1h', '1h0.5s', '25h3m']) {
    expect(parseOffset(formatOffset(parseOffset(text)!)), text).toBe(parseOffset(text))
  }
  expect(formatOffset(-90_000)).toBe('-1m30s')
})

test('a span has an end that is not before its beginning', () => {
  expect(parseSpan('10s..5m')).toEqual([10_000, 300_000])
  expect(parseSpan('10s')).toEqual([10_000, 10_000])
  for (const text of ['5m..10s', '1s..2s..3s', '..5s', '5s..']) expect(parseSpan(text), text).toBeUndefined()
})

test('numbered names keep their leading zeros; what is no range is a name', () => {
  expect(expandNames('c-09..c-11')).toEqual(['c-09', 'c-10', 'c-11'])
  expect(expandNames('c-1..3, x')).toEqual(['c-1', 'c-2', 'c-3', 'x'])
  expect(expandNames(['p-1', 'q-1..p-3', 'z-5..z-4'])).toEqual(['p-1', 'q-1..p-3', 'z-5..z-4'])
})
