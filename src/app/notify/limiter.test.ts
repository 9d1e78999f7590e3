import { expect, test } from 'vitest'
import { createLimiter } from './limiter.ts'

const MINUTE = 60_000

test.each([1, 2, 3, 20, 100])('a rate of %i a minute is never exceeded, and is used', (messages) => {
  const limiter = createLimiter({ messages, per: MINUTE }, [])
  const sent: number[] = []
  for (let now = 0; now < 10 * MINUTE; ) {
    if (limiter.room(now, true) > 0) {
      limiter.use(now)
      sent.push(now)
    } else {
      const again = limiter.again(now, true)
      expect(again).toBeGreaterThan(now)
      now = again
    }
  }
  for (const from of sent)
    expect(sent.filter((at) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(messages)
  expect(sent.length).toBeGreaterThanOrEqual((10 * messages) / 2)
})

test('what is not urgent leaves room for what is, and that is never shut out for long', () => {
  const limiter = createLimiter({ messages: 20, per: MINUTE }, [])
  const room = () => [limiter.room(0, false), limiter.room(0, true)]
  expect(room()).toEqual([5, 10])
  for (let i = 0; i < 5; i++) limiter.use(0)
  expect(room()).toEqual([0, 5])
  expect(limiter.again(0, true)).toBe(0)
  for (let i = 0; i < 5; i++) limiter.use(0)
  expect(room()).toEqual([0, 0])
  expect(limiter.again(0, true)).toBe(6_000)
  expect(limiter.again(0, false)).toBe(36_000)
})

test.each([1, 2, 3])('of a rate of %i a minute a flood takes nothing that is urgent wants', (messages) => {
  const limiter = createLimiter({ messages, per: MINUTE }, [0])
  for (let i = 0; i < 5; i++) {
    const urgent = limiter.again(0, true)
    expect(urgent).toBeLessThan(limiter.again(0, false))
    expect(limiter.room(urgent, false)).toBe(0)
    expect(limiter.room(urgent, true)).toBe(1)
    const other = limiter.again(urgent, false)
    expect(other).toBeGreaterThan(urgent)
    expect(limiter.room(other, false), 'it is told where nothing urgent is').toBe(1)
  }
})

test('a restart knows what was used; a peer that asks for rest gets it', () => {
  const limiter = createLimiter(
    { messages: 20, per: MINUTE },
    Array.from({ length: 10 }, () => 1_000),
  )
  expect(limiter.room(1_000, true)).toBe(0)
  expect(limiter.room(7_000, true)).toBe(1)
  limiter.rest(9_000)
  expect(limiter.room(8_000, true)).toBe(0)
  expect(limiter.again(8_000, true)).toBe(9_000)
  expect(limiter.room(9_000, true)).toBe(1)
})
