/** Most and least persons in each area, from cards seen and gates passed. */
import { expect, test } from 'vitest'
import type { Area, Site } from '../../model/site.ts'
import { createHeadCount } from './headcount.ts'

const FROM = 1_000

function mine(): Site {
  const under = { id: 'under' } as Area
  const face = { id: 'face', parent: under } as Area
  const head = { id: 'head', parent: under } as Area
  const wang = { id: 'wang' }
  return {
    areas: new Map([under, face, head].map((area) => [area.id, area])),
    points: new Map([
      ['r-face', { area: face }],
      ['r-head', { area: head }],
    ]),
    cards: new Map([
      ['1', wang],
      ['2', wang],
      ['3', { id: 'li' }],
    ]),
  } as unknown as Site
}

const seen = (ts: number, card: string, point: string, gone = false) => ({ ts, card, point, gone })

test('who was there before is there at the beginning; a move within the mine is no coming and no going', () => {
  const heads = createHeadCount(mine(), { from: FROM })
  heads.take([seen(10, '1', 'r-face'), seen(20, '3', 'r-face')], [])
  heads.take([seen(FROM + 5, '3', 'r-head'), seen(FROM + 9, '4', 'r-head')], [{ ts: FROM + 20, person: 'wang' }])
  expect(heads.areas().map(({ area, min, max, maxAt }) => [area.id, min, max, maxAt])).toEqual([
    ['under', 2, 3, FROM + 9],
    ['face', 0, 2, FROM],
    ['head', 0, 2, FROM + 9],
  ])
})

test('a person with two cards counts once; who is gone, or out by the gate, counts no more', () => {
  const heads = createHeadCount(mine(), { from: FROM })
  heads.take(
    [
      seen(FROM, '1', 'r-face'),
      seen(FROM + 1, '2', 'r-face'),
      seen(FROM + 2, '3', 'r-face'),
      seen(FROM + 3, '3', 'r-face', true),
    ],
    [{ ts: FROM + 2, card: '1' }],
  )
  expect(heads.areas().find(({ area }) => area.id === 'face')).toMatchObject({ min: 0, max: 1, maxAt: FROM })
})

test('nothing seen after the beginning', () => {
  const heads = createHeadCount(mine(), { from: FROM })
  heads.take([seen(10, '1', 'r-face')], [])
  expect(heads.areas().map(({ min, max }) => [min, max])).toEqual([
    [1, 1],
    [1, 1],
    [0, 0],
  ])
})
