/** MQTT messages nobody should send, in Davylamp's own form and as Sparkplug B: well formed up to the one place where they are not. */
import fc from 'fast-check'
import { encodePayload, type NewMetric } from '../../src/adapters/sparkplug/payload.ts'

export interface Message {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

const NAMES = [
  't1',
  'face/t2',
  'r',
  'cam',
  'gate',
  '__proto__',
  'constructor',
  '班',
  '',
  ' ',
  '..',
  '\ud83d',
  '%00',
] as const
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
)
/** What a client lets out: no wildcard, no NUL. */
const topicOf = (...parts: readonly string[]) =>
  parts
    .join('/')
    .toWellFormed()
    .replace(/[#+\0]/g, '_')

const value = fc.oneof(
  fc.constantFrom<unknown>(null, 'NaN', 1e308, -0, true, 'online', '', [], {}, { card: 'c-1' }, { card: '__proto__' }),
  fc.record({ card: fc.jsonValue(), distance: fc.jsonValue(), sos: fc.jsonValue() }, { requiredKeys: ['card'] }),
  fc.record({ direction: fc.constantFrom('in', 'out', 'up'), person: fc.jsonValue(), card: fc.jsonValue() }),
  fc.double(),
  fc.jsonValue(),
)
const reading = fc.record(
  {
    value,
    ts: fc.oneof(fc.constantFrom<unknown>(0, -1, 1e300, '2026-05-01T08:00:00+08:00', '', {}), fc.jsonValue()),
    quality: fc.constantFrom<unknown>('good', 'bad', 'uncertain', 'GOOD', 0, null),
    status: fc.constantFrom<unknown>('calibrating', '__proto__', '', 1),
    ref: fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.jsonValue()),
    point: name,
  },
  { requiredKeys: [] },
)
const json = fc.oneof(reading, fc.array(reading, { maxLength: 4 }), fc.jsonValue()).map((one) => JSON.stringify(one))

/** Bytes with up to three of them changed, and sometimes an end missing. */
const spoilt = (bytes: fc.Arbitrary<Buffer>) =>
  fc
    .tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }), fc.nat())
    .map(([given, changes, cut]) => {
      const now = Buffer.from(given)
      for (const [at, byte] of changes) if (now.length > 0) now[at % now.length] = byte
      return cut % 5 === 0 ? now.subarray(0, cut % (now.length + 1)) : now
    })
const anyBytes = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes))

const native = fc
  .tuple(fc.constantFrom('mine', 'mine', 'mine', 'mars', '__proto__', ''), name, fc.constantFrom(true, true, false))
  .map(([site, point, own]) => (own ? topicOf('davy/v1', site, point) : topicOf('davy/v1', site)))
const elsewhere = fc.oneof(
  fc.constantFrom(
    'davy',
    'davy/v2/mine/t1',
    'davy/v1',
    '/',
    'davy/v1/mine/alarms/ch4/t1:cut',
    'davy/v1//t1',
    '$SYS/x',
    'x',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => topicOf(text)),
)

const metric: fc.Arbitrary<NewMetric> = fc
  .record({
    name: fc.constantFrom('t1', 'face/t2', 'bdSeq', 'Node Control/Rebirth', '', '__proto__', 'stranger'),
    alias: fc.option(fc.constantFrom(0n, 1n, 2n, 2n ** 64n - 1n), { nil: undefined }),
    timestamp: fc.option(fc.constantFrom(0, 1, 1777593600000, 8.64e15 + 1, 2 ** 53 - 1), { nil: undefined }),
    type: fc.constantFrom('Float', 'Double', 'Int32', 'UInt64', 'Boolean', 'String'),
    number: fc.double({ noNaN: false }),
    quality: fc.option(fc.constantFrom(0, 192, 500), { nil: undefined }),
    historical: fc.boolean(),
  })
  .map(({ name, alias, timestamp, type, number, quality, historical }) => {
    const whole = BigInt(Math.trunc(Number.isFinite(number) ? number : 0)) & 0x7fffn
    const values = { Float: number, Double: number, Int32: Number(whole), UInt64: whole, Boolean: true, String: 'x' }
    return {
      name,
      type,
      value: values[type],
      historical,
      ...(alias !== undefined && { alias }),
      ...(timestamp !== undefined && { timestamp }),
      ...(quality !== undefined && { quality }),
    } as NewMetric
  })
const sparkplugPayload = fc
  .record({
    metrics: fc.array(metric, { maxLength: 5 }),
    seq: fc.constantFrom(0, 1, 2, 255, 256, 1e9),
    timestamp: fc.constantFrom(0, 1777593600000, 2 ** 53 - 1),
  })
  .map((payload) => Buffer.from(encodePayload(payload)))
const VERBS = ['NBIRTH', 'DBIRTH', 'NDATA', 'DDATA', 'NDEATH', 'DDEATH', 'NCMD', 'DCMD', 'STATE', 'nbirth', ''] as const
const sparkplugTopic = fc
  .tuple(
    fc.constantFrom('Plant', 'Plant', 'mars', '__proto__'),
    fc.constantFrom(...VERBS),
    fc.constantFrom('e', 'f', '', '__proto__'),
    fc.option(name),
  )
  .map(([group, verb, edge, device]) => topicOf('spBv1.0', group, verb, edge, ...(device === null ? [] : [device])))

/** One message; retained ones are not only for devices to see. */
export const message: fc.Arbitrary<Message> = fc
  .record({
    said: fc.oneof(
      {
        weight: 5,
        arbitrary: fc.tuple(
          native,
          fc.oneof(
            json.map((text) => Buffer.from(text)),
            spoilt(json.map((text) => Buffer.from(text))),
          ),
        ),
      },
      { weight: 5, arbitrary: fc.tuple(sparkplugTopic, fc.oneof(sparkplugPayload, spoilt(sparkplugPayload))) },
      { weight: 1, arbitrary: fc.tuple(fc.oneof(native, sparkplugTopic, elsewhere), anyBytes) },
    ),
    qos: fc.constantFrom<0 | 1 | 2>(0, 1, 1, 1, 2),
    retain: fc.constantFrom(false, false, false, true),
  })
  .map(({ said: [topic, payload], qos, retain }) => ({ topic, payload, qos, retain }))
