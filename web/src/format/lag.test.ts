import { expect, test } from 'vitest'
import { lagText } from './lag.ts'

test('a lag has its sign and a unit of its size', () => {
  expect(lagText(120.4, 'en')).toBe('+120\u00a0ms')
  expect(lagText(-250, 'en')).toBe('−250\u00a0ms')
  expect(lagText(0, 'en')).toBe('0\u00a0ms')
  expect(lagText(-1_540, 'zh')).toBe('−1.5\u00a0秒')
  expect(lagText(200_000, 'en')).toBe('+3 min 20 s')
})
