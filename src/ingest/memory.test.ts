import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Point } from '../model/point.ts'
import type { Measurement, Value } from '../model/reading.ts'
import { install } from './installation.fixture.ts'
import { createMemory } from './memory.ts'
import { createSeen, keep } from './seen.ts'

const HOUSE = install({
  baoyuan: [
    { id: 'a', kind: 'gas.ch4' },
    { id: 'b', kind: 'gate' },
  ],
})

const value = fc.oneof(fc.constantFrom(0, 1, 0.5), fc.constant(null))
const passage = fc.record(
  {
    direction: fc.constantFrom<'in' | 'out'>('in', 'out'),
    person: fc.constantFrom('', '1', '11', 'undefined;'),
    card: fc.constantFrom('', '1', '11', 'undefined;'),
  },
  { requiredKeys: ['direction'] },
)
const measurement: fc.Arbitrary<Measurement<Point>> = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.option(fc.constantFrom('9', '10', 'x', 'aa', '11'), { nil: undefined }))
  .chain(([ts, ref]) =>
    fc
      .oneof(
        value.map((v) => ({ point: HOUSE.points[0]!, v })),
        passage.map((v) => ({ point: HOUSE.points[1]!, v: v as Value })),
      )
      .map(({ point, v }) => ({ point, ts, value: v, quality: 'good' as const, ...(ref !== undefined && { ref }) })),
  )

/** The definition itself, without any thrift. */
const nameOf = ({ point, ts, value: v, ref }: Measurement<Point>) => {
  const content = typeof v === 'object' && v !== null ? Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)) : v
  return JSON.stringify([point.id, ref === undefined ? [ts, content] : ref])
}

test('in any order, with any taken back, the memory knows exactly what a set of names knows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(measurement, fc.boolean()), { maxLength: 60 }), (steps) => {
      const memory = createMemory(1_000)
      const names = new Set<string>()
      for (const [reading, back] of steps) {
        if (back) {
          memory.remove(reading)
          names.delete(nameOf(reading))
        } else {
          expect(memory.add(reading)).toBe(!names.has(nameOf(reading)))
          names.add(nameOf(reading))
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test('whatever the bound, a reading that was never there is new, and one just added is known', () => {
  fc.assert(
    fc.property(fc.array(measurement, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (readings, remember) => {
      const memory = createMemory(remember)
      const names = new Set<string>()
      for (const reading of readings) {
        if (!names.has(nameOf(reading))) expect(memory.add(reading)).toBe(true)
        else memory.add(reading)
        names.add(nameOf(reading))
        expect(memory.add(reading)).toBe(false)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a clock that stands still costs no more than one that runs', () => {
  const memory = createMemory(1_000_000)
  const point = HOUSE.points[0]!
  const all = Array.from({ length: 200_000 }, (_, i) => ({ point, ts: 5, value: i, quality: 'good' as const }))
  expect(all.every((reading) => memory.add(reading))).toBe(true)
  expect(all.some((reading) => memory.add(reading))).toBe(false)
})

test('both generations move to a new numbering of the points', () => {
  const [a] = HOUSE.points
  const memory = createMemory(2)
  const say = (point: Point, ts: number) => memory.add({ point, ts, value: null, quality: 'good' })
  for (const ts of [1, 2, 3]) say(a!, ts)
  const next = install({
    baoyuan: [
      { id: 'b', kind: 'gate' },
      { id: 'a', kind: 'gas.ch4' },
    ],
  })
  memory.rehouse(next)
  expect([1, 2, 3, 4].map((ts) => say(next.points[1]!, ts))).toEqual([false, false, false, true])
  expect(say(next.points[0]!, 1)).toBe(true)
})

test('references that count up, and times that rise, stray not', () => {
  const seen = createSeen()
  const point = HOUSE.points[0]!
  for (let i = 8; i < 12; i++) {
    expect(keep(seen, { point, ts: i, value: 1, quality: 'good', ref: `gw-${i}` })).toBe(true)
    expect(keep(seen, { point, ts: i, value: 1, quality: 'good' })).toBe(true)
  }
  expect(seen).toEqual({
    stamps: [8, 9, 10, 11],
    values: [1, 1, 1, 1],
    strayed: undefined,
    refs: ['gw-8', 'gw-9', 'gw-10', 'gw-11'],
    strayedRefs: undefined,
  })
})
