import { expect, test } from 'vitest'
import { Sequence } from './sequence.ts'

const started = (patience = 2_000) => {
  const sequence = new Sequence(patience)
  sequence.start(0)
  return sequence
}

test('numbers in order, over the end and round again, miss nothing', () => {
  const sequence = started()
  for (let i = 1; i < 600; i++) expect(sequence.take(i & 255, 0)).toBe(true)
  expect(sequence.overdue(1e9)).toBe(false)
})

test('a message that was overtaken is not missed, if it comes in time', () => {
  const sequence = started()
  for (const seq of [1, 4, 2]) expect(sequence.take(seq, 1_000)).toBe(true)
  expect(sequence.overdue(2_999)).toBe(false)
  expect(sequence.overdue(3_000)).toBe(true)
  sequence.take(3, 3_000)
  expect(sequence.overdue(3_000)).toBe(false)
})

test('a message told twice changes nothing', () => {
  const sequence = started()
  for (const seq of [1, 1, 2, 1, 3]) expect(sequence.take(seq, 0)).toBe(true)
  expect(sequence.overdue(1e9)).toBe(false)
})

test('over the end, too', () => {
  const sequence = new Sequence(10)
  sequence.start(254)
  for (const seq of [0, 255, 1]) sequence.take(seq, 0)
  expect(sequence.overdue(1e9)).toBe(false)
})

test('a leap is no overtaking, nor is a message without a number', () => {
  expect(started().take(60, 0)).toBe(false)
  expect(started().take(undefined, 0)).toBe(false)
})

test('before a birth nothing is expected', () => {
  const sequence = new Sequence(10)
  expect(sequence.take(77, 0)).toBe(true)
  sequence.start(0)
  sequence.take(2, 0)
  sequence.stop()
  expect(sequence.overdue(1e9)).toBe(false)
})
