/** What an item that takes the place of another may not do without a reason, whatever the rule. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RULES } from '../../rules/index.ts'
import { loadConfig } from './load.ts'

const SITE = `site: mine
areas:
  - { id: face, kind: coal-face }
  - { id: head, kind: heading-face }
points:
  - { id: ch4, kind: gas.ch4, area: face, unit: "%", place: T1 }
  - { id: o2, kind: gas.o2, area: face, unit: "%" }
`
const NATION = `regulation: { id: nation, level: national }
rules:
  - { id: crew, rule: over-crew, clause: "1", match: { kind: [coal-face, heading-face] }, limit: 25, count: shift, escalate: { factor: 1.2 } }
  - { id: ch4, rule: limit, match: { kind: gas.ch4 }, levels: [{ name: cut, high: 1.5, clear: 1.0, severity: critical }] }
  - { id: o2, rule: limit, match: { kind: gas.o2 }, levels: [{ name: low, low: 18, clear: 19 }] }
  - { id: left, rule: card-left, move: 2, still: 60m }
`

/** What is looser about an item, without the rest of its sentence. */
async function looserAbout(item: string, head = ''): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'davy-looser-'))
  try {
    await mkdir(join(dir, 'sites'))
    await mkdir(join(dir, 'rules'))
    await writeFile(join(dir, 'sites/mine.yaml'), SITE)
    await writeFile(
      join(dir, 'sites/pit.yaml'),
      'site: pit\nareas: [{ id: a, kind: coal-face }, { id: b, kind: heading-face }]\n',
    )
    await writeFile(join(dir, 'rules/nation.yaml'), NATION)
    await writeFile(
      join(dir, 'rules/own.yaml'),
      `regulation: { id: own, level: mine, extends: nation }\n${head}rules:\n  - ${item}\n`,
    )
    const { problems } = await loadConfig(dir, { rules: RULES, adapters: {}, env: {} })
    const errors = problems.filter(({ level }) => level === 'error').map(({ message }) => message)
    return errors.map((message) => message.replace(/ of "[a-z0-9]+" \(rules.*$/, ''))
  } finally {
    await rm(dir, { recursive: true })
  }
}

test.each<[string, readonly string[]]>([
  ['{ override: crew, limit: 20 }', []],
  [
    '{ override: crew, match: { kind: coal-face } }',
    ['match.kind [coal-face] is looser than [coal-face, heading-face]'],
  ],
  [
    '{ override: crew, match: { kind: [coal-face, heading-face], id: face } }',
    ['match.id [face] is looser than all there are'],
  ],
  ['{ override: crew, match: { kind: [heading-face, coal-face, airway] } }', []],
  ['{ override: crew, match: {} }', []],
  ['{ override: crew, count: present }', ['count present is looser than shift']],
  ['{ override: crew, escalate: { factor: 2 } }', ['escalate.factor 2 is looser than 1.2']],
  ['{ override: crew, handover: { limit: 40 } }', ['handover.limit 40 is looser than 25']],
  ['{ override: crew, handover: { limit: 20 } }', []],
  [
    '{ override: ch4, levels: [{ name: cut, high: 1.5, clear: 1.2, severity: critical }] }',
    ['level "cut": clear 1.2 is looser than 1'],
  ],
  [
    '{ override: ch4, levels: [{ name: cut, high: 1.5, severity: critical }] }',
    ['level "cut": clear 1.5 is looser than 1'],
  ],
  [
    '{ override: ch4, levels: [{ name: cut, high: 1.2, clear: 1, severity: notice }] }',
    ['level "cut": severity notice is looser than critical'],
  ],
  ['{ override: ch4, levels: [{ name: cut, high: 1.2, clear: 0.8, severity: critical }] }', []],
  ['{ override: o2, levels: [{ name: low, low: 18, clear: 18.5 }] }', ['level "low": clear 18.5 is looser than 19']],
  ['{ override: left, move: 1 }', ['move 1 is looser than 2']],
  ['{ override: left, move: 3, still: 30m }', []],
])('%s', async (item, found) => {
  expect(await looserAbout(item)).toEqual(found)
})

test('a pack for one site takes nothing from the others', async () => {
  expect(await looserAbout('{ override: crew, limit: 20 }', 'sites: [mine]\n')).toEqual([])
  expect(await looserAbout('{ override: crew, match: { site: mine, kind: [coal-face, heading-face] } }')).toEqual([
    'match.site [mine] is looser than all there are',
  ])
})
