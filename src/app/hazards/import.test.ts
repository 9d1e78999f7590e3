import { expect, test } from 'vitest'
import type { Installation } from '../../model/site.ts'
import { mine, NOW } from '../api/test-mine.ts'
import { readHazards } from './import.ts'

const { site } = mine()
const installation: Installation = {
  hash: 'h',
  graph: 'g',
  sites: new Map([[site.id, site]]),
  points: [],
  regulations: [],
  rules: [],
}

const read = (rows: readonly (readonly string[])[], chosen?: string) =>
  readHazards(
    rows.map((cells, i) => ({ row: i + 1, cells })),
    { installation, site: chosen, by: 'wang', now: NOW },
  )

test('a file that names no site asks for the choice of one, and is read once it is chosen', () => {
  const rows = [
    ['外部编号', '等级', '隐患内容'],
    ['y-1', '重大', '风筒脱节'],
  ]
  const { good, bad } = read(rows)
  expect(good).toEqual([])
  expect(bad).toEqual([
    {
      row: 1,
      code: 'site-missing',
      detail: {
        zh: '文件没有“企业 Site”列：请选择各行所属的企业',
        en: 'the file has no column 企业 Site: choose the site that its rows belong to',
      },
    },
  ])
  expect(read(rows, 'baoyuan').good).toMatchObject([{ row: 2, report: { site: 'baoyuan' } }])
})

test('so does a row that names none, while the others are read', () => {
  const { good, bad } = read([
    ['企业', '外部编号', '等级', '隐患内容'],
    ['', 'y-1', '重大', '风筒脱节'],
    ['baoyuan', 'y-2', '重大', '风筒脱节'],
  ])
  expect(good.map(({ row }) => row)).toEqual([3])
  expect(bad).toEqual([
    {
      row: 2,
      column: '企业',
      code: 'site-missing',
      detail: {
        zh: '此行未写企业：请填写，或选择其所属的企业',
        en: 'the row names no site: write it, or choose the site that it belongs to',
      },
    },
  ])
})

test('what else is missing is named beside it', () => {
  expect(read([['等级'], ['重大']]).bad.map(({ code }) => code)).toEqual(['column-missing', 'site-missing'])
})
