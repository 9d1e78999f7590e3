import { expect, test } from 'vitest'
import { Guesses } from './guesses.ts'

const wrong = async () => undefined
const right = async () => 'gw'

test('after three wrong ones a pair waits, longer each time; a right one forgives', async () => {
  const clock = { now: 0 }
  const guesses = new Guesses(() => clock.now)
  const attempt = (check: () => Promise<string | undefined>) => guesses.attempt('address user', check)
  for (let i = 0; i < 3; i++) expect(await attempt(wrong)).toEqual({ right: undefined })
  expect(await attempt(right)).toBe(undefined)
  clock.now += 1_000
  expect(await attempt(wrong)).toEqual({ right: undefined })
  clock.now += 1_999
  expect(await attempt(right)).toBe(undefined)
  expect(await guesses.attempt('address other', right)).toEqual({ right: 'gw' })
  clock.now += 1
  expect(await attempt(right)).toEqual({ right: 'gw' })
  for (let i = 0; i < 3; i++) expect(await attempt(wrong)).toEqual({ right: undefined })
})

test('it never waits longer than five minutes, and forgets after an hour', async () => {
  const clock = { now: 0 }
  const guesses = new Guesses(() => clock.now)
  for (let i = 0; i < 40; i++) {
    await guesses.attempt('p', wrong)
    clock.now += 300_000
  }
  expect(await guesses.attempt('p', wrong)).toEqual({ right: undefined })
  expect(await guesses.attempt('p', right)).toBe(undefined)
  clock.now += 4_000_000
  await guesses.attempt('p', wrong)
  expect(await guesses.attempt('p', right)).toEqual({ right: 'gw' })
})

test('two are computed at once, so many wait, and the others are turned away unseen', async () => {
  const guesses = new Guesses(() => 0)
  const open: (() => void)[] = []
  let running = 0
  let most = 0
  const slow = async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => open.push(resolve))
    running--
    return undefined
  }
  const all = Array.from({ length: 600 }, (_, i) => guesses.attempt(`pair ${i}`, slow))
  const outcomes = Promise.all(all)
  let turned = 0
  for (const each of all) void each.then((outcome) => (turned += outcome ? 0 : 1))
  for (let i = 0; i < 502; i++) {
    while (open.length === 0) await new Promise((resolve) => setImmediate(resolve))
    open.shift()!()
  }
  await outcomes
  expect(most).toBe(2)
  expect(turned).toBe(98)
})
