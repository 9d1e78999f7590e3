import { expect, test } from 'vitest'
import { blocksOf, mapPoint } from './register-map.ts'
import type { PointSettings } from './settings.ts'

const point = (address: number, more: Partial<PointSettings> = {}) =>
  mapPoint({
    point: `p${address}`,
    table: 'holding',
    address,
    order: 'ABCD',
    scale: 1,
    offset: 0,
    sentinels: [],
    ...more,
  })
const spans = (points: Parameters<typeof blocksOf>[0]) =>
  blocksOf(points).map(({ table, address, size }) => `${table} ${address}+${size}`)

test('near registers merge, in any order of declaration; far ones do not', () => {
  expect(spans([point(12), point(0, { type: 'f32' }), point(2)])).toEqual(['holding 0+3', 'holding 12+1'])
  expect(spans([point(0), point(9)])).toEqual(['holding 0+10'])
  expect(spans([point(0), point(10)])).toEqual(['holding 0+1', 'holding 10+1'])
})

test('a read asks for at most 125 registers or 2000 bits', () => {
  const registers = Array.from({ length: 126 }, (_, i) => point(i))
  expect(spans(registers)).toEqual(['holding 0+125', 'holding 125+1'])
  expect(spans([point(0), ...Array.from({ length: 62 }, (_, i) => point(1 + i * 2, { type: 'u32' }))])).toEqual([
    'holding 0+125',
  ])
  const bits = Array.from({ length: 2_001 }, (_, i) => point(i, { table: 'coil' }))
  expect(spans(bits)).toEqual(['coil 0+2000', 'coil 2000+1'])
})

test('tables are read apart, and points may share registers', () => {
  expect(spans([point(0), point(0, { table: 'input' }), point(1, { table: 'discrete' })])).toEqual([
    'holding 0+1',
    'input 0+1',
    'discrete 1+1',
  ])
  const shared = blocksOf([point(5, { type: 'f64' }), point(6, { type: 'bool', bit: 1 })])
  expect(shared).toMatchObject([{ address: 5, size: 4, points: [{ address: 5 }, { address: 6 }] }])
})

test('parts of a point that do not fit each other are refused', () => {
  expect(() => point(0, { table: 'coil', type: 'u16' })).toThrow(/coil is bool/)
  expect(() => point(0, { mask: 3 })).toThrow(/mask applies to bool and bits/)
  expect(() => point(0, { type: 'bits', bit: 1 })).toThrow(/bit applies to bool/)
  expect(() => point(0, { type: 'bool', bit: 1, mask: 1 })).toThrow(/not both/)
  expect(() => point(65_535, { type: 'f32' })).toThrow(/past the last register/)
  expect(() => point(0, { sentinels: [70_000] })).toThrow(/cannot hold the sentinel 70000/)
  expect(point(0, { table: 'discrete' }).coding.type).toBe('bool')
})
