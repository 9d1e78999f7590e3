import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'
import { parsePeople } from './people.ts'
import { collectProblems } from './problem.ts'

function parse(text: string) {
  const problems = collectProblems()
  const parsed = parsePeople({ path: 'people.csv', text, hash: '' }, problems)
  const lines = problems.list.map(({ line, level, message }) => `${line} ${level} ${message}`)
  return { ...parsed, lines }
}

test('one row a card; a person may hold several, or none', () => {
  const { people, cards, lines } = parse(`person,card,name,role,team,certificate,expires
p-1,101,张三,miner,综采一队,,
p-1,102,张三,miner,综采一队,,
p-2,,"李, 四",leader,,welding,2027-03-31
`)
  expect(lines).toEqual([])
  expect([...people.values()]).toEqual([
    { id: 'p-1', name: '张三', role: 'miner', team: '综采一队', cards: ['101', '102'] },
    { id: 'p-2', name: '李, 四', role: 'leader', certificate: 'welding', expires: '2027-03-31', cards: [] },
  ])
  expect(cards.get('102')).toBe(people.get('p-1'))
  expect(cards.size).toBe(2)
})

test('columns in any order and case; what is missing has a default; empty rows are nothing', () => {
  const { people, lines } = parse('Card,PERSON\r\n 7 , p-1 \r\n,,\r\n\r\n,\r\n')
  expect([...people.values()]).toEqual([{ id: 'p-1', name: 'p-1', cards: ['7'] }])
  expect(lines).toEqual([])
})

test('a card held by two persons names both lines; the first keeps it', () => {
  const { cards, lines } = parse('person,card\np-1,7\np-2,8\np-3,7\np-2,8\n')
  expect(lines).toEqual([
    '4 error card "7" is held by two persons: "p-1" on line 2 and "p-3" on line 4',
    '5 warning card "8" of "p-2" is already on line 3',
  ])
  expect(cards.get('7')!.id).toBe('p-1')
})

test('rows that cannot be read are left out, each with its line', () => {
  const { people, lines } = parse(`person,card,name,expires
p-1,1,a,2027-02-30
p-2,2
,3,c,
p-4,4,"d "quoted",
p-5,5,e,
p-5,6,f,
p-6,6,g,31.12.2027
p-7,7,h,2028-02-29
`)
  expect(lines).toEqual([
    '5 error the row cannot be read: there is text behind a closing quotation mark',
    '2 error expires must be a day such as 2027-03-31, found "2027-02-30"',
    '3 error the row has 2 values for 4 columns',
    '4 error the row has no person',
    '7 error person "p-5" has another name than on line 6',
    '8 error expires must be a day such as 2027-03-31, found "31.12.2027"',
  ])
  expect([...people.keys()]).toEqual(['p-5', 'p-7'])
})

test('a quotation mark never closed, unknown columns, no person column, nothing at all', () => {
  expect(parse('person,card\np-1,1\np-2,"2\np-3,3\n').lines).toEqual([
    expect.stringMatching(/^\d error the row cannot be read: a quotation mark is opened and never closed$/),
  ])
  expect(parse('person,crad\n').lines).toEqual(['1 error unknown column "crad"; did you mean "card"?'])
  expect(parse('card\n1\n').lines).toEqual([
    '1 error there is no column "person" among "card"; the first row names the columns: person,card,name,role,team,certificate,expires',
  ])
  expect(parse('persn,card\np-1,1\n').lines).toEqual(['1 error unknown column "persn"; did you mean "person"?'])
  expect(parse('person;card\np-1;1\n').lines).toEqual([
    '1 error values are parted by commas, not by ";": save the file as CSV with commas',
  ])
  expect(parse('').lines).toEqual([
    '1 error the file is empty; the first row names the columns: person,card,name,role,team,certificate,expires',
  ])
})

test('a file as a Chinese spreadsheet saves it', async () => {
  const csv = Uint8Array.from([...Buffer.from('person,card,name\np-1,1,'), 0xd5, 0xc5, 0xc8, 0xfd, 0x0a])
  const { installation } = await loadFiles({ 'sites/mine.yaml': 'people: p.csv', 'sites/p.csv': csv })
  expect(installation!.sites.get('mine')!.people.get('p-1')!.name).toBe('张三')
})

test('who may enter a restricted area must be known', async () => {
  const { lines } = await loadFiles({
    'sites/mine.yaml': 'people: p.csv\nareas: [{ id: goaf, allow: [p-001, p-02] }]',
    'sites/p.csv': 'person\np-001\np-002\n',
  })
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([
    'error sites/mine.yaml:2:36: unknown person "p-02"; did you mean "p-002"?',
  ])
})
