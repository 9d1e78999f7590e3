import { expect, test } from 'vitest'
import type { OutRecord } from '../forward-kafka/writer.ts'
import { halvesOf, partsOf, sizeOf } from './parts.ts'

const readings = (from: number, n: number): OutRecord => ({
  ours: 'davy/v1/plant',
  topic: 'r',
  key: 'plant',
  value: JSON.stringify(Array.from({ length: n }, (_, i) => ({ point: 'p', value: from + i }))),
})
const transition = (bytes: number): OutRecord => ({
  ours: 'davy/v1/plant/alarms/r/k',
  topic: 'a',
  key: 'k',
  value: `{"x":"${'x'.repeat(bytes)}"}`,
})
const valuesOf = (records: readonly OutRecord[]) =>
  records.flatMap(({ value }) => (JSON.parse(value) as { value: number }[]).map((reading) => reading.value))

test.each([[40], [200], [1_000], [100_000]])('parts of at most %i bytes hold everything in its order', (most) => {
  const records = [readings(0, 7), readings(7, 1), readings(8, 100), readings(108, 30)]
  const parts = [...partsOf(records, most)]
  expect(valuesOf(parts.flat())).toEqual(Array.from({ length: 138 }, (_, i) => i))
  for (const part of parts) expect(sizeOf(part)).toBeLessThanOrEqual(most)
})

test('what cannot be cut stands alone, in its place', () => {
  const records = [transition(10), transition(500), transition(10), transition(20)]
  expect([...partsOf(records, 100)]).toEqual([[records[0]], [records[1]], [records[2], records[3]]])
  expect(halvesOf([transition(500)])).toBeUndefined()
  expect(halvesOf([readings(0, 1)])).toBeUndefined()
})
