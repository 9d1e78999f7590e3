/** Whatever comes over a wire or stands in a file is read or refused by name: no decoder throws, hangs, or lets through what the fold could not hold. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { BodyWriter, decodeBody } from '../../src/adapters/journal-sqlite/codec.ts'
import { type Coding, decode as decodeRegisters, ORDERS, TYPES } from '../../src/adapters/modbus/codec.ts'
import { type DataValueLike, instantOf, worthOf } from '../../src/adapters/opcua/values.ts'
import { parseCommand } from '../../src/app/command-line.ts'
import { createReplay } from '../../src/app/replay.ts'
import { createBatch } from '../../src/ingest/batch.ts'
import { decode } from '../../src/ingest/decode.ts'
import { createDoor } from '../../src/ingest/door.ts'
import type { Entry, NewEntry } from '../../src/model/entry.ts'
import { REFUSALS } from '../../src/model/errors.ts'
import { RULES } from '../../src/rules/index.ts'
import { mine, START } from './mine.ts'

// Seconds of work; the bound is for a machine that stalls.
vi.setConfig({ testTimeout: 300_000 })

const AT = START + 60_000
const points = [...mine.sites.get('mine')!.points.keys()]

/** Values as devices send them, and as they should not. */
const value = fc.oneof(
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, 'online', 'offline', '', 'NaN', 1e308, -0, 6.5535),
  fc.record({ card: fc.oneof(fc.string(), fc.constant('c-1')), distance: fc.jsonValue(), gone: fc.jsonValue() }),
  fc.record({ direction: fc.constantFrom('in', 'out', 'up'), person: fc.jsonValue() }, { requiredKeys: [] }),
  fc.record({ event: fc.constantFrom('scan', 'unlock', 'fly'), permit: fc.jsonValue() }, { requiredKeys: [] }),
  fc.jsonValue(),
)
const reading = fc.record(
  {
    site: fc.oneof({ weight: 6, arbitrary: fc.constant('mine') }, { weight: 1, arbitrary: fc.jsonValue() }),
    point: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...points) }, { weight: 1, arbitrary: fc.jsonValue() }),
    ts: fc.oneof(
      fc.integer({ min: AT - 100_000, max: AT + 100_000 }),
      fc.constantFrom('2026-05-01T21:51:00+08:00', '2026-02-30T00:00:00Z', '2026-05-01', -1, 1e300),
      fc.jsonValue(),
    ),
    value,
    quality: fc.oneof(fc.constantFrom('good', 'bad', 'uncertain', null), fc.jsonValue()),
    status: fc.oneof(fc.constant('calibrating'), fc.jsonValue()),
    ref: fc.oneof(fc.string(), fc.jsonValue()),
    __proto__: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const json = fc.oneof(reading, fc.array(reading, { maxLength: 5 }), fc.jsonValue())
const mutated = fc
  .tuple(
    json.map((one) => Buffer.from(JSON.stringify(one))),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
    fc.nat(),
  )
  .map(([bytes, changes, cut]) => {
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
    return cut % 4 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes
  })
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  mutated,
)
const topic = fc.oneof(
  fc.constantFrom('davy/v1/mine', ...points.map((id) => `davy/v1/mine/${id}`)),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Entries that a body of the journal gives back. */
function written(entries: readonly NewEntry[]): number {
  const body = new BodyWriter({ first: 1, at: AT, capacity: 0 }, ({ id }) => points.indexOf(id))
  for (const entry of entries) body.write(entry)
  const into: Entry[] = []
  decodeBody(body.seal(), { into, pointOf: (id) => ({ siteId: 'mine', id: points[id]! }) })
  return into.length
}

test('a frame of any bytes under any topic is taken or refused by a code of the table, whole', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(topic, payload), { minLength: 1, maxLength: 8 }), (frames) => {
      const door = createDoor(mine)
      const batch = createBatch()
      for (const [name, bytes] of frames) {
        const before = batch.entries.length + batch.letters.length
        const counts = door.admit({ source: 'fuzz', topic: name, payload: bytes }, AT, batch)
        const decoded = decode(bytes)
        const many = 'json' in decoded && Array.isArray(decoded.json) ? decoded.json.length : 1
        expect(counts.accepted + counts.duplicates + counts.refused).toBeLessThanOrEqual(Math.max(1, many))
        expect(batch.entries.length + batch.letters.length - before).toBe(counts.accepted + counts.refused)
      }
      for (const { code } of batch.letters) expect(REFUSALS).toHaveProperty(code)
      // What is taken survives the journal.
      expect(written(batch.entries)).toBe(batch.entries.length)
    }),
    { numRuns: 400 },
  )
})

