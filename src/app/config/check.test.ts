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
      'sites/mine.yaml:3:14: unknown key "knid"; did you mean "kind"?',
      '1 site, 0 points, 0 rules: 3 errors, 0 warnings',
    ],
  })
})

test('a folder that is not there', async () => {
  const { exitCode, text } = await check(join(dir, 'nowhere'), { rules: RULES, adapters: ADAPTERS })
  expect(exitCode).toBe(1)
  expect(text).toContain('.:1:1: there is no such folder')
})

test('no kind of problem hides another: syntax, schema, references, sense, in every file at once', async () => {
  await writeFile(
    join(dir, 'davy.yaml'),
    'listen: { prot: 1, host: 0.0.0.0 }\nsources:\n  - { adapter: pcl }\n  - { adapter: plc, host: h, site: mien }\n',
  )
  await writeFile(join(dir, 'sites/broken.yaml'), 'site: broken\nareas: [\n')
  await writeFile(
    join(dir, 'sites/headless.yaml'),
    'site: headless\nkind: coal-mien\ntimezone: Asia/Shangai\nareas: [{ id: a, in: b }]\npoints: [{ id: p, kind: smoke, area: nowhere }]\n',
  )
  await writeFile(join(dir, 'sites/people.csv'), 'person,card,expires\np-1,7,2027-02-30\np-2,7,\np-3,8,\np-4,8,\n')
  await writeFile(
    join(dir, 'rules/headless.yaml'),
    'regulation: { id: headless, levle: city }\nrules:\n  - { id: x, rule: crowd, limit: -1 }\n',
  )
  const { lines } = await run({
    site: [
      'site: mine',
      'areas:',
      '  - { id: one, in: two }',
      '  - { id: two, in: one }',
      '  - { id: shut, kind: restricted, allow: [p-1, p-9] }',
      '  - { id: bent, kidn: x, kind: 5 }',
      'points:',
      '  - { id: gas, kind: gas.ch4, area: three, silentAfter: -5s }',
      '  - { id: gas-2, kind: gas.ch4, area: bent, range: [0, 10] }',
      '  - { id: gas-3, kind: gas.ch4, area: tow }',
      '  - { id: gas-3, kind: gas.ch4, id: gas-4, range: [0, 10] }',
      'people: people.csv',
    ].join('\n'),
    rules: [
      '  - { id: gas, rule: limit, levels: [{ name: low, high: -1 }, { name: far, high: 12 }] }',
      '  - { id: gas, rule: slient, severity: mayor }',
      '  - { id: crew, rule: crowd, match: { kind: coal-face }, limit: -3, within: -2m }',
      '',
    ].join('\n'),
  })
  expect(lines.map((line) => line.replace(/: YAML: .*/, ': YAML'))).toEqual([
    'davy.yaml:1:11: unknown key "prot"; did you mean "port"?',
    'davy.yaml:1:26: 0.0.0.0 is reached from other machines: give `tls`, or say `insecure: true` where that network is trusted',
    'davy.yaml:3:16: unknown adapter "pcl"; did you mean "plc"?',
    'davy.yaml:4:36: unknown site "mien"; did you mean "mine"?',
    'rules/headless.yaml:1:29: unknown key "levle"; did you mean "level"?',
    'rules/headless.yaml:3:34: must be at least 0, found -1',
    'rules/pack.yaml:3:5: warning: rule "gas": level "far" (12) is never reached: the range of "gas-4" is 0 to 10',
    'rules/pack.yaml:3:5: rule "gas": level "low" is below zero (-1), which gas.ch4 of "gas-4" never is',
    'rules/pack.yaml:4:11: rule "gas" is already declared at rules/pack.yaml:3',
    'rules/pack.yaml:4:22: unknown rule "slient"; did you mean "silent"?',
    'rules/pack.yaml:4:40: expected one of critical, major, minor, notice, found "mayor"; did you mean "major"?',
    'rules/pack.yaml:5:65: must be at least 0, found -3',
    'rules/pack.yaml:5:77: expected a duration such as 90s, 10m or 8h, found "-2m"',
    'sites/broken.yaml:3:1: YAML',
    'sites/headless.yaml:2:7: expected one of coal-mine, metal-mine, chemical-plant, construction, works, found "coal-mien"; did you mean "coal-mine"?',
    'sites/headless.yaml:3:11: unknown time zone "Asia/Shangai"; use an IANA name such as Asia/Shanghai',
    'sites/headless.yaml:4:22: unknown area "b"',
    'sites/headless.yaml:5:38: unknown area "nowhere"',
    'sites/mine.yaml:4:20: an area cannot lie in itself: two in one in two',
    'sites/mine.yaml:5:48: unknown person "p-9"; did you mean "p-2"?',
    'sites/mine.yaml:6:17: unknown key "kidn"; did you mean "kind"?',
    'sites/mine.yaml:6:32: expected text, found the number 5; write it in quotes',
    'sites/mine.yaml:8:37: unknown area "three"',
    'sites/mine.yaml:8:57: expected a duration such as 90s, 10m or 8h, or never, found "-5s"',
    'sites/mine.yaml:10:39: unknown area "tow"; did you mean "two"?',
    'sites/mine.yaml:11:33: YAML',
    'sites/people.csv:2:1: expires must be a day such as 2027-03-31, found "2027-02-30"',
    'sites/people.csv:3:1: card "7" is held by two persons: "p-1" on line 2 and "p-2" on line 3',
    'sites/people.csv:5:1: card "8" is held by two persons: "p-3" on line 4 and "p-4" on line 5',
    '1 site, 1 point, 1 rule: 28 errors, 1 warning',
  ])
})
