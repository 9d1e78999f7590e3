/** The duty tree as the page reads it. */
import { expect, test } from 'vitest'
import type { DutyDeskBody } from '../api/types.ts'
import { deskRows, sitesUnder } from './desks.ts'

const desk = (id: string, parent?: string, sites: readonly string[] = []): DutyDeskBody => ({
  desk: id,
  name: { zh: id, en: id },
  level: 'mine',
  ...(parent !== undefined && { parent }),
  sites: [...sites],
  contacts: [],
  timezone: 'Asia/Shanghai',
  alarms: { active: 0, unacknowledged: 0 },
})
const TREE = [desk('mine-a', 'county', ['a']), desk('mine-b', 'county', ['b']), desk('county', 'gone', ['c'])]

test('the tree is read from the top, a desk whose parent is not declared among the uppermost', () => {
  expect(deskRows(TREE).map(({ desk: { desk: id }, depth }) => [id, depth])).toEqual([
    ['county', 0],
    ['mine-a', 1],
    ['mine-b', 1],
  ])
})

test('to a desk come the alarms of its own sites and of those below it; without desks a site is its own', () => {
  expect(sitesUnder(TREE, 'county')).toEqual(['c', 'a', 'b'])
  expect(sitesUnder(TREE, 'mine-a')).toEqual(['a'])
  expect(sitesUnder([desk('x', 'y', ['1']), desk('y', 'x', ['2'])], 'x')).toEqual(['1', '2'])
  expect(sitesUnder([], 'a')).toEqual(['a'])
})
