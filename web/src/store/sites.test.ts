import { expect, test } from 'vitest'
import type { AreaBody, SiteView } from '../api/types.ts'
import { applyCounts, areaTree, over, pressing } from './sites.ts'

const area = (id: string, more: Partial<AreaBody> = {}): AreaBody => ({
  id,
  name: { zh: id, en: id },
  kind: 'roadway',
  count: 0,
  monitoring: 'watched',
  ...more,
})

const site = (id: string, at: string, people = 0): SiteView => ({
  site: id,
  name: { zh: id, en: id },
  kind: 'coal-mine',
  status: 'producing',
  timezone: 'Asia/Shanghai',
  at,
  people,
  underground: people,
  alarms: { active: 0, unacknowledged: 0 },
  areas: [],
})

test('sites that changed replace themselves in place; what is older than known changes nothing', () => {
  const known = [site('a', '2026-05-01T08:00:00+08:00', 1), site('b', '2026-05-01T08:00:00+08:00', 2)]
  const next = applyCounts(known, [
    site('a', '2026-05-01T08:00:01+08:00', 9),
    site('b', '2026-05-01T07:59:59+08:00', 9),
  ])
  expect(next.map(({ site: id, people }) => [id, people])).toEqual([
    ['a', 9],
    ['b', 2],
  ])
  expect(applyCounts(undefined, [site('c', '2026-05-01T08:00:00+08:00')]).length).toBe(1)
})

test('areas are read as a tree, children under their parent, and none is lost', () => {
  const rows = areaTree([
    area('face', { in: 'below' }),
    area('below'),
    area('lost', { in: 'nowhere' }),
    area('self', { in: 'self' }),
  ])
  expect(rows.map(({ area: { id }, depth }) => [id, depth])).toEqual([
    ['below', 0],
    ['face', 1],
    ['lost', 0],
    ['self', 0],
  ])
})

test('over the limit means more than the limit, and nothing where there is none', () => {
  expect(over({ count: 25, limit: 25 })).toBe(0)
  expect(over({ count: 26, limit: 25 })).toBe(1)
  expect(over({ count: 99 })).toBe(0)
})

test('a card shows what is over first, then unwatched work; filling up moves nothing', () => {
  const areas = [
    area('full', { count: 18, limit: 18 }),
    area('unwatched', { monitoring: 'unwatched' }),
    area('over', { count: 26, limit: 25 }),
    area('plain'),
    area('empty', { count: 0, limit: 8 }),
  ]
  expect(pressing(areas).map(({ id }) => id)).toEqual(['over', 'unwatched', 'full', 'empty'])
})
