import { expect, test } from 'vitest'
import { ADAPTERS } from '../../adapters/index.ts'
import { loadFiles } from './fixture.ts'

const point = (id: string, sparkplug: string) => `  - { id: ${id}, kind: gas.ch4, sparkplug: ${sparkplug} }`
async function errors(points: readonly string[], davy?: string) {
  const site = `points:\n${points.join('\n')}\n`
  const { lines } = await loadFiles(
    { 'sites/mine.yaml': site, ...(davy !== undefined && { 'davy.yaml': davy }) },
    { adapters: ADAPTERS },
  )
  return lines.filter((line) => line.startsWith('error')).map((line) => line.replace('error ', ''))
}
const GROUPS = 'mqtt: { sparkplug: { groups: { Plant A: mine } } }'
const A = '{ group: Plant A, edge: e1, device: d, metric: m/1 }'

test('a metric is one point’s', async () => {
  expect(await errors([point('a', A)], GROUPS)).toEqual([])
  expect(await errors([point('a', A), point('b', A)], GROUPS)).toEqual([
    'sites/mine.yaml:3:5: metric "Plant A/e1/d/m/1" is point "a" already, at sites/mine.yaml:2',
  ])
  // A device `d` with a metric `m`, and a metric `d/m` of the node, are two.
  const device = '{ group: mine, edge: e, device: d, metric: m }'
  expect(await errors([point('a', device), point('b', '{ group: mine, edge: e, metric: d/m }')])).toEqual([])
})

test('its group is of the point’s site, in one of those who carry Sparkplug', async () => {
  expect(await errors([point('a', A)])).toEqual([
    'sites/mine.yaml:2:5: Sparkplug group "Plant A" is of site "Plant A", and the point is of "mine": name it in `groups` of `sparkplug`',
  ])
  expect(await errors([point('a', A)], 'mqtt: { enabled: false }')).toEqual([
    'sites/mine.yaml:2:5: nobody carries Sparkplug: enable `mqtt`, or give an mqtt-client its `sparkplug`',
  ])
  // What is broken itself is not held against the points.
  expect(await errors([point('a', A)], 'mqtt: { sparkplug: { grups: {} } }')).toEqual([
    expect.stringMatching(/^davy.yaml:1:.*grups/),
  ])
})

test('the settings do not say otherwise', async () => {
  const davy = 'mqtt: { sparkplug: { groups: { Plant A: mine }, points: { Plant A/e1/d/m/1: b } } }'
  expect(await errors([point('a', A), '  - { id: b, kind: gas.ch4 }'], davy)).toEqual([
    'sites/mine.yaml:2:5: metric "Plant A/e1/d/m/1" is point "b" by `points` of `mqtt`: say it in one place',
  ])
})

test('a point that says which metric it is is no other by the settings', async () => {
  const davy = 'mqtt: { sparkplug: { groups: { Plant A: mine }, points: { Plant A/e1/x: a } } }'
  expect(await errors([point('a', A)], davy)).toEqual([
    'sites/mine.yaml:2:5: metric "Plant A/e1/x" is point "a" by `points` of `mqtt`, and the point says it is "Plant A/e1/d/m/1": say it in one place',
  ])
})

test.each([
  ['mine/e/m: a', []],
  ['Plant A/e/d/m/1: a', []],
  ['mine/e/m: b', ['unknown point "b" of site "mine"']],
  ['Plant B/e/m: a', ['Sparkplug group "Plant B" is no site: name it in `groups`']],
  ['mine/m: a', ['a metric is named as group/edge/device/metric, or group/edge/metric of the node itself']],
  // Whose site is not there has been told where it was named.
  ['Lost/e/m: a', []],
])('`points` of the settings name metrics, and points that are there: %s', async (named, problems) => {
  const sparkplug = `{ groups: { Plant A: mine, Lost: lost }, points: { ${named} } }`
  const lost = (line: string) => line.includes('unknown site "lost"')
  const told = async (davy: string) =>
    (await errors(['  - { id: a, kind: gas.ch4 }'], davy))
      .filter((line) => !lost(line))
      .map((line) => line.split(': ').slice(1).join(': '))
  expect(await told(`mqtt: { sparkplug: ${sparkplug} }`)).toEqual(problems)
  const client = `sources: [{ adapter: mqtt-client, url: "mqtt://h", sparkplug: ${sparkplug} }]`
  expect(await told(client)).toEqual(problems)
})

test('its form is checked', async () => {
  expect(await errors([point('a', '{ group: a/b, edge: e, metric: m }')])).toEqual([
    expect.stringMatching(/^sites\/mine.yaml:2:\d+: .*a name without \/ \+ #/),
  ])
  expect(await errors([point('a', '{ group: mine, edge: e }')])).toEqual([expect.stringContaining('metric')])
  expect(await errors([point('a', '{ group: mine, edge: e, metric: m, devise: d }')])).toEqual([
    expect.stringContaining('devise'),
  ])
})
