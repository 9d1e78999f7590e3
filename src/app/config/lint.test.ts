import { expect, test } from 'vitest'
import { loadFiles } from './fixture.ts'

const SITE = `areas:
  - { id: face, kind: coal-face, seam: ji-16 }
  - { id: face-return, kind: airway, in: face }
  - { id: goaf, kind: restricted }
points:
  - { id: gas, kind: gas.ch4, area: face, place: T1 }
  - { id: airway-gas, kind: gas.ch4, area: face-return, place: T2 }
  - { id: reader, kind: card.reader, area: face }
`
const pack = (name: string, rules: string) => ({
  [`rules/${name}.yaml`]: `regulation: { id: ${name} }\nrules:\n${rules}`,
})
const CALM = `  - { id: gas, rule: limit, levels: [{ name: cut, high: 1.5 }] }\n  - { id: crowd, rule: crowd, limit: 5 }\n`

async function said(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await loadFiles({ 'sites/mine.yaml': SITE, ...files })).lines
}

test('nothing to say of a configuration that is well', async () => {
  expect(await said(pack('p', CALM))).toEqual([])
})

test('a rule that matches nothing says which attribute is nowhere, and what was meant', async () => {
  expect(
    await said(
      pack(
        'p',
        `${CALM}  - { id: a, rule: crowd, limit: 1, match: { kind: coal-fase } }
  - { id: b, rule: limit, match: { palce: T1 }, levels: [{ name: x, high: 1 }] }
  - { id: c, rule: limit, match: { place: [T8, T9] }, levels: [{ name: x, high: 1 }] }
  - { id: d, rule: crowd, limit: 1, match: { kind: airway, seam: ji-16 } }
`,
      ),
    ),
  ).toEqual([
    'warning rules/p.yaml:5:5: rule "a" matches no area: nothing has kind "coal-fase"; did you mean "coal-face"?',
    'warning rules/p.yaml:6:5: rule "b" matches no point: nothing has "palce"; did you mean "place"?',
    'warning rules/p.yaml:7:5: rule "c" matches no point: nothing has place "T8"',
    'warning rules/p.yaml:8:5: rule "d" matches no area',
  ])
})

test('one value of a list that is nowhere is worth a word, too', async () => {
  const item = '  - { id: a, rule: crowd, limit: 1, match: { kind: [coal-face, resticted] } }\n'
  expect(await said(pack('p', CALM + item))).toEqual([
    'warning rules/p.yaml:5:5: rule "a": nothing has kind "resticted"; did you mean "restricted"?',
  ])
})

test('points that no rule watches; silence is only watched where it is expected', async () => {
  expect(await said(pack('p', '  - { id: quiet, rule: silent }\n'))).toEqual([
    'warning sites/mine.yaml:8:5: no rule watches point "reader"',
  ])
})

test('a kind that no rule there is could watch is not complained of', async () => {
  const site = `${SITE}  - { id: chip, kind: weld.session, area: face }\n  - { id: gate, kind: gate }\n`
  expect(await said({ 'sites/mine.yaml': site, ...pack('p', CALM) })).toEqual([])
  const quiet = '  - { id: quiet, rule: silent }\n'
  expect(await said({ 'sites/mine.yaml': site, ...pack('p', quiet) })).toEqual([
    'warning sites/mine.yaml:8:5: no rule watches point "reader"',
    'warning sites/mine.yaml:10:5: no rule watches point "gate"',
  ])
})

test('an area where people work without what a rule requires of it', async () => {
  const item = '  - { id: eyes, rule: unmonitored, match: { kind: [coal-face, restricted] } }\n'
  expect(await said(pack('p', CALM + item))).toEqual([
    'warning sites/mine.yaml:2:5: area "face" has no camera, which rule "eyes" requires where people work',
  ])
  const camera = `${SITE}  - { id: c, kind: device.state, area: face, device: camera }\n`
  const elsewhere = camera.replace('area: face, device', 'area: face-return, device')
  expect(await said({ 'sites/mine.yaml': elsewhere, ...pack('p', CALM + item) })).toHaveLength(1)
  expect(await said({ 'sites/mine.yaml': camera, ...pack('p', CALM + item) })).toEqual([])
})

test('an area where nobody is seen but a machine works, without what a rule requires of it', async () => {
  const item = '  - { id: eyes, rule: unmonitored, require: [camera], match: { kind: restricted } }\n'
  const site = `${SITE}  - { id: belt, kind: belt.rate, area: goaf }\n`
  expect(await said({ 'sites/mine.yaml': site, ...pack('p', CALM + item) })).toEqual([
    'warning sites/mine.yaml:4:5: area "goaf" has no camera, which rule "eyes" requires where people work',
  ])
})

test('a limit looser than the same one of another regulation is refused without a reason', async () => {
  const items = (limit: number, high: number, low: number) =>
    `  - { id: LIMITcrowd, rule: crowd, limit: ${limit}, match: { kind: coal-face } }
  - { id: LIMITgas, rule: limit, match: { place: T1 }, levels: [{ name: cut, high: ${high} }, { name: low, low: ${low} }] }
`
  const one = items(25, 1.5, 0.5).replaceAll('LIMIT', 'a-')
  const other = items(30, 1, 0.25).replaceAll('LIMIT', 'b-')
  const lines = await said({ ...pack('one', one), ...pack('two', other) })
  expect(lines.filter((line) => line.includes('looser'))).toEqual([
    'error rules/one.yaml:4:5: level "cut": high 1.5 is looser than 1 of "b-gas" (rules/two.yaml:4), which applies as well: say why, as `reason`, or override it',
    'error rules/two.yaml:3:5: limit 30 is looser than 25 of "a-crowd" (rules/one.yaml:3), which applies as well: say why, as `reason`, or override it',
    'error rules/two.yaml:4:5: level "low": low 0.25 is looser than 0.5 of "a-gas" (rules/one.yaml:4), which applies as well: say why, as `reason`, or override it',
  ])
})

test('what only follows from errors is not said', async () => {
  expect(await said(pack('p', '  - { id: a, rule: crwod }\n'))).toEqual([
    'error rules/p.yaml:3:20: unknown rule "crwod"; did you mean "crowd"?',
  ])
})

test('one item that holds two kinds of gas in two units to the same numbers is told apart from one that does not', async () => {
  const both = SITE.replace('points:', 'points:\n  - { id: co, kind: gas.co, unit: ppm, area: face }').replace(
    '{ id: gas, kind: gas.ch4,',
    '{ id: gas, kind: gas.ch4, unit: "%",',
  )
  const crowd = '  - { id: crowd, rule: crowd, limit: 5 }\n'
  const warned = async (match: string) => {
    const item = `  - { id: gas, rule: limit, ${match}levels: [{ name: cut, high: 1.5 }] }\n`
    return (await loadFiles({ 'sites/mine.yaml': both, ...pack('p', item + crowd) })).lines
  }
  expect((await warned('')).join()).toMatch(/gas\.co of "co" in ppm .* to the same numbers: .*match: \{ kind: gas/)
  expect((await warned('match: { kind: gas.ch4 }, ')).join()).not.toMatch(/same numbers/)
})
