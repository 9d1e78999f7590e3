import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { ADAPTERS } from '../../adapters/index.ts'
import { matchAreas, matchPoints } from '../../model/match.ts'
import { RULES } from '../../rules/index.ts'
import { runCases } from '../cases.ts'
import { caseFiles } from '../commands/test.ts'
import { type Loaded, loadConfig } from './load.ts'
import { formatProblems } from './problem.ts'

/** The installation that ships in `config/`. */
let example: Loaded
beforeAll(async () => {
  const dir = fileURLToPath(new URL('../../../config', import.meta.url))
  example = await loadConfig(dir, { rules: RULES, adapters: ADAPTERS, env: {} })
})

test('the example installation is without problems, warnings included', () => {
  expect(formatProblems(example.problems)).toBe('')
  expect([...example.installation!.sites.keys()]).toEqual(['baoyuan', 'longteng-chem', 'weld-yard'])
})

test('25, 18 and 8 stand once, each for the kind of place the clause names', () => {
  const { rules, sites } = example.installation!
  const baoyuan = sites.get('baoyuan')!
  const crews = rules.filter(({ rule }) => rule === 'over-crew')
  const limits = crews.map(({ match, params, clause, work }) => [
    matchAreas(baoyuan, match).map(({ id }) => id),
    (params as { limit: number }).limit,
    (params as { count: string }).count,
    work,
    clause,
  ])
  expect(limits).toEqual([
    [['face-101'], 25, 'present', 'production', '27'],
    [['head-202'], 18, 'present', undefined, '27'],
    [['maint-7'], 8, 'shift', undefined, '27'],
  ])
})

test('every gas point and every tank has a limit, and what is not confirmed says so', () => {
  const { rules, sites, points } = example.installation!
  const limits = rules.filter(({ rule }) => rule === 'limit')
  const limited = new Set(
    [...sites.values()].flatMap((site) =>
      limits.flatMap(({ match }) => matchPoints(site, match, RULES.get('limit')!.watches)),
    ),
  )
  const measured = points.filter(({ kind }) => /^(gas|tank)\./.test(kind))
  expect(measured.filter((point) => !limited.has(point)).map(({ id }) => id)).toEqual([])
  const stated = limits.filter(({ attributes }) => attributes?.source ?? attributes?.note)
  expect(stated).toHaveLength(limits.length)
  const unconfirmed = limits.filter(({ attributes }) => attributes?.confirmed === false).map(({ id }) => id)
  expect(unconfirmed).toEqual(expect.arrayContaining(['tank/level', 'wind/coal-face', 'gas/hydrogen-sulphide']))
  expect(unconfirmed).not.toContain('ch4/coal-face-t1')
})

test('enough people to crowd each face, and cards that nobody shares', () => {
  const { people, cards } = example.installation!.sites.get('baoyuan')!
  expect(people.size).toBeGreaterThan(120)
  expect(cards.size).toBeGreaterThan(people.size - 5)
  expect([...people.values()].filter(({ cards: own }) => own.length === 2)).toHaveLength(2)
})

test('the cases beside the packs hold', async () => {
  const folder = fileURLToPath(new URL('../../../config', import.meta.url))
  const files = await caseFiles(folder)
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) {
    const reports = runCases({ text: await readFile(file, 'utf8'), file, installation: example.installation! })
    expect(reports.filter(({ passed }) => !passed).map(({ report }) => report)).toEqual([])
  }
})
