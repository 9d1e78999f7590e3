/** The cases of `card-conflict`, and that nobody who walks is ever convicted. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import type { Point } from '../../model/point.ts'
import { between, longestWay, type Spot } from './speed.ts'

testCases('card-conflict')

const params = { speed: 10, ride: 20, range: 0, slack: 1_000 }
const coordinate = fc.integer({ min: -2_000, max: 2_000 })
const place = fc.tuple(coordinate, coordinate, coordinate)

/** A card seen truly `off` metres from a reader. */
const spot = (at: readonly [number, number, number], { ts, off }: { ts: number; off: number }): Spot => ({
  at,
  ts,
  off,
  ride: false,
  point: {} as Point,
})
const far = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((x, i) => x - b[i]!))

test('whoever moves at 9 m/s is not convicted, wherever the readers are and however the distances lie', () => {
  fc.assert(
    fc.property(place, place, place, place, fc.integer({ min: 0, max: 60_000 }), (from, to, a, b, late) => {
      const walk = Math.ceil((far(from, to) / 9) * 1_000)
      const way = between(spot(a, { ts: 0, off: far(from, a) }), spot(b, { ts: walk + late, off: far(to, b) }), params)
      expect(way.tooFast).toBe(false)
    }),
  )
})

test('the limit itself is allowed, the shortest time is one second, and the order of two sightings is all the same', () => {
  const at = (x: number, ts: number) => spot([x, 0, 0], { ts, off: 0 })
  expect(between(at(0, 0), at(1_000, 100_000), params)).toMatchObject({ tooFast: false, speed: 10, metres: 1_000 })
  expect(between(at(0, 0), at(1_000, 99_999), params).tooFast).toBe(true)
  expect(between(at(0, 0), at(10, 0), params)).toMatchObject({ tooFast: false, time: 1_000 })
  expect(between(at(0, 0), at(11, 0), params).tooFast).toBe(true)
  fc.assert(
    fc.property(place, place, fc.nat(100_000), (a, b, ts) => {
      const one = spot(a, { ts: 0, off: 5 })
      const two = spot(b, { ts, off: 7 })
      expect(between(one, two, params)).toEqual(between(two, one, params))
    }),
  )
})

test('no way is longer than the longest', () => {
  expect(longestWay([])).toBe(0)
  expect(longestWay([{} as Point])).toBe(0)
  fc.assert(
    fc.property(fc.array(place, { minLength: 1 }), (places) => {
      const longest = longestWay(places.map((at) => ({ at }) as unknown as Point))
      for (const a of places) for (const b of places) expect(far(a, b)).toBeLessThanOrEqual(longest + 1e-6)
    }),
  )
})
