/** Whatever a file of the configuration holds, it is loaded or told what is wrong with it, with a place that exists: nothing throws, nothing hangs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { ADAPTERS } from '../../src/adapters/index.ts'
import { runCases } from '../../src/app/cases.ts'
import { parseYaml } from '../../src/app/config/document.ts'
import { withEnvironment } from '../../src/app/config/environment.ts'
import { decode } from '../../src/app/config/file.ts'
import { buildGraph } from '../../src/app/config/graph.ts'
import { lint } from '../../src/app/config/lint.ts'
import { NOBODY, parsePeople } from '../../src/app/config/people.ts'
import { collectProblems, type Problems } from '../../src/app/config/problem.ts'
import { checkReferences } from '../../src/app/config/references.ts'
import { buildPacks } from '../../src/app/config/rules.ts'
import { buildSettings } from '../../src/app/config/settings.ts'
import { draftSite } from '../../src/app/config/site.ts'
import { RULES } from '../../src/rules/index.ts'

// Seconds of work; the bound is for a machine that stalls.
vi.setConfig({ testTimeout: 300_000 })

const CONFIG = 'config'
const read = (path: string) => readFileSync(join(CONFIG, path), 'utf8')
const files = (folder: string, ending: string) =>
  readdirSync(join(CONFIG, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => read(join(folder, name)))
const SETTINGS = read('davy.yaml')
const SITES = files('sites', '.yaml').filter((text) => text.length < 12_000)
const PACKS = files('rules', '.yaml').filter((text) => text.length < 12_000)
const PEOPLE = files('sites', '.csv').map((text) => text.split('\n').slice(0, 12).join('\n'))
const CASES = `site:
  areas: [{ id: face, kind: coal-face }]
  points: [{ id: ch4, kind: gas.ch4, area: face }]
rules: [{ id: gas, rule: limit, levels: [{ name: cut, high: 1 }] }]
cases:
  - case: over
    until: 10m
    input:
      - { at: 0s, point: ch4, value: 0.5 }
      - { at: 1m..2m, every: 10s, point: ch4, value: 1.5 }
      - { at: 3m, ack: gas/ch4:cut, by: x }
    expect: [{ at: 1m, raised: 'ch4:cut' }]
`

/** Scraps of YAML, and of values that the schemas know. */
const scrap = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '  ',
    '\t',
    '#',
    '&a ',
    '*a',
    '!!int ',
    '|',
    '>-',
    '"',
    "'",
    ',',
    '---\n',
    '? ',
    '<<: *a',
    '%',
    '\u0000',
    '\ud800',
    '__proto__',
    'null',
    '~',
    '.nan',
    '.inf',
    '1e999',
    '0x',
    '-1',
    '90s',
    '-5s',
    'true',
    'id',
    'in',
    'area',
    'kind',
    'gas.ch4',
    'rules',
    'levels',
    'match',
    'extends',
    'override',
    '$\u007bX}',
    '班',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

/** A good text with pieces cut out, put elsewhere, or replaced. */
function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.oneof(scrap, fc.constant('')), fc.nat())
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => {
      let now = text
      for (const [at, length, put, from] of changes) {
        const start = at % (now.length + 1)
        const moved = from % 3 === 0 ? now.slice(from % (now.length + 1), (from % (now.length + 1)) + length) : put
        now = now.slice(0, start) + moved + now.slice(start + (from % 2 === 0 ? length : 0))
      }
      return now
    })
}
const wild = fc.array(scrap, { maxLength: 60 }).map((scraps) => scraps.join(''))
const text = (good: readonly string[]) =>
  fc.oneof({ weight: 4, arbitrary: mutated(good) }, { weight: 1, arbitrary: wild })

/** Every problem stands where an editor can jump to, and says something. */
function placed(problems: Problems, source: string): void {
  const lines = source.split(/\r\n?|\n/)
  for (const { file, line, column, message } of problems.list) {
    expect(file).toBe('f')
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length + 1)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(message.length).toBeGreaterThan(3)
    expect(message).not.toMatch(/undefined|\[object|is not a function|Cannot read/)
  }
}

const parsed = (source: string, problems: Problems) => parseYaml({ path: 'f', text: source, hash: '' }, problems)

test('sites', () => {
  let whole = 0
  fc.assert(
    fc.property(text(SITES), (source) => {
      const problems = collectProblems()
      const yaml = parsed(source, problems)
      const draft = yaml && draftSite(yaml, problems)
      if (draft) {
        const origins = new Map()
        const graph = buildGraph([{ ...draft, people: NOBODY }], { problems, origins })
        const installation = { hash: '', graph: '', ...graph, regulations: [], rules: [] }
        lint(installation, { rules: RULES, problems, origins, whole: { sites: false, rules: false } })
        if (!draft.headless) whole += 1
      } else expect(problems.errors()).toBeGreaterThan(0)
      placed(problems, source)
    }),
    { numRuns: 90 },
  )
  // Nothing but rubbish would show nothing.
  expect(whole).toBeGreaterThan(10)
})

test('regulation packs', () => {
  let items = 0
  fc.assert(
    fc.property(text(PACKS), (source) => {
      const problems = collectProblems()
      const yaml = parsed(source, problems)
      const origins = new Map()
      const packs = buildPacks(yaml ? [yaml] : [], { rules: RULES, problems, origins, sites: { names: ['baoyuan'] } })
      items += packs.rules.length
      const installation = { hash: '', graph: '', sites: new Map(), points: [], ...packs }
      lint(installation, { rules: RULES, problems, origins, whole: { sites: false, rules: true } })
      placed(problems, source)
    }),
    { numRuns: 150 },
  )
  expect(items).toBeGreaterThan(10)
})

test('davy.yaml', async () => {
  await fc.assert(
    fc.asyncProperty(text([SETTINGS]), async (source) => {
      const problems = collectProblems()
      const yaml = parsed(source, problems)
      if (yaml) {
        const filled = withEnvironment({ yaml, env: {}, problems, secrets: true })
        const settings = await buildSettings({ dir: CONFIG, yaml, adapters: ADAPTERS, filled })
        expect(Number.isInteger(settings.listen.port)).toBe(true)
        checkReferences(filled, { yaml, sites: new Map(), named: { names: [] }, spoilt: new Map() })
      }
      placed(problems, source)
    }),
    { numRuns: 150 },
  )
})

test('people', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        text(PEOPLE),
        fc.uint8Array({ maxLength: 80 }).map((b) => decode(b) ?? ''),
      ),
      (source) => {
        const problems = collectProblems()
        const { people, cards } = parsePeople({ path: 'f', text: source, hash: '' }, problems)
        for (const holder of cards.values()) expect(holder.cards.length).toBeGreaterThan(0)
        for (const [id, person] of people) expect(person.id).toBe(id)
        placed(problems, source)
      },
    ),
    { numRuns: 400 },
  )
})

test('cases', () => {
  fc.assert(
    fc.property(text([CASES]), (source) => {
      for (const { passed, report, line } of runCases({ text: source, file: 'f' })) {
        expect(passed || report.length > 3).toBe(true)
        expect(line).toBeGreaterThanOrEqual(1)
        expect(report).not.toMatch(/is not a function|Cannot read|not iterable/)
      }
    }),
    { numRuns: 150 },
  )
})
