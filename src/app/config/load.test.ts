import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = `site: mine
areas:
  - { id: below, kind: underground }
  - { id: face-101, kind: coal-face, in: below, seam: ji-16 }
points:
  - { id: face-101/ch4, kind: gas.ch4, area: face-101, place: T1, range: [0, 10], sentinels: [99.99] }
  - { id: readers/r-1, kind: card.reader, area: face-101, at: [1, 2, -3], fixedPost: true }
  - { id: smoke/s-1, kind: smoke, silentAfter: never }
`
const RULES = `regulation: { id: pack, title: { zh: 规定 } }
rules:
  - id: crowd/face
    rule: crowd
    clause: "27"
    match: { kind: coal-face }
    limit: 25
    handover: { limit: 30 }
    work: production
    raiseAfter: 60s
    confirmed: false
    source: somewhere
  - { id: gas, rule: limit, match: { place: T1 }, levels: [{ name: cut, high: 1.5, clear: 1, raiseAfter: 2s }] }
  - { id: quiet, rule: silent }
`

test('the graph, defaulted and joined up', async () => {
  const { installation, lines } = await loadFiles({ 'sites/mine.yaml': SITE, 'rules/pack.yaml': RULES })
  expect(lines).toEqual(['warning sites/mine.yaml:8:5: no rule watches point "smoke/s-1"'])
  const site = installation!.sites.get('mine')!
  expect(site).toMatchObject({
    index: 0,
    kind: 'works',
    status: 'producing',
    timezone: 'Asia/Shanghai',
    lateAfter: 30_000,
    name: { zh: 'mine', en: 'mine' },
    shifts: [{ id: 'all-day', from: 0, to: 0, work: 'production' }],
  })
  const face = site.areas.get('face-101')!
  expect(face.parent).toBe(site.areas.get('below'))
  expect(site.areas.get('below')!.children).toEqual([face])
  expect(face.attributes).toEqual({ seam: 'ji-16' })
  const [gas, reader, smoke] = installation!.points
  expect(gas).toMatchObject({
    index: 0,
    siteId: 'mine',
    shape: 'number',
    range: [0, 10],
    sentinels: [99.99],
    silentAfter: 60_000,
    attributes: { place: 'T1' },
  })
  expect(gas!.area).toBe(face)
  expect(site.points.get('face-101/ch4')).toBe(gas)
  expect(reader).toMatchObject({ index: 1, at: [1, 2, -3], attributes: { fixedPost: true } })
  expect(reader).not.toHaveProperty('silentAfter')
  expect(smoke).not.toHaveProperty('silentAfter')
})

test('rule items: defaults of the rule, durations in milliseconds at every depth, standing kept apart', async () => {
  const { installation } = await loadFiles({ 'sites/mine.yaml': SITE, 'rules/pack.yaml': RULES })
  const [crowd, gas, quiet] = installation!.rules
  expect(crowd).toMatchObject({
    index: 0,
    id: 'crowd/face',
    rule: 'crowd',
    clause: '27',
    regulation: { id: 'pack', title: { zh: '规定', en: '规定' } },
    match: { kind: 'coal-face' },
    severity: 'minor',
    raiseAfter: 60_000,
    clearAfter: 7_000,
    work: 'production',
    attributes: { confirmed: false, source: 'somewhere' },
  })
  expect(crowd!.params).toEqual({
    limit: 25,
    count: 'present',
    exclude: [],
    within: 120_000,
    handover: { around: 1_800_000, limit: 30 },
    speed: { most: 10, over: 60_000 },
  })
  expect(gas!.params).toEqual({ levels: [{ name: 'cut', high: 1.5, clear: 1, raiseAfter: 2_000 }] })
  expect(quiet).toMatchObject({ match: {}, params: {}, raiseAfter: 5_000 })
  expect(quiet).not.toHaveProperty('work')
})

