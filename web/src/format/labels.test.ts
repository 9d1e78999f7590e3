import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels } from './labels.ts'

const room = { left: 6, height: 16, gap: 10 }

test('labels of lines that lie apart stand one above the other, those of neighbours side by side', () => {
  const labels = [
    { y: 100, width: 80 },
    { y: 108, width: 60 },
    { y: 112, width: 40 },
    { y: 200, width: 50 },
  ]
  expect(placeLabels(labels, room).map(({ x }) => x)).toEqual([6, 96, 166, 6])
})

test('no label ever covers another', () => {
  const label = fc.record({ y: fc.integer({ min: 0, max: 300 }), width: fc.integer({ min: 1, max: 200 }) })
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
      const placed = placeLabels(labels, room).map((at, i) => ({ ...at, width: labels[i]!.width }))
      for (const [i, a] of placed.entries())
        for (const b of placed.slice(i + 1))
          if (Math.abs(a.y - b.y) < room.height)
            expect(a.x + a.width + room.gap <= b.x || b.x + b.width + room.gap <= a.x).toBe(true)
    }),
  )
})
