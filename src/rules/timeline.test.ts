import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Change, place, takeInstant } from './timeline.ts'

const changes = fc.array(fc.record({ ts: fc.integer({ min: 0, max: 5 }), subject: fc.constantFrom('a', 'b', 'c') }), {
  maxLength: 30,
})

test('the order of arrival of different subjects does not matter, that of one subject stays', () => {
  fc.assert(
    fc.property(changes, (all) => {
      // Of one subject, time does not run backwards.
      const last = new Map<string, number>()
      const numbered = all.map(({ ts, subject }, i) => {
        last.set(subject, Math.max(ts, last.get(subject) ?? 0))
        return { ts, subject, i, counts: last.get(subject)! }
      })
      const open: (Change & { i: number; counts: number })[] = []
      for (const change of numbered) place(open, change)
      const compare = (a: (typeof open)[number], b: (typeof open)[number]) =>
        a.counts - b.counts || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.i - b.i)
      expect(open).toEqual([...numbered].sort(compare).map((change) => ({ ...change, ts: change.counts })))
    }),
  )
})

test('an instant is taken whole', () => {
  const open: Change[] = []
  for (const [ts, subject] of [
    [2, 'c'],
    [1, 'b'],
    [1, 'a'],
  ] as const)
    place(open, { ts, subject })
  expect(takeInstant(open)).toEqual([
    { ts: 1, subject: 'a' },
    { ts: 1, subject: 'b' },
  ])
  expect(takeInstant(open)).toEqual([{ ts: 2, subject: 'c' }])
  expect(takeInstant(open)).toEqual([])
})

test('a word that is older than its subject’s last counts as of that', () => {
  const open: (Change & { said: string })[] = []
  place(open, { ts: 60, subject: 'feeder', said: 'silent' })
  place(open, { ts: 70, subject: 'gas', said: 'over' })
  place(open, { ts: 55, subject: 'feeder', said: 'off' })
  expect(open.map(({ ts, said }) => `${ts} ${said}`)).toEqual(['60 silent', '60 off', '70 over'])
})
