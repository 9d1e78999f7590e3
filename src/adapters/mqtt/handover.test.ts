import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packer, unpack } from './handover.ts'

const message = fc.record({
  topic: fc.string({ unit: 'binary', maxLength: 40 }).filter((topic) => topic.isWellFormed()),
  payload: fc.uint8Array({ maxLength: 200 }),
  forbidden: fc.string({ unit: 'binary', maxLength: 40 }).filter((why) => why.isWellFormed()),
})

test('what is packed is unpacked, in order, byte for byte', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 50 }), (messages) => {
      const packer = new Packer()
      for (const { topic, payload, forbidden } of messages) packer.add(topic, payload, forbidden)
      const frames = unpack(packer.take(1), () => {})
      expect(packer.count).toBe(0)
      expect(
        frames.map(({ topic, payload, refused, detail }) => ({
          topic,
          payload: [...payload],
          forbidden: refused === 'topic-forbidden' ? detail : '',
        })),
      ).toEqual(messages.map((m) => ({ ...m, payload: [...m.payload] })))
    }),
  )
})

test('payloads larger than the first buffer arrive whole', () => {
  const packer = new Packer()
  packer.add('a', Buffer.alloc(10, 1), '')
  packer.add('b', Buffer.alloc(3_000_000, 2), '')
  const [, large] = unpack(packer.take(1), () => {})
  expect(large?.payload.length).toBe(3_000_000)
  expect(large?.payload.every((byte) => byte === 2)).toBe(true)
})

test('a chunk is settled once, with its last frame, however often a frame is settled', () => {
  const packer = new Packer()
  packer.add('a', Buffer.of(), '')
  packer.add('b', Buffer.of(), '')
  let settled = 0
  const [a, b] = unpack(packer.take(1), () => settled++)
  a?.settle('journaled')
  a?.settle('journaled')
  expect(settled).toBe(0)
  b?.settle('rejected')
  b?.settle('rejected')
  expect(settled).toBe(1)
})
