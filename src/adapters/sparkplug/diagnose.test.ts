import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diagnose } from './diagnose.ts'
import { decodePayload, encodePayload } from './payload.ts'
import { diagnoseTopic, parseTopic } from './topic.ts'

const BIRTH = encodePayload({
  timestamp: 1_777_593_600_000,
  seq: 0,
  metrics: [
    { name: 'a', type: 'Int32', value: 1 },
    { name: 'face/ch4', alias: 7, type: 'Float', value: 0.5, quality: 192 },
  ],
})

test.each([
  ['JSON', Buffer.from('{"value":1}'), "field 15, byte 0 of 11: wire type 3, which is none of Sparkplug's"],
  [
    'a metric that goes beyond the end',
    Buffer.from([0x18, 0x01, 0x12, 0x20, 0x0a]),
    'metrics[0], byte 2 of 5: 32 bytes long, and 1 are left',
  ],
  [
    'a name that goes beyond its metric',
    Buffer.from([0x12, 0x00, 0x12, 0x03, 0x0a, 0x05, 0x61]),
    'metrics[1].name, byte 4 of 7: 5 bytes long, and 1 are left',
  ],
  ['a number without an end', Buffer.from([0x18, 0xff, 0xff]), 'seq, byte 0 of 3: a number that does not end'],
  [
    'a float that is cut off',
    Buffer.from([0x12, 0x03, 0x65, 0x00, 0x00]),
    'metrics[0].floatValue, byte 2 of 5: a number that is cut off',
  ],
])('%s: the field and the byte', (_, bytes, why) => {
  expect(() => decodePayload(bytes)).toThrow()
  expect(diagnose(bytes)).toBe(why)
})

function throws(call: () => void): boolean {
  try {
    call()
    return false
  } catch {
    return true
  }
}

test('a birth that is cut off, at any byte, is said to be so wherever it cannot be read; a whole one has no fault', () => {
  for (let length = 1; length < BIRTH.length; length++) {
    const cut = BIRTH.slice(0, length)
    if (throws(() => decodePayload(cut))) expect(diagnose(cut), `${length}`).toMatch(/byte \d+ of/)
  }
  expect(diagnose(BIRTH)).toMatch(/values cannot be held/)
})

test('whatever comes, it is one line of bounded length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const why = diagnose(bytes)
      expect(why.length).toBeLessThan(300)
      expect(why).not.toContain('\n')
    }),
  )
})

test.each([
  ['spBv1.0/g/NFOO/e', 'level 3 of the topic, "NFOO", is none of'],
  ['spBv1.0/g', 'level 3 of the topic, "", is none of'],
  ['spBv1.0//NDATA/e', 'level 2 of the topic, the group, is empty'],
  ['spBv1.0/g/NDATA/', 'level 4 of the topic, the edge node, is empty'],
  ['spBv1.0/g/DDATA/e', 'level 5 of the topic, the device of a DDATA, is empty'],
  ['spBv1.0/g/NDATA/e/d', 'a NDATA is the node\'s own: level 5 of the topic, "d", does not belong there'],
  ['spBv1.0/g/DDATA/e/d/more', 'the topic has 6 levels'],
])('topic %s: %s', (topic, why) => {
  expect(parseTopic(topic)).toBeUndefined()
  expect(diagnoseTopic(topic)).toContain(why)
})
