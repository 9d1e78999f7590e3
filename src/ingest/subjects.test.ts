import { expect, test } from 'vitest'
import { createSubjects, fresh, isLate, sweep } from './subjects.ts'

test('a sweep forgets those, and only those, without whom an old word is late all the same', () => {
  const subjects = createSubjects()
  const stale = 10_000
  for (let i = 0; i < 600; i++) {
    subjects.cards.set(`c-${i}`, i < 400 ? stale : stale + 1)
    subjects.persons.set(`p-${i}`, i < 400 ? stale - i : stale + i)
  }
  const kept = { cards: fresh(subjects.cards, stale), persons: fresh(subjects.persons, stale) }
  sweep(subjects, stale)
  expect(new Map(kept.cards)).toEqual(subjects.cards)
  expect(new Map(kept.persons)).toEqual(subjects.persons)
  expect(subjects.cards.size + subjects.persons.size).toBe(400)
  const lateAfter = 30_000
  const received = stale + lateAfter
  expect(isLate(stale - 1, { last: Number.NEGATIVE_INFINITY, received, lateAfter })).toBe(true)
  expect(isLate(stale, { last: stale, received, lateAfter })).toBe(false)
})

test('below its limit nothing is looked at; names are written in one order', () => {
  const subjects = createSubjects()
  for (const name of ['b', 'a', '张', 'B']) subjects.cards.set(name, 5)
  sweep(subjects, 9)
  expect(fresh(subjects.cards, 0)).toEqual([
    ['B', 5],
    ['a', 5],
    ['b', 5],
    ['张', 5],
  ])
})
