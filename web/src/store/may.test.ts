import { expect, test } from 'vitest'
import { includes } from './may.ts'

test('each role may what those below it may; a device’s token stands below all', () => {
  expect(includes('admin', 'supervisor')).toBe(true)
  expect(includes('operator', 'operator')).toBe(true)
  expect(includes('viewer', 'operator')).toBe(false)
  expect(includes('source', 'viewer')).toBe(false)
})
