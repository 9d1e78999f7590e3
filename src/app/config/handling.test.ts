import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = 'areas: [{ id: face, kind: coal-face }]\npoints: [{ id: gas, kind: gas.ch4, area: face }]\n'
const PACK = `regulation: { id: p }
rules:
  - { id: gas, rule: limit, levels: [{ name: high, high: 1 }] }
  - { id: quiet, rule: silent, clause: "3" }
`

async function load(files: Readonly<Record<string, string>>) {
  const { lines, installation } = await loadFiles({ 'sites/mine.yaml': SITE, ...files })
  return { lines: lines.filter((line) => !line.includes('no rule watches')), installation }
}

test('what a clause asks for is statutory, unless the item says otherwise', async () => {
  const { installation, lines } = await load({
    'rules/p.yaml': `${PACK}  - { id: loose, rule: silent, clause: "4", statutory: false, realarm: 30m }
  - { id: own, rule: silent, statutory: true, confirm: true, latch: true, chatter: { transitions: 4, within: 2m } }
`,
  })
  expect(lines).toEqual([])
  expect(installation!.rules.map(({ id, handling }) => [id, handling])).toEqual([
    ['gas', {}],
    ['quiet', { statutory: true }],
    ['loose', { statutory: false, realarm: 1_800_000 }],
    ['own', { statutory: true, confirm: true, latch: true, chatter: { transitions: 4, within: 120_000 } }],
  ])
})

test('how its alarms are handled is part of an item, so it is another one when that changes', async () => {
  const hashes = await Promise.all(
    ['', ', latch: true', ', confirm: true', ', realarm: 5m', ', realarm: 6m', ', statutory: true'].map(
      async (keys) => {
        const pack = `regulation: { id: p }\nrules:\n  - { id: gas, rule: limit, levels: [{ name: high, high: 1 }]${keys} }\n`
        return (await load({ 'rules/p.yaml': pack })).installation!.rules[0]!.hash
      },
    ),
  )
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('suppression names rules that there are, and never goes in a circle', async () => {
  const { lines } = await load({
    'rules/p.yaml': `${PACK}suppress:
  - { id: a, while: { rule: gsa }, alarms: { rule: gas } }
  - { id: b, while: { rule: gas }, alarms: { rule: quiet } }
  - { id: b, while: { rule: gas }, alarms: { rule: quiet } }
  - { id: c, while: { rule: silent }, alarms: { rule: gas } }
  - { id: d, while: { rule: limit }, alarms: { rule: gas } }
  - { id: e, while: { rule: gas }, alarm: { rule: gas } }
`,
  })
  expect(lines).toEqual(['error rules/p.yaml:11:36: unknown key "alarm"; did you mean "alarms"?'])
  const { lines: more } = await load({
    'rules/p.yaml': `${PACK}suppress:
  - { id: a, while: { rule: gsa }, alarms: { rule: gas } }
  - { id: b, while: { rule: gas }, alarms: { rule: quiet } }
  - { id: b, while: { rule: gas }, alarms: { rule: quiet } }
  - { id: c, while: { rule: silent }, alarms: { rule: gas } }
  - { id: d, while: { rule: limit }, alarms: { rule: gas } }
`,
  })
  expect(more).toEqual([
    'error rules/p.yaml:6:29: unknown rule or rule item "gsa"; did you mean "gas"?',
    'warning rules/p.yaml:7:44: "quiet" is statutory: it is told under its cause, not suppressed; `statutory: false` on the item, or a declared window, would change that',
    'error rules/p.yaml:8:11: "b" is already declared',
    'error rules/p.yaml:9:5: "quiet" and "gas" would suppress each other, and nobody would be told of either',
    'error rules/p.yaml:10:5: "gas" and "gas" would suppress each other, and nobody would be told of either',
  ])
})

test('a suppression that is changed makes another configuration', async () => {
  const hash = async (same: string) =>
    (
      await load({
        'rules/p.yaml': `${PACK}suppress:\n  - { id: a, while: { rule: quiet }, alarms: { rule: gas }, same: ${same} }\n`,
      })
    ).installation!.hash
  expect(await hash('area')).not.toBe(await hash('site'))
})

test('duty.yaml is checked, defaulted and part of the configuration', async () => {
  const bare = await load({ 'rules/p.yaml': PACK })
  expect(bare.installation!.practice).toBeUndefined()
  const full = await load({ 'rules/p.yaml': PACK, 'duty.yaml': 'flood: { from: 20 }\n' })
  expect(full.lines).toEqual([])
  expect(full.installation!.practice).toMatchObject({
    chatter: { transitions: 3, within: 60_000 },
    firstUp: 60_000,
    flood: { from: 20, until: 5, within: 600_000 },
  })
  expect(full.installation!.hash).not.toBe(bare.installation!.hash)
  const wrong = await load({ 'rules/p.yaml': PACK, 'duty.yaml': 'flood: { from: 3, within: soon }\nfirstup: 2m\n' })
  expect(wrong.lines).toEqual([
    'error duty.yaml:1:27: expected a duration such as 90s, 10m or 8h, found "soon"',
    'error duty.yaml:2:1: unknown key "firstup"; did you mean "firstUp"?',
  ])
  const upside = await load({ 'rules/p.yaml': PACK, 'duty.yaml': 'flood: { from: 3, until: 5 }\n' })
  expect(upside.lines).toEqual(['error duty.yaml:1:26: a flood ends below 5 alarms, which is not below its 3'])
})

test('duty desks are joined into a tree that goes up, over sites that there are', async () => {
  const site = { 'sites/mine.yaml': `region: a/b\n${SITE}`, 'rules/p.yaml': PACK }
  const good = await load({
    ...site,
    'duty.yaml': `desks:
  - { id: top, level: city, region: a }
  - { id: low, level: mine, sites: [mine], parent: top, quiet: { from: "22:00", to: "24:00" } }
clocks: { critical: { ack: 1m } }
`,
  })
  expect(good.lines).toEqual([])
  const { duty } = good.installation!
  expect(duty!.desks.map(({ id, parent, quiet }) => [id, parent, quiet?.from, quiet?.to])).toEqual([
    ['top', undefined, undefined, undefined],
    ['low', 'top', 22 * 3_600_000, 0],
  ])
  expect(duty!.clocks).toMatchObject({ critical: { ack: 60_000, clear: 1_800_000 }, notice: { ack: 3_600_000 } })
  const bad = await load({
    ...site,
    'duty.yaml': `desks:
  - { id: one, level: county, sites: [mine, nine], parent: two }
  - { id: two, level: mine, region: a, parent: tree }
  - { id: two, level: mine, sites: [mine], region: a, timezone: Mars }
`,
  })
  expect(bad.lines).toEqual([
    'error duty.yaml:2:45: unknown site "nine"; did you mean "mine"?',
    'error duty.yaml:2:60: desk "two" is of level mine, which is not above county',
    'error duty.yaml:3:48: unknown desk "tree"; known: one, two',
    'error duty.yaml:4:11: desk "two" is declared twice',
    'error duty.yaml:4:37: desk "one" hears of site "mine" first already',
    'error duty.yaml:4:52: desk "two" hears of region "a" first already',
    'error duty.yaml:4:65: unknown time zone "Mars"; use an IANA name such as Asia/Shanghai',
  ])
  const lost = await load({ ...site, 'duty.yaml': 'desks: [{ id: far, level: city, region: z }]\n' })
  expect(lost.lines).toEqual([
    'warning duty.yaml:1:8: no desk hears of site "mine": nobody is called',
    'warning duty.yaml:1:9: desk "far" hears of no site, at once or from another desk',
  ])
})
