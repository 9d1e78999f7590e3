import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Change, place, takeInstant } from './timeline.ts'

const changes = fc.array(fc.record({ ts: fc.integer({ min: 0, max: 5 }), subject: fc.constantFrom('a', 'b', 'c') }), {
  maxLength: 30,
})

test('the order of arrival of different subjects does not matter, that of one subject stays', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const numbered = all.map((change, i) => ({ ...change, i }))
      const open: (Change & { i: number })[] = []
      for (const change of numbered) place(open, change)
      const compare = (a: (typeof open)[number], b: (typeof open)[number]) =>
        a.ts - b.ts || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.i - b.i)
      expect(open).toEqual([...numbered].sort(compare))
    }),
  )
})

test('an instant is taken whole', () => {
  const open: Change[] = []
  for (const [ts, subject] of [
    [2, 'a'],
    [1, 'b'],
    [1, 'a'],
  ] as const)
    place(open, { ts, subject })
  expect(takeInstant(open)).toEqual([
    { ts: 1, subject: 'a' },
    { ts: 1, subject: 'b' },
  ])
  expect(takeInstant(open)).toEqual([{ ts: 2, subject: 'a' }])
  expect(takeInstant(open)).toEqual([])
})
