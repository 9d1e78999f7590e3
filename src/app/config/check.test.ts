import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { check } from './check.ts'
import { ADAPTERS, RULES } from './fixture.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'davy-check-'))
  await mkdir(join(dir, 'sites'))
  await mkdir(join(dir, 'rules'))
})
afterEach(() => rm(dir, { recursive: true }))

const run = async ({ site, rules }: { site: string; rules: string }) => {
  await writeFile(join(dir, 'sites/mine.yaml'), site)
  await writeFile(join(dir, 'rules/pack.yaml'), `regulation: { id: pack }\nrules:\n${rules}`)
  const { exitCode, text } = await check(dir, { rules: RULES, adapters: ADAPTERS, env: {} })
  return { exitCode, lines: text.split('\n') }
}
const RULE = '  - { id: quiet, rule: silent }\n'

test('a configuration that is well', async () => {
  expect(await run({ site: 'points: [{ id: gas, kind: gas.ch4 }]', rules: RULE })).toEqual({
    exitCode: 0,
    lines: ['1 site, 1 point, 1 rule: no problems'],
  })
})

test('warnings are told and do not fail', async () => {
  expect(await run({ site: 'points: [{ id: gas, kind: gas.ch4 }, { id: s, kind: tank.level }]', rules: RULE })).toEqual(
    {
      exitCode: 0,
      lines: [
        'sites/mine.yaml:1:38: warning: no rule watches point "s"',
        '1 site, 2 points, 1 rule: 0 errors, 1 warning',
      ],
    },
  )
})

test('every error at once, in order of file and line', async () => {
  expect(
    await run({
      site: 'points:\n  - { id: gas, kind: gas.ch4, area: nowhere }\n  - { id: b, knid: smoke }\n',
      rules: '  - { id: a, rule: quiet }\n',
    }),
  ).toEqual({
    exitCode: 1,
    lines: [
      'rules/pack.yaml:3:20: unknown rule "quiet"; known: crowd, limit, unmonitored, silent',
      'sites/mine.yaml:2:37: unknown area "nowhere"',
      'sites/mine.yaml:3:5: "kind" is missing',
      'sites/mine.yaml:3:14: unknown key "knid"; did you mean "kind"?',
      '1 site, 0 points, 0 rules: 4 errors, 0 warnings',
    ],
  })
})

test('a folder that is not there', async () => {
  const { exitCode, text } = await check(join(dir, 'nowhere'), { rules: RULES, adapters: ADAPTERS })
  expect(exitCode).toBe(1)
  expect(text).toContain('.:1:1: there is no such folder')
})