test('lines of a replay, whatever they hold, are judged or refused with their number and a reason', () => {
  const line = fc.oneof(
    json.map((one) => JSON.stringify(one)),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .record(
        {
          command: fc.oneof(fc.constantFrom('ack', 'shelve', 'permit', 'link', 'comment'), fc.jsonValue()),
          alarm: fc.oneof(fc.constant('mine/gas/ch4-1:cut'), fc.jsonValue()),
          site: fc.constantFrom('mine', 'other'),
          permit: fc.jsonValue(),
          ts: fc.oneof(fc.integer({ min: AT, max: AT + 1e6 }), fc.jsonValue()),
          for: fc.oneof(fc.constant('1h'), fc.jsonValue()),
          until: fc.jsonValue(),
          by: fc.jsonValue(),
        },
        { requiredKeys: ['command'] },
      )
      .map((one) => JSON.stringify(one)),
  )
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 15 }), (lines) => {
      const replay = createReplay({ installation: mine, rules: RULES })
      replay.line(JSON.stringify({ site: 'mine', point: 'ch4-1', ts: AT, value: 1 }), [])
      for (const [i, text] of lines.entries()) {
        const refused = replay.line(text, [])
        if (!refused) continue
        expect(refused.line).toBe(i + 2)
        expect(refused.reason.length).toBeGreaterThan(3)
      }
    }),
    { numRuns: 150 },
  )
})

test('a command is read, or what is wrong with it is said', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('permit', 'ack', 'mine', AT, '1h', 'open'))
  const names = ['command', 'alarm', 'site', 'permit', 'by', 'ts', 'until', 'for', 'limit', 'grade', 'state', 'source']
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), field), (raw) => {
      const read = parseCommand(raw, AT)
      if (typeof read === 'string') expect(read.length).toBeGreaterThan(3)
      else expect(Number.isSafeInteger(read.ts)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('registers of any bits give a finite value, or none with a status', () => {
  const coding = fc
    .record({
      type: fc.constantFrom(...(Object.keys(TYPES) as Coding['type'][])),
      order: fc.constantFrom(...(Object.keys(ORDERS) as Coding['order'][])),
      scale: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
      offset: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
      mask: fc.option(fc.nat({ max: 0xffff }), { nil: undefined }),
      bit: fc.option(fc.nat({ max: 15 }), { nil: undefined }),
    })
    .map(
      ({ mask, bit, ...rest }): Coding => ({
        ...rest,
        sentinels: new Set(['ffff']),
        ...(mask !== undefined && { mask }),
        ...(bit !== undefined && { bit }),
      }),
    )
  const words = fc.array(fc.nat({ max: 0xffff }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(words, coding, (registers, one) => {
      const { value: read, quality, status } = decodeRegisters(registers, { at: 0, coding: one })
      if (read === null) expect([quality, typeof status]).toEqual(['bad', 'string'])
      else if (typeof read === 'number') expect(Number.isFinite(read)).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})

test('a data value of any type and status is worth something, or nothing by name', () => {
  const raw = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.constantFrom(undefined, [0, 1], [1, -1], new Float32Array([Number.NaN]), { text: 'x' }, { text: null }),
  )
  const variant = fc.record({ dataType: fc.integer({ min: -1, max: 30 }), arrayType: fc.nat({ max: 4 }), value: raw })
  const status = fc.record({ value: fc.nat({ max: 0xffff_ffff }), name: fc.string() })
  const like = fc.record({ value: fc.option(variant), statusCode: status }) as fc.Arbitrary<DataValueLike>
  fc.assert(
    fc.property(like, fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined }), (one, element) => {
      const { value: read, quality, status: why } = worthOf(one, element)
      if (read === null) expect([quality, typeof why]).toEqual(['bad', 'string'])
      else if (typeof read === 'number') expect(Number.isFinite(read)).toBe(true)
    }),
    { numRuns: 3_000 },
  )
  fc.assert(
    fc.property(fc.array(fc.option(fc.date({ noInvalidDate: false }))), (times) => {
      const at = instantOf(...times)
      expect(at === undefined || Number.isSafeInteger(at)).toBe(true)
    }),
  )
})

test('a body of the journal is read whole or refused in words, even where its checksum was made to fit', () => {
  const ref = { siteId: 'mine', id: 'p' }
  const whole = (() => {
    const body = new BodyWriter({ first: 1, at: AT, capacity: 0 }, () => 3)
    body.write({ type: 'reading', at: AT, reading: { point: ref, ts: AT, value: 1.5, quality: 'good', ref: 'r' } })
    body.write({ type: 'reading', at: AT + 1, reading: { point: ref, ts: AT, value: { card: 'c' }, quality: 'bad' } })
    body.write({ type: 'tick', at: AT + 2 })
    body.write({ type: 'config', at: AT + 3, hash: 'abc' })
    return body.seal()
  })()
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fc.tuple(fc.nat({ max: whole.length - 5 }), fc.nat({ max: 255 })), { maxLength: 4 }).map((changes) => {
      const changed = whole.slice()
      for (const [at, byte] of changes) changed[at] = byte
      new DataView(changed.buffer).setUint32(changed.length - 4, crc32(changed.subarray(0, changed.length - 4)), true)
      return changed
    }),
  )
  fc.assert(
    fc.property(bytes, (body) => {
      const into: Entry[] = []
      try {
        decodeBody(body, { into, pointOf: () => ref })
      } catch (error) {
        expect((error as Error).message.length).toBeGreaterThan(3)
      }
      // No count in a head makes it make entries that no byte stands for.
      expect(into.length).toBeLessThanOrEqual(body.length)
    }),
    { numRuns: 2_000 },
  )
})
