import { expect, test } from 'vitest'
import type { BucketBody } from '../api/types.ts'
import { append, columns } from './series.ts'

const bucket = (second: number, more: Partial<BucketBody> = {}): BucketBody => ({
  ts: new Date(second * 1000).toISOString(),
  min: 1,
  max: 3,
  last: 2,
  count: 5,
  worst: 'good',
  ...more,
})

test('extremes stay extremes, and the live tail goes on where history ends', () => {
  const { x, min, max, last } = columns(
    {
      buckets: [bucket(10), bucket(20)],
      tail: [
        { ts: 15_000, value: 9 },
        { ts: 22_000, value: 4 },
      ],
    },
    60_000,
  )
  expect(x).toEqual([10, 20, 22])
  expect(min).toEqual([1, 1, 4])
  expect(max).toEqual([3, 3, 4])
  expect(last).toEqual([2, 2, 4])
})

test('silence longer than allowed is a gap; a shorter pause is not', () => {
  const { last } = columns({ buckets: [bucket(0), bucket(50), bucket(150)], tail: [] }, 60_000)
  expect(last).toEqual([2, 2, null, 2])
})

test('a bucket of bad readings, and a bad live reading, break the line and are never zero', () => {
  const nothing: BucketBody = { ts: new Date(10_000).toISOString(), count: 0, worst: 'bad' }
  const { last } = columns({ buckets: [bucket(0), nothing, bucket(20)], tail: [{ ts: 30_000, value: null }] }, 60_000)
  expect(last).toEqual([2, null, 2, null])
})

test('the tail takes newer readings only, and forgets what has left the chart', () => {
  const tail = [
    { ts: 1_000, value: 1 },
    { ts: 2_000, value: 2 },
  ]
  expect(append(tail, { sample: { ts: 2_000, value: 9 }, keepFrom: 0 })).toBe(tail)
  expect(append(tail, { sample: { ts: 3_000, value: 3 }, keepFrom: 1_500 }).map(({ ts }) => ts)).toEqual([2_000, 3_000])
})
