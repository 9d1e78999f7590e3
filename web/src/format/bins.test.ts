import { expect, test } from 'vitest'
import { binsOf } from './bins.ts'

const hours = (count: number) => Array.from({ length: count }, (_, n) => ({ from: `h${n}`, raised: n % 3 }))

test('no hour is lost, and there are no more bars than there is room for', () => {
  for (const count of [0, 1, 24, 168, 720, 2208]) {
    const { bins } = binsOf(hours(count), 48)
    expect(bins.length).toBeLessThanOrEqual(48)
    const sum = (of: readonly { raised: number }[]) => of.reduce((total, { raised }) => total + raised, 0)
    expect(sum(bins)).toBe(sum(hours(count)))
  }
  expect(binsOf(hours(24), 48)).toMatchObject({ hours: 1, bins: { length: 24 } })
  expect(binsOf(hours(168), 48).bins[1]).toEqual({ from: 'h4', raised: 1 + 2 + 0 + 1 })
})
