import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = 'areas: [{ id: face, kind: coal-face }]\npoints: [{ id: gas, kind: gas.ch4, area: face }]\n'

async function said(packs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const files = Object.entries(packs).map(([name, text]) => [`rules/${name}.yaml`, text] as const)
  const { lines } = await loadFiles({ 'sites/mine.yaml': SITE, ...Object.fromEntries(files) })
  return lines.filter((line) => line.startsWith('error')).map((line) => line.replace('error rules/', ''))
}

test('unknown rules and parameters, wrong values, a limit below zero', async () => {
  expect(
    await said({
      p: `regulation: { id: p }
rules:
  - { id: a, rule: crwod, limit: 1 }
  - { id: b, rule: crowd, limt: 1 }
  - { id: c, rule: crowd, limit: -1, count: shfit }
  - { id: d, rule: crowd, limit: 1, within: 2 minutes, clause: 27 }
  - { id: e, limit: 1 }
  - { id: f, rule: crowd, limit: 1, match: { kind: { not: coal-face } }, severity: mayor }
  - { id: g, rule: crowd, limit: 1, handover: { limit: 1, arround: 30m } }
  - just words
`,
    }),
  ).toEqual([
    'p.yaml:3:20: unknown rule "crwod"; did you mean "crowd"?',
    'p.yaml:4:27: unknown key "limt"; did you mean "limit"?',
    'p.yaml:5:34: must be at least 0, found -1',
    'p.yaml:5:45: expected one of present, shift, found "shfit"; did you mean "shift"?',
    'p.yaml:6:45: expected a duration such as 90s, 10m or 8h, found "2 minutes"',
    'p.yaml:6:64: expected text, found the number 27; write it in quotes',
    'p.yaml:7:5: "rule" is missing',
    'p.yaml:7:14: unknown key "limit"; known: id, rule, clause, match, severity, raiseAfter, clearAfter, work, title, confirmed, source, note, edition, effective, optional, override, reason, confirm, latch, statutory, realarm, chatter',
    'p.yaml:8:52: expected a value or a list of values, found keys and values',
    'p.yaml:8:84: expected one of critical, major, minor, notice, found "mayor"; did you mean "major"?',
    'p.yaml:9:59: unknown key "arround"; did you mean "around"?',
    'p.yaml:10:5: expected keys and values, found "just words"',
  ])
})

test('the good items of a pack stay', async () => {
  const { installation } = await loadFiles({
    'sites/mine.yaml': SITE,
    'rules/p.yaml': 'regulation: {}\nrules: [{ id: a, rule: crowd }, { id: b, rule: silent }]',
  })
  expect(installation!.rules.map(({ id, index }) => `${index} ${id}`)).toEqual(['0 b'])
  expect(installation!.regulations).toEqual([{ id: 'p', title: { zh: 'p', en: 'p' } }])
})

test('a rule id and a regulation stand once over all packs', async () => {
  const pack = 'regulation: { id: same }\nrules:\n  - { id: a, rule: silent }\n'
  expect(await said({ one: pack, two: pack })).toEqual([
    'two.yaml:1:19: regulation "same" is already declared at rules/one.yaml:1',
    'two.yaml:3:11: rule "a" is already declared at rules/one.yaml:3',
  ])
})

test('levels have one bound, a name of their own, and clear on the safe side', async () => {
  expect(
    await said({
      p: `regulation: { id: p }
rules:
  - id: a
    rule: limit
    levels:
      - { name: x, high: 1, low: 0 }
      - { name: x, high: 1 }
      - { name: y }
      - { name: z, high: 1, clear: 1.5 }
      - { name: w, low: 1, clear: 0.5 }
`,
    }),
  ).toEqual([
    'p.yaml:6:9: a level has either "high" or "low"',
    'p.yaml:7:17: level "x" is declared twice',
    'p.yaml:8:9: a level has either "high" or "low"',
    'p.yaml:9:36: clears at 1.5, which is over its own high 1',
    'p.yaml:10:35: clears at 0.5, which is under its own low 1',
  ])
})

test("an item's hash is its version: of what is judged by, not of notes or neighbours", async () => {
  const hashes = async (rules: string) =>
    (
      await loadFiles({ 'sites/mine.yaml': SITE, 'rules/p.yaml': `regulation: { id: p }\nrules:\n${rules}` })
    ).installation!.rules.map(({ id, hash }) => [id, hash])
  const [[, one] = []] = await hashes('  - { id: a, rule: crowd, limit: 25 }\n')
  expect(
    await hashes('  - { id: b, rule: silent }\n  - { rule: crowd, limit: 25, count: present, id: a, note: x }\n'),
  ).toContainEqual(['a', one])
  expect(await hashes('  - { id: a, rule: crowd, limit: 26 }\n')).not.toContainEqual(['a', one])
  expect(await hashes('  - { id: a, rule: crowd, limit: 25, raiseAfter: 1s }\n')).not.toContainEqual(['a', one])
})
