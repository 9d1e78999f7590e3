import { expect, test } from 'vitest'
import type { AlarmBody } from '../api/types.ts'
import { areaOf, groupAlarms } from './alarm-groups.ts'

const alarm = (key: string, { site = 'm', point = '' } = {}) =>
  ({ alarm: `${site}/x/${key}`, last: { site, key, evidence: point ? [{ point }] : [] } }) as unknown as AlarmBody

const of = {
  areas: new Set(['face-101', 'goaf-3']),
  points: new Map([
    ['face-101/ch4', 'face-101'],
    ['readers/r-1', 'goaf-3'],
  ]),
}

test('an alarm is about the area its key names, its point stands in, or its card was last seen in', () => {
  expect(areaOf(alarm('face-101'), of)).toBe('face-101')
  expect(areaOf(alarm('p-001@goaf-3'), of)).toBe('goaf-3')
  expect(areaOf(alarm('face-101/ch4'), of)).toBe('face-101')
  expect(areaOf(alarm('face-101/ch4:cut'), of)).toBe('face-101')
  expect(areaOf(alarm('10124', { point: 'readers/r-1' }), of)).toBe('goaf-3')
  expect(areaOf(alarm('10124'), of)).toBeUndefined()
  expect(areaOf(alarm('m', { point: 'readers/r-1' }), of)).toBeUndefined()
})

test('the group of the most urgent alarm comes first, and order within is kept', () => {
  const list = [alarm('goaf-3'), alarm('face-101'), alarm('a', { site: 'n' }), alarm('p-1@goaf-3'), alarm('10124')]
  const keys = (by: 'site' | 'area') =>
    groupAlarms(list, { by, area: (one) => areaOf(one, of) }).map(({ site, area, alarms }) => [
      site,
      area,
      alarms.map(({ last }) => last.key),
    ])
  expect(keys('area')).toEqual([
    ['m', 'goaf-3', ['goaf-3', 'p-1@goaf-3']],
    ['m', 'face-101', ['face-101']],
    ['n', undefined, ['a']],
    ['m', undefined, ['10124']],
  ])
  expect(keys('site')).toEqual([
    ['m', undefined, ['goaf-3', 'face-101', 'p-1@goaf-3', '10124']],
    ['n', undefined, ['a']],
  ])
})
