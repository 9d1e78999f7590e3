/** Whole words of people, in text of both languages, and nothing that merely looks like one. */
import { expect, test } from 'vitest'
import type { Site } from '../../model/site.ts'
import { lexiconOf, replaceWords, siteLexicon, type WordKind } from './words.ts'

const person = (id: string, name: string, ...cards: string[]) => ({ id, name, cards })
const people = [
  person('p-117', '王小明', '10123', '10124'),
  person('101', '李', '25'),
  person('7', 'Li Wei', '2026'),
  person('p-9', 'p-9', 'C+1'),
]
const site = {
  id: 'baoyuan',
  name: { zh: '王小明沟煤矿', en: 'Baoyuan' },
  areas: new Map([['face-101', { id: 'face-101', name: { zh: '101工作面', en: 'Face 101' } }]]),
  points: new Map([['face-101/ch4-t1', { id: 'face-101/ch4-t1', attributes: { place: 'T1' } }]]),
  people: new Map(people.map((each) => [each.id, each])),
} as unknown as Site
const lexicon = siteLexicon(site)
const masked = (text: string, about: Record<string, WordKind> = {}) =>
  replaceWords(text, {
    lexicon,
    extra: lexiconOf(new Map(Object.entries(about))),
    replace: (word, kind) => `<${kind === 'name' ? 'name' : word}>`,
  })

test('numbers and names are found wherever a word may begin and end', () => {
  expect(masked('Card 10123 was seen')).toBe('Card <10123> was seen')
  expect(masked('10123/10124, 10123-10124.')).toBe('<10123>/<10124>, <10123>-<10124>.')
  expect(masked('标识卡10123（p-117）的王小明已出井')).toBe('标识卡<10123>（<p-117>）的<name>已出井')
  expect(masked('card:C+1 of Li Wei')).toBe('card:<C+1> of <name>')
  expect(masked('p-9')).toBe('<p-9>')
  expect(masked('p-117')).toBe('<p-117>')
})

test('parts of other words stay', () => {
  for (const text of ['101234', 'A10123', '10123m', 'up-117', 'p-1170', 'Li Weiss', '']) expect(masked(text)).toBe(text)
})

test('declared places stay, though somebody is called as a part of them', () => {
  for (const text of ['Face 101 T1 CH4 (face-101/ch4-t1)', '101工作面', '王小明沟煤矿'])
    expect(masked(text, { 101: 'number' })).toBe(text)
})

test('the shortest words stand for somebody only where the text is about them', () => {
  expect(masked('25 persons, limit 7, 李子')).toBe('25 persons, limit 7, 李子')
  expect(masked('25 calls for help', { 25: 'number' })).toBe('<25> calls for help')
})
