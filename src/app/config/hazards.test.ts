/** Criteria of packs: read, kept to their sites, and every slip named with its place. */
import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = 'areas: [{ id: face, kind: coal-face }]\n'
const RULES = 'rules: [{ id: crew, rule: crowd, limit: 25 }]\n'

test('a criterion with its clause, for the sites of its pack', async () => {
  const { installation, lines } = await loadFiles({
    'sites/mine.yaml': SITE,
    'sites/other.yaml': SITE,
    'rules/p.yaml': `regulation: { id: p }
sites: [mine]
${RULES}hazards:
  - { id: h, clause: "4", match: { rule: crowd, areaKind: [coal-face] }, when: { factor: 1.2 }, grade: major, deadline: 72h }
`,
  })
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([])
  expect(installation!.hazards).toEqual([
    {
      id: 'h',
      clause: 'p/4',
      title: { zh: 'h', en: 'h' },
      grade: 'major',
      deadline: 72 * 3_600_000,
      match: { rule: ['crowd'], areaKind: ['coal-face'], site: ['mine'] },
      when: { factor: 1.2, inclusive: true },
      confirmed: true,
    },
  ])
})

test('unknown words, wrong values and an id that comes twice', async () => {
  const { lines } = await loadFiles({
    'sites/mine.yaml': SITE,
    'rules/p.yaml': `regulation: { id: p }
${RULES}hazards:
  - { id: h, match: { rule: crwod, instance: crw, severity: mayor, kind: coalmine }, grade: major, deadline: 72h }
  - { id: h, match: {}, grade: general, deadline: 72h }
`,
    'rules/q.yaml': `regulation: { id: q }
hazards:
  - { id: i, match: { rules: crowd }, grade: huge, deadline: soon }
`,
  })
  expect(lines.filter((line) => line.startsWith('error')).map((line) => line.replace('error rules/', ''))).toEqual([
    'p.yaml:4:29: unknown rule "crwod"; did you mean "crowd"?',
    'p.yaml:4:46: unknown rule item "crw"; did you mean "crew"?',
    'p.yaml:4:61: unknown severity "mayor"; did you mean "major"?',
    'p.yaml:4:74: unknown kind of site "coalmine"; did you mean "coal-mine"?',
    'p.yaml:5:11: criterion "h" is already declared at rules/p.yaml:4',
    expect.stringMatching(/^q.yaml:3:\d+: unknown key "rules"/),
    expect.stringMatching(/^q.yaml:3:\d+: expected one of major, general, found "huge"/),
    expect.stringMatching(/^q.yaml:3:\d+: expected a duration .* found "soon"/),
  ])
})
