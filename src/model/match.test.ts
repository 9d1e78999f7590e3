import { expect, test } from 'vitest'
import { matchAreas, matchPoints } from './match.ts'
import type { Point } from './point.ts'
import type { Area, Site } from './site.ts'

const areas = new Map<string, Area>()
const points = new Map<string, Point>()
const site: Site = {
  index: 0,
  id: 'baoyuan',
  name: { zh: '宝源', en: 'Baoyuan' },
  region: 'henan/xuchang/yuzhou',
  kind: 'coal-mine',
  status: 'producing',
  timezone: 'Asia/Shanghai',
  lateAfter: 30_000,
  shifts: [],
  areas,
  points,
  people: new Map(),
  cards: new Map(),
}
for (const [id, kind, attributes] of [
  ['face-101', 'coal-face', { seam: 'ji-16' }],
  ['head-202', 'heading-face', { seam: ['ji-15', 'ji-17'] }],
] as const) {
  areas.set(id, { id, kind, site, name: { zh: id, en: id }, children: [], allow: [], attributes })
}
for (const [index, kind, area, place] of [
  [0, 'gas.ch4', 'face-101', 'T1'],
  [1, 'gas.ch4', 'head-202', 'T2'],
  [2, 'gas.co', 'face-101', 'T1'],
] as const) {
  const id = `p${index}`
  points.set(id, {
    index,
    id,
    kind,
    siteId: site.id,
    site,
    shape: 'number',
    area: areas.get(area)!,
    attributes: { place, kind: 'x' },
  })
}
const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id)

test('an empty match is everything; of points, everything of the kinds', () => {
  expect(ids(matchAreas(site, {}))).toEqual(['face-101', 'head-202'])
  expect(ids(matchPoints(site, {}, ['gas.ch4']))).toEqual(['p0', 'p1'])
})

test('a value, a list, and several attributes at once', () => {
  expect(ids(matchAreas(site, { kind: 'coal-face' }))).toEqual(['face-101'])
  expect(ids(matchPoints(site, { place: ['T1', 'T2'] }, ['gas.ch4', 'gas.co']))).toEqual(['p0', 'p1', 'p2'])
  expect(ids(matchPoints(site, { place: 'T1', kind: 'gas.co' }, ['gas.ch4', 'gas.co']))).toEqual(['p2'])
  expect(ids(matchPoints(site, { place: 'T9' }, ['gas.ch4']))).toEqual([])
})

test('own fields come before declared attributes', () => {
  expect(ids(matchPoints(site, { kind: 'x' }, ['gas.ch4']))).toEqual([])
})

test('a point answers to its area and the kind of its area', () => {
  expect(ids(matchPoints(site, { area: 'head-202' }, ['gas.ch4']))).toEqual(['p1'])
  expect(ids(matchPoints(site, { areaKind: 'coal-face' }, ['gas.ch4', 'gas.co']))).toEqual(['p0', 'p2'])
})

test('sites, their regions at every level, and members of a declared list', () => {
  expect(ids(matchAreas(site, { site: 'baoyuan', siteKind: 'coal-mine' }))).toHaveLength(2)
  expect(ids(matchAreas(site, { region: 'henan/xuchang' }))).toHaveLength(2)
  expect(ids(matchAreas(site, { region: 'xuchang' }))).toHaveLength(0)
  expect(ids(matchAreas(site, { seam: 'ji-17' }))).toEqual(['head-202'])
})
