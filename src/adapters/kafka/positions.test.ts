import { expect, test } from 'vitest'
import { Positions } from './positions.ts'

const at = (offset: bigint, partition = 0) => ({ topic: 't', partition, offset })
const all = () => true

test('a place moves only over what is settled without a gap, each partition for itself', () => {
  const positions = new Positions()
  const settle = [10n, 11n, 12n].map((offset) => positions.take(at(offset)))
  const other = positions.take(at(5n, 1))
  expect(positions.due(all)).toEqual([])
  settle[1]!()
  settle[2]!()
  expect(positions.due(all)).toEqual([])
  other()
  const due = positions.due(all)
  expect(due).toEqual([at(6n, 1)])
  expect(positions.due(all), 'until it is committed').toEqual(due)
  positions.committed(due)
  settle[0]!()
  expect(positions.due(all)).toEqual([at(13n)])
  settle[0]!()
  positions.committed([at(13n)])
  expect(positions.due(all)).toEqual([])
})

test('offsets with gaps, as after compaction and transactions, do not stop it', () => {
  const positions = new Positions()
  for (const offset of [3n, 8n]) positions.take(at(offset))()
  expect(positions.due(all)).toEqual([at(9n)])
})

test('what comes again after a rebalance has to be settled again, and what was taken before it too', () => {
  const positions = new Positions()
  const before = [1n, 2n].map((offset) => positions.take(at(offset)))
  const again = [1n, 2n, 3n].map((offset) => positions.take(at(offset)))
  for (const settle of again) settle()
  expect(positions.due(all)).toEqual([])
  for (const settle of before) settle()
  expect(positions.due(all)).toEqual([at(4n)])
})

test('a partition that went to another member is not committed, until it is ours again', () => {
  const positions = new Positions()
  positions.take(at(1n))()
  expect(positions.due(() => false)).toEqual([])
  expect(positions.due(all)).toEqual([at(2n)])
})

test('what became due during a commit stays due after it', () => {
  const positions = new Positions()
  positions.take(at(1n))()
  const due = positions.due(all)
  positions.take(at(2n))()
  expect(positions.due(all)).toEqual([at(3n)])
  positions.committed(due)
  expect(positions.due(all)).toEqual([at(3n)])
})
