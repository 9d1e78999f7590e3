import { expect, test } from 'vitest'
import { encodeRegisters } from '../../../simulators/servers/modbus-encode.ts'
import { type Coding, decode, ORDERS, type Order, sentinelPattern, TYPES } from './codec.ts'

const plain: Coding = { type: 'u16', order: 'ABCD', scale: 1, offset: 0, sentinels: new Set() }
const read = (words: readonly number[], coding: Partial<Coding>) =>
  decode(words, { at: 0, coding: { ...plain, ...coding } })
const value = (words: readonly number[], coding: Partial<Coding>) => read(words, coding).value

// 0x12345678 and pi as known bit patterns, written out per order rather than computed.
test.each([
  ['ABCD', [0x1234, 0x5678]],
  ['CDAB', [0x5678, 0x1234]],
  ['BADC', [0x3412, 0x7856]],
  ['DCBA', [0x7856, 0x3412]],
] as const)('u32 in order %s', (order, words) => {
  expect(value(words, { type: 'u32', order })).toBe(0x12345678)
})

test.each([
  ['ABCD', [0x4048, 0xf5c3]],
  ['CDAB', [0xf5c3, 0x4048]],
  ['BADC', [0x4840, 0xc3f5]],
  ['DCBA', [0xc3f5, 0x4840]],
] as const)('f32 3.14 in order %s', (order, words) => {
  expect(value(words, { type: 'f32', order })).toBe(3.14)
})

test.each([
  ['ABCD', [0x0001, 0x0203, 0x0405, 0x0607]],
  ['CDAB', [0x0607, 0x0405, 0x0203, 0x0001]],
  ['BADC', [0x0100, 0x0302, 0x0504, 0x0706]],
  ['DCBA', [0x0706, 0x0504, 0x0302, 0x0100]],
] as const)('u64 0x0001020304050607 in order %s', (order, words) => {
  expect(value(words, { type: 'u64', order })).toBe(0x0001020304050607)
})

test.each([
  ['u16', [0xffff], 65_535],
  ['i16', [0xffff], -1],
  ['i16', [0x8000], -32_768],
  ['i32', [0xffff, 0xfffe], -2],
  ['i64', [0xffff, 0xffff, 0xffff, 0xfffb], -5],
  ['f64', [0x3ff0, 0, 0, 0], 1],
  ['f64', [0xc02a, 0x51eb, 0x851e, 0xb852], -13.16],
] as const)('%s %j is %d', (type, words, expected) => {
  expect(read(words, { type })).toEqual({ value: expected, quality: 'good' })
})

test('a 16-bit value knows only its two bytes', () => {
  expect(value([0x0102], { order: 'CDAB' })).toBe(0x0102)
  expect(value([0x0102], { order: 'BADC' })).toBe(0x0201)
  expect(value([0x0102], { order: 'DCBA' })).toBe(0x0201)
})

test('64-bit integers beyond 2^53 are uncertain, up to it good', () => {
  expect(read([0x0020, 0, 0, 1], { type: 'i64' })).toEqual({
    value: 2 ** 53,
    quality: 'uncertain',
    status: 'precision-lost',
  })
  expect(read([0x001f, 0xffff, 0xffff, 0xffff], { type: 'u64' })).toEqual({ value: 2 ** 53 - 1, quality: 'good' })
  expect(read([0x8000, 0, 0, 0], { type: 'i64' }).quality).toBe('uncertain')
})

test('not a number and beyond all numbers are bad and null', () => {
  expect(read([0x7fc0, 0], { type: 'f32' })).toEqual({ value: null, quality: 'bad', status: 'not-a-number' })
  expect(read([0x7f80, 0], { type: 'f32' })).toEqual({ value: null, quality: 'bad', status: 'over-range' })
})

test('scale and offset, without the tail of binary fractions', () => {
  expect(value([7], { scale: 0.1 })).toBe(0.7)
  expect(value([0xfff6], { type: 'i16', scale: 0.5, offset: 20 })).toBe(15)
})

test('single bits, masks and bit fields', () => {
  expect(value([0b1000], { type: 'bool', bit: 3 })).toBe(true)
  expect(value([0b1000], { type: 'bool', bit: 2 })).toBe(false)
  expect(value([0x8000], { type: 'bool', bit: 15 })).toBe(true)
  expect(value([0x00f0], { type: 'bool', mask: 0x0f0f })).toBe(false)
  expect(value([1], { type: 'bool' })).toBe(true)
  expect(value([0x0a5f], { type: 'bits', mask: 0x0ff0 })).toBe(0xa5)
  expect(value([0x0a5f], { type: 'bits' })).toBe(0x0a5f)
})

test.each([
  ['u16', 65_535, [0xffff]],
  ['i16', -32_768, [0x8000]],
  ['i16', 0x8000, [0x8000]],
  ['f32', -9999, [0xc61c, 0x3c00]],
  ['u64', '0xFFFFFFFFFFFFFFFF', [0xffff, 0xffff, 0xffff, 0xffff]],
] as const)('the sentinel %s %s means no value', (type, sentinel, words) => {
  const sentinels = new Set([sentinelPattern(sentinel, type)!])
  expect(read(words, { type, sentinels })).toEqual({ value: null, quality: 'bad', status: 'sentinel' })
  expect(read(words.map((word) => word ^ 1) as number[], { type, sentinels }).status).not.toBe('sentinel')
})

test('a sentinel the type cannot hold is refused', () => {
  expect(sentinelPattern(65_536, 'u16')).toBeUndefined()
  expect(sentinelPattern(-1, 'u16')).toBeUndefined()
  expect(sentinelPattern(2 ** 64, 'u64')).toBeUndefined()
  expect(sentinelPattern(0.5, 'u16')).toBeUndefined()
})

test('what the simulator encodes, the adapter decodes, in every type and order', () => {
  for (const order of Object.keys(ORDERS) as Order[]) {
    for (const type of Object.keys(TYPES) as (keyof typeof TYPES)[]) {
      if (type === 'bool' || type === 'bits') continue
      const sample = type.startsWith('u') ? 40_961 : type.startsWith('i') ? -12_345 : -0.75
      expect(value(encodeRegisters(sample, { type, order }), { type, order })).toBe(sample)
    }
  }
})
