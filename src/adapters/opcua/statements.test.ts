import { expect, test } from 'vitest'
import { belated, forgetValue, makeItem, notified, restated } from './statements.ts'

const dataValue = (
  value: number,
  { source, server, code = 0 }: { source?: number; server?: number; code?: number },
) => ({
  value: { dataType: 11, arrayType: 0, value },
  statusCode: { value: code, name: code === 0 ? 'Good' : 'BadSensorFailure' },
  sourceTimestamp: source === undefined ? null : new Date(source),
  serverTimestamp: server === undefined ? null : new Date(server),
})
const good = { point: 'p', quality: 'good' } as const

test('the first value is said as of its own time and as of the look the server took', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  expect(notified(item, dataValue(1, { source: 1_000, server: 9_000 }), 9_500)).toEqual([
    { ...good, ts: 1_000, value: 1 },
    { ...good, ts: 9_000, value: 1 },
  ])
  expect(notified(item, dataValue(2, { source: 10_000, server: 10_100 }), 10_500)).toEqual([
    { ...good, ts: 10_000, value: 2 },
  ])
})

test('a first value that is bad is said once', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  const bad = dataValue(1, { source: 1_000, server: 9_000, code: 0x80890000 })
  expect(notified(item, bad, 9_500)).toEqual([
    { point: 'p', ts: 1_000, value: null, quality: 'bad', status: 'bad-sensor-failure' },
  ])
  expect(restated([item], { published: 60_000, restate: 10_000 })).toEqual([])
})

test('without a source time the server time stands, without either none', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  expect(notified(item, dataValue(1, { server: 9_000 }), 9_000)).toEqual([{ ...good, ts: 9_000, value: 1 }])
  expect(notified(makeItem({ point: 'p', element: undefined, sampling: 1_000 }), dataValue(1, {}), 9_000)[0]).toEqual({
    ...good,
    value: 1,
  })
})

test('an unchanged good value is said again at most every restate, for the time before the last sampling', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  notified(item, dataValue(1, { source: 10_000, server: 10_000 }), 10_000)
  expect(restated([item], { published: 19_999, restate: 10_000 })).toEqual([])
  expect(restated([item], { published: 20_000, restate: 10_000 })).toEqual([{ ...good, ts: 19_000, value: 1 }])
  expect(restated([item], { published: 28_999, restate: 10_000 })).toEqual([])
  expect(restated([item], { published: 29_000, restate: 10_000 })).toEqual([{ ...good, ts: 28_000, value: 1 }])
})

test('a value that went bad or uncertain is not said again', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  notified(item, dataValue(1, { source: 10_000 }), 10_000)
  notified(item, dataValue(1, { source: 11_000, code: 0x40900000 }), 11_000)
  expect(restated([item], { published: 60_000, restate: 10_000 })).toEqual([])
})

test('a source clock behind the server cannot say that the value changed before the server vouched for the old one', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  notified(item, dataValue(1, { source: 1_000, server: 10_000 }), 10_500)
  const times = [4_000, 5_000].map((source) => notified(item, dataValue(2, { source }), 12_000)[0]!.ts)
  expect(times).toEqual([10_001, 10_002])
  expect(notified(item, dataValue(3, { source: 12_000 }), 13_000)[0]!.ts).toBe(12_000)
  // From here on the source is heard as it speaks, an older time included.
  expect(notified(item, dataValue(4, { source: 11_500 }), 13_000)[0]!.ts).toBe(11_500)
})

test('a value that newer word has overtaken is told in its time and is not what holds now', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  notified(item, dataValue(2, { source: 10_000, server: 10_000 }), 10_000)
  expect(belated(item, dataValue(1, { source: 9_000 }))).toEqual({ ...good, ts: 9_000, value: 1 })
  expect(restated([item], { published: 30_000, restate: 10_000 })).toEqual([{ ...good, ts: 29_000, value: 2 }])
})

test('of a new subscription nothing is said again before its first value, which is one', () => {
  const item = makeItem({ point: 'p', element: undefined, sampling: 1_000 })
  notified(item, dataValue(1, { source: 1_000, server: 9_000 }), 9_500)
  forgetValue(item)
  expect(restated([item], { published: 60_000, restate: 10_000 })).toEqual([])
  expect(notified(item, dataValue(1, { source: 1_000, server: 60_000 }), 60_500)).toEqual([
    { ...good, ts: 1_000, value: 1 },
    { ...good, ts: 60_000, value: 1 },
  ])
})
