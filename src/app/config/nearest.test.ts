import { expect, test } from 'vitest'
import { didYouMean, nearest } from './nearest.ts'

test.each([
  ['knd', 'kind'],
  ['sentinel', 'sentinels'],
  ['silentafter', 'silentAfter'],
  ['over-crwe', 'over-crew'],
  ['coalface', 'coal-face'],
])('%s: did you mean %s', (typed, meant) => {
  expect(nearest(typed, ['kind', 'sentinels', 'silentAfter', 'over-crew', 'coal-face', 'at', 'in'])).toBe(meant)
})

test.each(['seam', 'tank', 'phase', 'it', 'temperature'])('%s is a word of its own', (word) => {
  expect(nearest(word, ['kind', 'range', 'place', 'at', 'in', 'name'])).toBeUndefined()
})

test('the closest wins, and none is no hint', () => {
  expect(nearest('face-102', ['face-201', 'face-101', 'face-1'])).toBe('face-101')
  expect(didYouMean('zzz', ['kind'])).toBe('')
})
