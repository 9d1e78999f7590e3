import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, parseInstant } from '../model/time.ts'
import { readUsualIso } from './iso.ts'

const zone = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/St_Johns')

test('the usual forms are read, and read as the clock wrote them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_214_400_000 }), zone, (instant, name) => {
      expect(readUsualIso(formatInstant(instant, name))).toBe(instant)
    }),
    { numRuns: 2_000 },
  )
  expect(readUsualIso('2026-05-01T08:00:00+08:00')).toBe(Date.UTC(2026, 4, 1))
  expect(readUsualIso('2024-02-29T00:00:00.001Z')).toBe(Date.UTC(2024, 1, 29, 0, 0, 0, 1))
})

const near = fc
  .tuple(
    fc.constantFrom(
      '2026-05-01T08:00:00.000+08:00',
      '2024-02-29T23:59:59Z',
      '0000-01-01T00:00:00Z',
      '2023-02-28T20:00:00-03:30',
      '2026-02-31T00:00:00Z',
    ),
    fc.array(fc.tuple(fc.nat({ max: 30 }), fc.constantFrom(...'0123456789-+:.TtZz ')), { maxLength: 3 }),
    fc.nat({ max: 32 }),
  )
  .map(([text, changes, length]) => {
    const letters = [...text]
    for (const [at, letter] of changes) letters[at] = letter
    return (length > 28 ? letters : letters.slice(0, length + 8)).join('')
  })

test('whatever it reads, the full reader reads the same', () => {
  fc.assert(
    fc.property(near, (text) => {
      const read = readUsualIso(text)
      if (read !== undefined) expect(read).toBe(parseInstant(text))
    }),
    { numRuns: 20_000 },
  )
})

test('a day that its month does not have is no instant', () => {
  for (const day of [
    '2026-02-29',
    '2026-02-31',
    '2026-04-31',
    '2100-02-29',
    '2026-00-10',
    '2026-13-01',
    '2026-01-32',
  ]) {
    expect(readUsualIso(`${day}T00:00:00Z`), day).toBeUndefined()
    expect(parseInstant(`${day}T00:00:00Z`), day).toBeUndefined()
  }
  for (const day of ['2024-02-29', '2000-02-29', '2026-12-31', '2026-09-30']) {
    expect(readUsualIso(`${day}T00:00:00Z`), day).toBe(parseInstant(`${day}T00:00:00Z`))
    expect(parseInstant(`${day}T00:00:00Z`), day).toBe(Date.parse(day))
  }
})
