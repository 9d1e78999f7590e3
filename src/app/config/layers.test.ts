import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = 'areas: [{ id: face, kind: coal-face }]\npoints: [{ id: gas, kind: gas.ch4, area: face }]\n'
const NATION = `regulation: { id: nation, level: national, edition: "2023", effective: 2023-01-01 }
clauses: [{ clause: "1", title: crews, text: not too many }]
rules:
  - { id: crew, rule: crowd, clause: "1", limit: 25, raiseAfter: 60s, exclude: [leader] }
  - { id: gas, rule: limit, levels: [{ name: cut, high: 1.5 }, { name: warn, high: 1 }] }
`

async function load(packs: Readonly<Record<string, string>>, sites: readonly string[] = ['mine']) {
  const files = Object.entries({ nation: NATION, ...packs }).map(
    ([name, text]) => [`rules/${name}.yaml`, text] as const,
  )
  const { installation, lines } = await loadFiles({
    ...Object.fromEntries(sites.map((id) => [`sites/${id}.yaml`, SITE])),
    ...Object.fromEntries(files),
  })
  const items = installation!.rules.map(({ id, params, match, regulation, attributes }) => ({
    id,
    limit: (params as { limit?: number }).limit,
    site: match.site,
    of: regulation.id,
    by: attributes?.overriddenBy,
  }))
  const errors = lines.filter((line) => line.startsWith('error')).map((line) => line.replace('error rules/', ''))
  return { installation: installation!, items, errors }
}

test('a pack says its edition, its first day and what it asks for', async () => {
  const { installation, errors } = await load({})
  expect(errors).toEqual([])
  expect(installation.regulations).toEqual([
    {
      id: 'nation',
      title: { zh: 'nation', en: 'nation' },
      edition: '2023',
      effective: '2023-01-01',
      level: 'national',
      clauses: [{ clause: '1', title: { zh: 'crews', en: 'crews' }, text: 'not too many' }],
    },
  ])
})

test('a stricter item takes the place of the one it overrides, and keeps its id and clause', async () => {
  const { items, errors } = await load({
    a: 'regulation: { id: a, level: province, extends: nation }\nrules:\n  - { override: crew, limit: 20 }\n',
  })
  expect(errors).toEqual([])
  expect(items).toContainEqual({ id: 'crew', limit: 20, site: undefined, of: 'nation', by: 'a' })
  expect(items.filter(({ id }) => id === 'crew')).toHaveLength(1)
})

test('a looser one is refused with both places, until it says why', async () => {
  const pack = (more: string) => ({
    a: `regulation: { id: a, extends: nation }\nrules:\n  - { override: crew, limit: 30, raiseAfter: 90s, exclude: [leader, guest]${more} }\n`,
  })
  expect((await load(pack(''))).errors).toEqual([
    'a.yaml:3:5: exclude [leader, guest] is looser than [leader] of "crew" (rules/nation.yaml:4), which it overrides: say why, as `reason`',
    'a.yaml:3:5: limit 30 is looser than 25 of "crew" (rules/nation.yaml:4), which it overrides: say why, as `reason`',
    'a.yaml:3:5: raiseAfter 90s is looser than 1m of "crew" (rules/nation.yaml:4), which it overrides: say why, as `reason`',
  ])
  const allowed = await load(pack(', reason: approved by the bureau on 2026-01-05'))
  expect(allowed.errors).toEqual([])
  expect(allowed.items).toContainEqual(expect.objectContaining({ id: 'crew', limit: 30 }))
})

test('a level that is left out is looser, too', async () => {
  const { errors } = await load({
    a: 'regulation: { id: a, extends: nation }\nrules:\n  - { override: gas, levels: [{ name: cut, high: 1.5 }] }\n',
  })
  expect(errors).toEqual([
    'a.yaml:3:5: level "warn" none is looser than one of "gas" (rules/nation.yaml:5), which it overrides: say why, as `reason`',
  ])
})

test('a pack for one site leaves the others what they had', async () => {
  const pit = 'regulation: { id: pit-house, level: mine, extends: nation }\nsites: [pit]\nrules:\n'
  const { items, errors } = await load({ pit: `${pit}  - { override: crew, limit: 20 }\n` }, ['mine', 'pit', 'quarry'])
  expect(errors).toEqual([])
  expect(items).toContainEqual({ id: 'crew', limit: 25, site: ['mine', 'quarry'], of: 'nation', by: undefined })
  expect(items).toContainEqual({ id: 'pit-house/crew', limit: 20, site: ['pit'], of: 'nation', by: 'pit-house' })
  const alone = await load({ pit: `${pit}  - { override: crew, limit: 20 }\n` }, ['pit'])
  expect(alone.items.filter(({ limit }) => limit !== undefined)).toEqual([
    { id: 'crew', limit: 20, site: ['pit'], of: 'nation', by: 'pit-house' },
  ])
  expect((await load({ pit: `${pit.replace('[pit]', '[pitt]')}  []\n` }, ['pit'])).errors).toEqual([
    'pit.yaml:2:9: unknown site "pitt"; did you mean "pit"?',
  ])
})

test('three layers: the narrowest has the last word, whatever the order of the files', async () => {
  const { items, errors } = await load({
    'a-mine': 'regulation: { id: m, level: mine, extends: p }\nrules: [{ override: crew, limit: 15 }]\n',
    'z-province': 'regulation: { id: p, level: province, extends: nation }\nrules: [{ override: crew, limit: 20 }]\n',
  })
  expect(errors).toEqual([])
  expect(items).toContainEqual({ id: 'crew', limit: 15, site: undefined, of: 'nation', by: 'm' })
})

test('what is unknown, circular, upside down or not built on', async () => {
  expect(
    (
      await load({
        a: 'regulation: { id: a, extends: natoin }\nrules: [{ override: crew, limit: 20 }]\n',
        b: 'regulation: { id: b, extends: c }\n',
        c: 'regulation: { id: c, extends: b }\n',
        d: 'regulation: { id: d, level: national, extends: e }\n',
        f: 'regulation: { id: f }\nrules: [{ override: crew, limit: 20 }]\n',
        e: 'regulation: { id: e, level: mine, extends: nation }\nrules: [{ override: crwe, limit: 20 }]\n',
      })
    ).errors,
  ).toEqual([
    'a.yaml:1:31: unknown regulation "natoin"; did you mean "nation"?',
    'b.yaml:1:31: a regulation cannot extend itself: b extends c extends b',
    'd.yaml:1:48: "d" (national) cannot extend "e" (mine)',
    'e.yaml:2:21: unknown rule item "crwe"; did you mean "crew"?',
    'f.yaml:2:21: "crew" is of "nation" (rules/nation.yaml:4): say `extends: nation` to override it',
  ])
})

test('a narrower regulation may be stricter beside a broader one; looser only with a reason', async () => {
  const beside = (limit: number, more = '') => ({
    a: `regulation: { id: a, level: mine }\nrules:\n  - { id: own, rule: crowd, limit: ${limit}${more} }\n`,
  })
  expect((await load(beside(20))).errors).toEqual([])
  expect((await load(beside(30))).errors).toEqual([
    'a.yaml:3:5: limit 30 is looser than 25 of "crew" (rules/nation.yaml:4), which applies as well: say why, as `reason`, or override it',
  ])
  expect((await load(beside(30, ', reason: a second count'))).errors).toEqual([])
})
