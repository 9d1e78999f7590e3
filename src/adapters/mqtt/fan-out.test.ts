import { expect, test } from 'vitest'
import { filterMatches } from './fan-out.ts'

test.each([
  ['davy/v1/#', 'davy/v1/a/b', true],
  ['davy/v1/#', 'davy/v1', true],
  ['davy/v1/a', 'davy/v1/a/b', false],
  ['davy/+/a', 'davy/v1/a', true],
  ['davy/+', 'davy/v1/a', false],
  ['davy/v1/a/+', 'davy/v1/a', false],
  ['#', 'davy/v1/a', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['+', '', true],
])('%s matches %s: %s', (filter, topic, matches) => {
  expect(filterMatches(filter, topic)).toBe(matches)
})
