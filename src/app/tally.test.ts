import { expect, test } from 'vitest'
import { MINUTE } from '../model/time.ts'
import { createTally } from './tally.ts'

test('a source’s lag is that of its quickest message of the last five minutes', () => {
  const tally = createTally()
  const frame = (minute: number, lag: number) => {
    const at = minute * MINUTE
    tally.frame('gw', { accepted: 1, duplicates: 0, refused: 0, newest: at - lag, at })
  }
  const lag = (minute: number) => tally.source('gw', minute * MINUTE).lag
  expect(lag(0)).toBeUndefined()
  frame(10, 900)
  frame(10, 40)
  frame(11, 300)
  expect(lag(11)).toBe(40)
  for (let minute = 12; minute < 15; minute++) frame(minute, 300)
  expect(lag(14)).toBe(40)
  expect(lag(15), 'the tenth minute is over five minutes ago').toBe(300)
  frame(15, -2_000)
  expect(lag(15), 'a clock that runs ahead').toBe(-2_000)
  expect(lag(60), 'nothing came lately').toBeUndefined()
  tally.frame('gw', { accepted: 0, duplicates: 0, refused: 1, newest: Number.NEGATIVE_INFINITY, at: 61 * MINUTE })
  expect(tally.source('gw', 61 * MINUTE)).toMatchObject({ frames: 8, refused: 1, heard: 61 * MINUTE })
})
