/** The duty tree as the page reads it. */
import { expect, test } from 'vitest'
import type { DutyDeskBody } from '../api/types.ts'
import { deskRows, sitesUnder, standsOn } from './desks.ts'

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

test('an alarm stands on the first desk, and on those it was handed on to', () => {
  const on = (desk: string, called?: string) =>
    standsOn({ desk, last: { site: 'a', ...(called !== undefined && { desk: called }) } }, TREE)
  expect([on('mine-a'), on('county'), on('mine-b')]).toEqual([true, false, false])
  expect([on('mine-a', 'county'), on('county', 'county'), on('mine-b', 'county')]).toEqual([true, true, false])
  // A desk that is no more calls nobody: it is back with the first.
  expect([on('mine-a', 'closed'), on('county', 'closed')]).toEqual([true, false])
})