test('indices follow the ids of sites and the order of files, whatever the files are called', async () => {
  const site = (id: string) =>
    `site: ${id}\npoints: [{ id: b, kind: smoke, area: x }, { id: a, kind: smoke }]\nareas: [{ id: x }]`
  const { installation } = await loadFiles({ 'sites/1.yaml': site('zeta'), 'sites/2.yaml': site('alpha') })
  expect(installation!.points.map(({ siteId, id, index }) => `${index} ${siteId}/${id}`)).toEqual([
    '0 alpha/b',
    '1 alpha/a',
    '2 zeta/b',
    '3 zeta/a',
  ])
  expect([...installation!.sites.values()].map(({ index }) => index)).toEqual([0, 1])
})

test('the hash is of what can change an outcome: not of comments, order of keys, file names or listeners', async () => {
  const hash = async (files: Record<string, string>) => (await loadFiles(files)).installation!.hash
  const base = await hash({ 'sites/mine.yaml': SITE, 'rules/pack.yaml': RULES })
  expect(base).toMatch(/^[0-9a-f]{64}$/)
  const same = SITE.replace('kind: gas.ch4, area: face-101', 'area: "face-101", kind: gas.ch4')
  expect(same).not.toBe(SITE)
  expect(
    await hash({
      'sites/other.yaml': `# a comment\n${same}`,
      'rules/pack.yaml': RULES,
      'davy.yaml': 'listen: { port: 0 }',
    }),
  ).toBe(base)
  expect(await hash({ 'sites/mine.yaml': SITE, 'rules/pack.yaml': RULES.replace('limit: 25', 'limit: 26') })).not.toBe(
    base,
  )
  expect(await hash({ 'sites/mine.yaml': SITE.replace('[0, 10]', '[0, 9]'), 'rules/pack.yaml': RULES })).not.toBe(base)
  const people = { 'sites/p.csv': 'person,card\np-1,1\n', 'rules/pack.yaml': RULES }
  const one = await hash({ ...people, 'sites/mine.yaml': `${SITE}people: p.csv\n` })
  expect(one).not.toBe(base)
  expect(
    await hash({ ...people, 'sites/mine.yaml': `${SITE}people: p.csv\n`, 'sites/p.csv': 'person,card\np-1,2\n' }),
  ).not.toBe(one)
})

test('every file that was read is listed with its text', async () => {
  const { files } = await loadFiles({
    'sites/mine.yaml': `${SITE}people: p.csv\n`,
    'sites/p.csv': 'person\np-1\n',
    'rules/pack.yaml': RULES,
    'rules/pack.cases.yaml': '{ this is: [not a pack',
    'davy.yaml': '',
  })
  expect(files.map(({ path }) => path)).toEqual(['davy.yaml', 'rules/pack.yaml', 'sites/mine.yaml', 'sites/p.csv'])
  expect(files[1]).toMatchObject({ text: RULES, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
})

test('one broken site does not take the others down', async () => {
  const { installation, lines } = await loadFiles({
    'sites/bad.yaml': 'site: bad\nareas: [\n',
    'sites/worse.yaml': 'site: worse\nstatsu: closed\n',
    'sites/mine.yaml': SITE,
    'rules/pack.yaml': RULES,
  })
  expect([...installation!.sites.keys()]).toEqual(['mine'])
  expect(installation!.rules).toHaveLength(3)
  expect(lines).toEqual([
    expect.stringMatching(/^error sites\/bad\.yaml:\d:\d: YAML: /),
    // What is said of the good one does not wait until the others are mended.
    'warning sites/mine.yaml:8:5: no rule watches point "smoke/s-1"',
    'error sites/worse.yaml:2:1: unknown key "statsu"; did you mean "status"?',
  ])
})

test('no folder, no sites, no rules', async () => {
  expect((await loadFiles({ 'rules/pack.yaml': RULES })).lines).toContain(
    'error sites:1:1: there is no site: declare one in sites/its-id.yaml',
  )
  const { lines, installation } = await loadFiles({ 'sites/mine.yaml': SITE })
  expect(lines[0]).toBe('warning rules:1:1: there are no rules, so nothing will be judged: put a pack into rules/')
  expect(installation).toBeDefined()
  const { installation: none, lines: empty } = await loadFiles({ 'sites/mine.yml': SITE })
  expect(none).toBeUndefined()
  expect(empty).toContain('error sites/mine.yml:1:1: only files named *.yaml are read: rename it to mine.yaml')
})
