import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RULES } from '../../rules/index.ts'
import { inlineInstallation } from '../cases/inline.ts'
import { coverageOf } from './coverage.ts'
import { coverageTable } from './table.ts'
import { readTested } from './tested.ts'

const installation = inlineInstallation({
  file: 'coverage',
  known: RULES,
  site: {
    kind: 'coal-mine',
    areas: [
      { id: 'face-1', kind: 'coal-face' },
      { id: 'face-2', kind: 'coal-face' },
      { id: 'bay', kind: 'welding-bay' },
    ],
    points: [
      { id: 'ch4', kind: 'gas.ch4', area: 'face-1', place: 'T1' },
      { id: 'r', kind: 'card.reader', area: 'face-1' },
      { id: 'c', kind: 'device.state', device: 'camera', area: 'face-1' },
      { id: 'w/current', kind: 'weld.current', area: 'bay', machine: 'w' },
    ],
  },
  regulation: { id: 'law' },
  rules: [
    {
      id: 'gas',
      rule: 'limit',
      clause: '1',
      match: { areaKind: 'coal-face', place: 'T1' },
      levels: [{ name: 'a', high: 1 }],
    },
    { id: 'crew', rule: 'over-crew', clause: '2', match: { kind: 'coal-face' }, limit: 25 },
    { id: 'eyes', rule: 'unmonitored', clause: '10', match: { kind: 'coal-face' } },
    { id: 'chip', rule: 'weld-off-platform', clause: '20', confirmed: false, note: 'No number was found.' },
    {
      id: 'h2s',
      rule: 'limit',
      clause: '3',
      match: { kind: 'gas.h2s', siteKind: 'coal-mine' },
      levels: [{ name: 'a', high: 1 }],
    },
    { id: 'loose', rule: 'silent' },
  ],
})
const regulations = installation.regulations.map((regulation) => ({
  ...regulation,
  clauses: [{ clause: '4', title: { zh: '巡查', en: 'Patrols' }, note: 'Nobody counts patrols.' }],
}))
const tested = { rules: new Map([['limit', 11]]), items: new Map([['gas', ['a case of ours']]]) }
const coverage = coverageOf({ ...installation, regulations }, { rules: RULES, tested })
const clause = (name: string | undefined) => coverage.packs[0]!.clauses.find((one) => one.clause === name)!

test('every clause of a pack, by number, whether a rule serves it or not', () => {
  expect(coverage.packs[0]!.clauses.map(({ clause: name }) => name)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '10',
    '20',
    undefined,
  ])
  expect(coverage.clauses).toBe(6)
  expect(coverage.uncovered).toEqual(['law/3', 'law/4'])
  expect(coverage.unused).toContain('rise')
})

test('items with their rule, their cases, and what they watch at each site', () => {
  const [gas] = clause('1').items
  expect(gas).toMatchObject({ id: 'gas', rule: 'limit', confirmed: true, cases: { rule: 11, own: ['a case of ours'] } })
  expect(gas!.sites.map(({ site, points }) => [site.id, points.map(({ id }) => id)])).toEqual([['mine', ['ch4']]])
  expect(clause('2').items[0]!.sites[0]!.areas.map(({ id }) => id)).toEqual(['face-1', 'face-2'])
})

test('what is not watched is said in words', () => {
  expect(clause('1').gaps).toEqual(['mine: gas: area face-2 has no gas.ch4, gas.co, gas.o2, … point at T1'])
  expect(clause('2').gaps).toEqual(['mine: area face-2 has no card reader'])
  expect(clause('3').gaps).toEqual(['h2s: nothing is watched at any site', 'mine: h2s: there is no gas.h2s point'])
  expect(clause('4').gaps).toEqual(['no rule of this pack serves it', 'Nobody counts patrols.'])
  expect(clause('10').gaps).toEqual(['mine: area face-2 has no camera', 'mine: area face-2 has no gas'])
  expect(clause('20').gaps).toEqual([
    'mine: chip: machine w has no weld.session',
    'chip: its numbers are not confirmed (No number was found)',
  ])
})

test('criteria for hazards stand below the packs, and say where nobody has confirmed their numbers', () => {
  const criterion = { title: { zh: '超员', en: 'over crew' }, grade: 'major', deadline: 1, match: {} } as const
  const { hazards } = coverageOf(
    {
      ...installation,
      hazards: [
        { ...criterion, id: 'sure', confirmed: true },
        { ...criterion, id: 'unsure', clause: 'law/4', confirmed: false, note: 'The hours are ours.' },
      ],
    },
    { rules: RULES, tested },
  )
  expect(hazards.map(({ id, confirmed, gaps }) => [id, confirmed, gaps])).toEqual([
    ['sure', true, []],
    ['unsure', false, ['unsure: its numbers are not confirmed (The hours are ours)']],
  ])
  const text = coverageTable({ ...coverage, hazards })
  expect(text).toContain('unsure  major  law/4  超员 · over crew\n      ! unsure: its numbers are not confirmed')
})

test('the table says the same, and sums up', () => {
  const text = coverageTable(coverage)
  expect(text).toContain('✗ clause 4 · 巡查 · Patrols')
  expect(text).toContain('gas  limit  11 cases + 1 own  mine 1 point')
  expect(text.trimEnd().split('\n').at(-1)).toBe('6 clauses, 4 with a live point, 2 without: law/3, law/4')
})

test("cases of one's own count for the items they are about or alarm of; failing ones count for none", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'davy-coverage-'))
  try {
    const file = join(dir, 'a.cases.yaml')
    await writeFile(
      file,
      `cases:
  - case: it raises
    input: [{ at: 0s, point: ch4, value: 1.2 }]
    expect: [{ raised: "ch4:a" }]
  - case: nobody
    about: crew
    input: [{ at: 0s, reader: r, cards: c-1 }]
  - case: wrong
    about: eyes
    input: [{ at: 0s, point: ch4, value: 1.2 }]
    expect: [{ raised: face-1 }]
`,
    )
    const { items, rules } = await readTested([file], { installation, rules: ['limit'] })
    expect(Object.fromEntries(items)).toEqual({ gas: ['it raises'], crew: ['nobody'] })
    expect(rules.get('limit')).toBeGreaterThan(5)
  } finally {
    await rm(dir, { recursive: true })
  }
})
