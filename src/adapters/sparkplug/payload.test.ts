import { expect, test } from 'vitest'
import type { DatatypeName } from './datatype.ts'
import { decodePayload, encodePayload, type NewMetric } from './payload.ts'
import { halvesOf } from './values.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const read = (bytes: Uint8Array, born?: DatatypeName) => decodePayload(bytes).metrics[0]?.value(born)
const sent = (metric: NewMetric) => read(encodePayload({ metrics: [metric] }))

// Written by hand from the public field numbers: 0a 02 = field 1 of two bytes, and so on.
const GOLDEN: readonly [what: string, bytes: string, metric: NewMetric][] = [
  ['Int8 -5', '12 0d 0a 01 61 20 01 50 fb ff ff ff 0f', { name: 'a', type: 'Int8', value: -5 }],
  ['Int16 -300', '12 0d 0a 01 61 20 02 50 d4 fd ff ff 0f', { name: 'a', type: 'Int16', value: -300 }],
  ['Int32 -1', '12 0d 0a 01 61 20 03 50 ff ff ff ff 0f', { name: 'a', type: 'Int32', value: -1 }],
  ['Int64 -5', '12 12 0a 01 61 20 04 58 fb ff ff ff ff ff ff ff ff 01', { name: 'a', type: 'Int64', value: -5n }],
  ['UInt8', '12 09 0a 01 61 20 05 50 ff 01', { name: 'a', type: 'UInt8', value: 255 }],
  ['UInt16', '12 0a 0a 01 61 20 06 50 ff ff 03', { name: 'a', type: 'UInt16', value: 65_535 }],
  ['UInt32', '12 0c 0a 01 61 20 07 50 ff ff ff ff 0f', { name: 'a', type: 'UInt32', value: 4_294_967_295 }],
  [
    'UInt64',
    '12 0f 0a 01 61 20 08 58 81 80 80 80 80 80 80 10',
    { name: 'a', type: 'UInt64', value: 9_007_199_254_740_993n },
  ],
  ['Float', '12 0a 0a 01 61 20 09 65 00 00 c0 3f', { name: 'a', type: 'Float', value: 1.5 }],
  ['Double', '12 0e 0a 01 61 20 0a 69 9a 99 99 99 99 99 b9 3f', { name: 'a', type: 'Double', value: 0.1 }],
  ['Boolean', '12 07 0a 01 61 20 0b 70 01', { name: 'a', type: 'Boolean', value: true }],
  ['String', '12 0b 0a 01 61 20 0c 7a 04 e7 93 a6 21', { name: 'a', type: 'String', value: '瓦!' }],
  ['Bytes', '12 0a 0a 01 61 20 11 82 01 02 00 ff', { name: 'a', type: 'Bytes', value: Buffer.of(0, 255) }],
]

test.each(GOLDEN)('%s is written as these bytes, and read from them', (_, bytes, metric) => {
  // The length of a metric stands in its second byte.
  const golden = hex(bytes)
  golden[1] = golden.length - 2
  expect(Buffer.from(encodePayload({ metrics: [metric] })).toString('hex')).toBe(golden.toString('hex'))
  expect(read(golden)).toEqual(metric.value)
})

test('a whole message: time, number, alias, history and quality', () => {
  const bytes = hex(
    '08 e8 07 12 1a 10 07 18 e9 07 28 01 4a 0f 0a 07 51 75 61 6c 69 74 79 12 04 08 03 18 00 50 2a 18 ff 01',
  )
  const payload = decodePayload(bytes)
  expect(payload).toMatchObject({ timestamp: 1_000, seq: 255 })
  expect(payload.metrics).toMatchObject([{ alias: 7n, timestamp: 1_001, historical: true, quality: 0 }])
  expect(payload.metrics[0]?.value('Int32')).toBe(42)
  const again = encodePayload({
    timestamp: 1_000,
    seq: 255,
    metrics: [{ alias: 7, timestamp: 1_001, historical: true, quality: 0, value: 42, as: 'Int32' }],
  })
  expect(Buffer.from(again).toString('hex')).toBe(bytes.toString('hex'))
})

test.each([
  ['Int8', -128],
  ['Int64', -9_223_372_036_854_775_808n],
  ['UInt64', 18_446_744_073_709_551_615n],
  ['DateTime', 1_777_593_600_000],
  ['Text', 'x'],
  ['UUID', '1b4e28ba'],
  ['Int8Array', [-128, 127]],
  ['Int16Array', [-1, 32_767]],
  ['Int32Array', [-1, 2]],
  ['Int64Array', [-1n, 2n]],
  ['UInt8Array', [0, 255]],
  ['UInt16Array', [65_535]],
  ['UInt32Array', [4_294_967_295]],
  ['UInt64Array', [18_446_744_073_709_551_615n]],
  ['FloatArray', [0.5, -2]],
  ['DoubleArray', [0.1, -0.1]],
  ['BooleanArray', [true, false, true, true, false, false, false, false, true]],
  ['StringArray', ['a', '', '瓦斯']],
  ['DateTimeArray', [1_777_593_600_000n]],
] as const)('%s goes there and back', (type, value) => {
  expect(sent({ name: 'a', type, value })).toEqual(value)
})

test('what other writers do differently is read too', () => {
  // Int8 in 8 bits, UInt32 in the 64-bit field, Boolean as an integer.
  expect(read(hex('12 08 0a 01 61 20 01 50 fb 01'))).toBe(-5)
  expect(read(hex('12 0b 0a 01 61 20 07 58 ff ff ff ff 0f'))).toBe(4_294_967_295)
  expect(read(hex('12 07 0a 01 61 20 0b 50 01'))).toBe(true)
})

test('null, and a value of nothing, are no value', () => {
  expect(sent({ name: 'a', type: 'Int32', value: null })).toBe(null)
  expect(read(hex('12 05 0a 01 61 20 03'))).toBe(null)
  expect(read(hex('12 09 0a 01 61 20 22 82 01 01 00'))).toBe(null)
})

test('a data set is rows by column, a template its members', () => {
  const columns = { columns: ['card', 'distance'], types: [12, 3] }
  const rows = [
    { elements: [{ stringValue: '0017' }, { intValue: 4_294_967_293 }] },
    { elements: [{ stringValue: '0018' }] },
  ]
  expect(sent({ name: 'a', type: 'DataSet', wire: { datasetValue: { ...columns, rows } } })).toEqual([
    { card: '0017', distance: -3 },
    { card: '0018', distance: null },
  ])
  const members = [
    { name: 'card', datatype: 12, stringValue: '0017' },
    { name: 'battery', datatype: 8, longValue: halvesOf(9_007_199_254_740_993n) },
    { name: 'moving', datatype: 11, isNull: true },
    { datatype: 11, booleanValue: true },
  ]
  const template = { templateValue: { templateRef: 'sighting', isDefinition: false, metrics: members } }
  expect(sent({ name: 'a', type: 'Template', wire: template })).toEqual({
    card: '0017',
    battery: 9_007_199_254_740_993n,
    moving: null,
  })
})

test('unknown fields are passed over, what is no payload throws', () => {
  expect(read(hex('12 0b 0a 01 61 20 03 50 07 fa 07 01 00 ba 06 00'))).toBe(7)
  for (const junk of ['ff ff ff ff', '12 7f 00', '0b', '12 02 0a 05']) expect(() => decodePayload(hex(junk))).toThrow()
})
