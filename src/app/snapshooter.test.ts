import { expect, test, vi } from 'vitest'
import type { Snapshot, Snapshots } from '../model/ports.ts'
import type { Fold } from './fold.ts'
import { createSnapshooter } from './snapshooter.ts'

function rig({ settle = async () => {} }: { settle?: () => Promise<void> } = {}) {
  const saved: Snapshot[] = []
  const errors: string[] = []
  const now = { offset: 10, state: { n: 10 }, saves: 0 }
  const snapshots: Snapshots = {
    async save(snapshot) {
      saved.push(snapshot)
    },
    latest: async () => saved.at(-1),
  }
  const fold = {
    installation: { hash: 'h' },
    save() {
      now.saves += 1
      return now.state
    },
  } as unknown as Fold
  const snapshooter = createSnapshooter({
    snapshots,
    every: 5,
    fold: () => fold,
    view: () => ({ seen: now.offset }),
    offset: () => now.offset,
    settle,
    log: { info() {}, warn() {}, error: (message) => errors.push(message) },
  })
  const reach = (offset: number) => {
    now.offset = offset
    now.state.n = offset
    snapshooter.judged(offset)
  }
  return { saved, errors, now, snapshooter, reach }
}

test('a snapshot is of the entry it names, whatever is folded while the projections settle', async () => {
  const gate = Promise.withResolvers<void>()
  const { saved, snapshooter, reach } = rig({ settle: () => gate.promise })
  reach(14)
  reach(15)
  reach(16)
  expect(saved).toEqual([])
  gate.resolve()
  await vi.waitFor(() => expect(saved).toEqual([{ offset: 15, hash: 'h', state: { n: 15, view: { seen: 15 } } }]))
  await snapshooter.take()
  expect(saved.map(({ offset }) => offset)).toEqual([15, 16])
  await snapshooter.take()
  expect(saved).toHaveLength(2)
})

test('where a projection lacks something none is saved, and the next try waits its turn', async () => {
  let broken = true
  const { saved, errors, now, snapshooter, reach } = rig({
    settle: () => (broken ? Promise.reject(new Error('disk full')) : Promise.resolve()),
  })
  reach(15)
  await vi.waitFor(() => expect(errors).toHaveLength(1))
  reach(16)
  reach(19)
  expect(now.saves).toBe(1)
  broken = false
  reach(20)
  await vi.waitFor(() => expect(saved.map(({ offset }) => offset)).toEqual([20]))
  expect(errors[0]).toContain('disk full')
  await snapshooter.take()
})
