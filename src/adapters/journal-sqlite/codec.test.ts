import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry, NewEntry } from '../../model/entry.ts'
import type { PointRef } from '../../model/point.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { BodyWriter, checkBody, decodeBody } from './codec.ts'

const points: PointRef[] = Array.from({ length: 300 }, (_, i) => ({ siteId: 's', id: `p${i}` }))

function encode(entries: readonly NewEntry[], first = 1): Uint8Array {
  const body = new BodyWriter({ first, at: entries[0]?.at ?? 0, capacity: 0 }, (point) => points.indexOf(point))
  for (const entry of entries) body.write(entry)
  return body.seal()
}

function decode(body: Uint8Array): Entry[] {
  const into: Entry[] = []
  decodeBody(body, { into, pointOf: (id) => points[id]! })
  return into
}

const reading = (n: number): NewEntry => ({
  type: 'reading',
  at: 1_777_000_000_000 + n,
  reading: { point: points[n % 300]!, ts: 1_777_000_000_000 - n * n, value: n / 7, quality: 'good' },
})

test('a number reading takes a dozen bytes, and its point is the same object', () => {
  const entries = Array.from({ length: 1_000 }, (_, n) => ({ ...reading(n), at: 1_777_000_000_000 }))
  const body = encode(entries)
  expect(body.length).toBeLessThan(15_000)
  const decoded = decode(body)
  expect(decoded).toEqual(entries.map((entry, i) => ({ ...entry, offset: i + 1 })))
  for (const [i, entry] of decoded.entries()) {
    expect(entry.type === 'reading' && entry.reading.point).toBe(points[i % 300])
  }
})

test('any single changed, missing or added byte is noticed', () => {
  const body = encode([reading(1), { type: 'config', at: 3, hash: 'abc' }, { type: 'tick', at: 4 }, reading(2)])
  for (let i = 0; i < body.length; i++) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const changed = body.slice()
      changed[i]! ^= flip
      expect(() => decode(changed), `byte ${i}`).toThrow()
    }
    expect(() => decode(body.slice(0, i)), `cut at ${i}`).toThrow()
  }
  expect(() => decode(new Uint8Array([...body, 0]))).toThrow()
})

test('the head tells where the body belongs', () => {
  expect(checkBody(encode([reading(1), reading(2)], 4_711))).toEqual({ first: 4_711, count: 2 })
})

test('what was rewound leaves no trace', () => {
  const body = new BodyWriter({ first: 1, at: 5, capacity: 64 }, (point) => points.indexOf(point))
  body.write(reading(1))
  const mark = body.mark()
  for (let n = 2; n < 50; n++) body.write(reading(n))
  body.rewind(mark)
  body.write(reading(7))
  expect(decode(body.seal())).toEqual([
    { ...reading(1), offset: 1 },
    { ...reading(7), offset: 2 },
  ])
})

test('instants, far, near and broken, and texts come back exactly', () => {
  const number = fc.oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((n) => n + 0),
  )
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('half a pair \ud83d'))
  fc.assert(
    fc.property(fc.array(fc.tuple(number, text)), fc.maxSafeNat(), (pairs, length) => {
      const out = new ByteWriter(0)
      let from = 0
      for (const [value, text] of pairs) {
        out.reserve(32)
        out.instant(value, from)
        out.varint(length)
        out.text(text)
        from = value
      }
      const input = new ByteReader(out.bytes.subarray(0, out.length))
      from = 0
      for (const [value, text] of pairs) {
        from = input.instant(from)
        expect(from).toBe(value)
        expect(input.varint()).toBe(length)
        expect(input.text()).toBe(text)
      }
      expect(input.position).toBe(out.length)
    }),
  )
})
