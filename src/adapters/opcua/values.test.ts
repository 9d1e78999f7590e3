import { expect, test } from 'vitest'
import { instantOf, qualityOf, statusName, worthOf } from './values.ts'

const good = { value: 0, name: 'Good' }
const worth = (dataType: number, value: unknown, more: { arrayType?: number; element?: number } = {}) =>
  worthOf({ value: { dataType, arrayType: more.arrayType ?? 0, value }, statusCode: good }, more.element)

test.each([
  ['Good', 'good'],
  ['BadNodeIdUnknown', 'bad-node-id-unknown'],
  ['UncertainLastUsableValue', 'uncertain-last-usable-value'],
  ['BadTcpInternalError', 'bad-tcp-internal-error'],
  ['BadCRCMismatch', 'bad-crc-mismatch'],
  ['Good#StatusCodeLimit|Overflow', 'good'],
])('%s is %s', (name, status) => {
  expect(statusName(name)).toBe(status)
})

test('the two highest bits are the quality', () => {
  expect(qualityOf(0)).toBe('good')
  expect(qualityOf(0x00960000)).toBe('good')
  expect(qualityOf(0x40900000)).toBe('uncertain')
  expect(qualityOf(0x80340000)).toBe('bad')
  expect(qualityOf(0xc0000000)).toBe('bad')
})

test('numbers, booleans and texts as they are', () => {
  expect(worth(1, true)).toEqual({ value: true, quality: 'good' })
  expect(worth(4, -7)).toEqual({ value: -7, quality: 'good' })
  expect(worth(11, 0.1)).toEqual({ value: 0.1, quality: 'good' })
  expect(worth(10, Math.fround(0.7))).toEqual({ value: 0.7, quality: 'good' })
  expect(worth(12, 'online')).toEqual({ value: 'online', quality: 'good' })
})

test('64-bit integers, exact up to 2^53 and uncertain beyond', () => {
  expect(worth(8, [0xffffffff, 0xfffffffb])).toEqual({ value: -5, quality: 'good' })
  expect(worth(9, [0x001fffff, 0xffffffff])).toEqual({ value: 2 ** 53 - 1, quality: 'good' })
  expect(worth(9, [0x00200000, 1])).toEqual({ value: 2 ** 53, quality: 'uncertain', status: 'precision-lost' })
  expect(worth(9, [0xffffffff, 0xfffffffb]).quality).toBe('uncertain')
})

test('a bad value is null whatever came with it; uncertain keeps its value; good keeps its nuance', () => {
  const variant = { dataType: 11, arrayType: 0, value: 3 }
  expect(worthOf({ value: variant, statusCode: { value: 0x80890000, name: 'BadSensorFailure' } })).toEqual({
    value: null,
    quality: 'bad',
    status: 'bad-sensor-failure',
  })
  expect(worthOf({ value: variant, statusCode: { value: 0x40900000, name: 'UncertainLastUsableValue' } })).toEqual({
    value: 3,
    quality: 'uncertain',
    status: 'uncertain-last-usable-value',
  })
  expect(worthOf({ value: variant, statusCode: { value: 0x00960000, name: 'GoodLocalOverride' } })).toEqual({
    value: 3,
    quality: 'good',
    status: 'good-local-override',
  })
})

test.each([
  [worth(0, null), 'no-value'],
  [worthOf({ value: null, statusCode: good }), 'no-value'],
  [worth(12, null), 'no-value'],
  [worth(11, Number.NaN), 'not-a-number'],
  [worth(10, Number.POSITIVE_INFINITY), 'over-range'],
  [worth(15, new Uint8Array(2)), 'unsupported-type'],
  [worth(11, [1, 2], { arrayType: 1 }), 'not-a-scalar'],
  [worth(11, 1, { element: 0 }), 'not-an-array'],
  [worth(11, [1, 2], { arrayType: 1, element: 2 }), 'no-such-element'],
])('what is no value is null and bad: %j', (read, status) => {
  expect(read).toEqual({ value: null, quality: 'bad', status })
})

test('one element of an array', () => {
  expect(worth(10, Float32Array.of(1, 2.5), { arrayType: 1, element: 1 }).value).toBe(2.5)
  expect(
    worth(
      8,
      [
        [0, 1],
        [0, 2],
      ],
      { arrayType: 1, element: 1 },
    ).value,
  ).toBe(2)
})

test('the first time that is one', () => {
  expect(instantOf(new Date(5), new Date(6))).toBe(5)
  expect(instantOf(null, new Date(6))).toBe(6)
  expect(instantOf(new Date('1601-01-01T00:00:00Z'), undefined)).toBeUndefined()
})
