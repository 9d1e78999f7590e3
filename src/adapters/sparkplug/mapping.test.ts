import { expect, test } from 'vitest'
import { inlineInstallation } from '../../app/cases/inline.ts'
import { RULES } from '../../rules/index.ts'
import { SparkplugHost } from './host.ts'
import { encodePayload, type NewMetric } from './payload.ts'
import { SPARKPLUG, type SparkplugSettings } from './settings.ts'

const defaults = Object.fromEntries(
  Object.entries(SPARKPLUG).map(([key, schema]) => [key, (schema as unknown as { default: unknown }).default]),
) as SparkplugSettings

function house(points: readonly object[]) {
  return inlineInstallation({ file: 'mine', known: RULES, site: { points }, rules: [] }).sites
}

/** A host over a mine; `born` tells a node and a device of it, and returns what came of the device's metrics, as `point value`. */
function start(points: readonly object[], settings: Partial<SparkplugSettings> = {}) {
  const logged: string[] = []
  const config = { sites: house(points) }
  const host = new SparkplugHost({
    settings: { ...defaults, groups: { 'Plant A': 'mine' }, ...settings },
    now: () => 1_000_000,
    sites: () => config.sites,
    command() {},
    log: (_level, message) => logged.push(message),
  })
  const send = (topic: string, payload: Parameters<typeof encodePayload>[0]) =>
    host
      .take({ topic: `spBv1.0/Plant A/${topic}`, payload: encodePayload(payload), settle() {} })
      .flatMap(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as { point: string; value: unknown }[])
      .map(({ point, value }) => `${point} ${value}`)
  const born = (metrics: readonly NewMetric[], device: string | null = 'gas-3') => {
    const node = send('NBIRTH/edge-1', { seq: 0, metrics: device === null ? metrics : [] })
    return device === null ? node : send(`DBIRTH/edge-1/${device}`, { seq: 1, metrics })
  }
  return { send, born, logged, config }
}

const at = { group: 'Plant A', edge: 'edge-1' }
const metric = (name: string, value = 1): NewMetric => ({ name, type: 'Double', value })

test('a point may say which metric it is: of a device, or of the node itself, whatever either is called', () => {
  const { born, send } = start([
    { id: 'face/ch4', kind: 'gas.ch4', sparkplug: { ...at, device: 'gas-3', metric: 'AI/01 浓度' } },
    { id: 'cabinet/temperature', kind: 'env.temperature', sparkplug: { ...at, metric: 'Properties/Temperature' } },
    { id: 'plain', kind: 'gas.co' },
  ])
  expect(born([metric('AI/01 浓度'), metric('plain', 2)])).toEqual(['face/ch4 1', 'plain 2'])
  // Also one whose name begins as those do that are no readings.
  expect(born([metric('Properties/Temperature', 40), metric('Properties/Serial', 5)], null)).toEqual([
    'cabinet/temperature 40',
  ])
  expect(send('DDEATH/edge-1/gas-3', { seq: 1, metrics: [] }).sort()).toEqual(['face/ch4 null', 'plain null'])
})

test('such a point is no other metric, though it be called like it; the other is refused under its whole name', () => {
  const { born } = start([
    { id: 'face/ch4', kind: 'gas.ch4', sparkplug: { ...at, device: 'gas-3', metric: 'CH4' } },
    { id: 'CH4', kind: 'gas.ch4', sparkplug: { ...at, device: 'gas-4', metric: 'CH4' } },
  ])
  expect(born([metric('CH4', 3), metric('face/ch4', 9)])).toEqual(['face/ch4 3', 'Plant A/edge-1/gas-3/face/ch4 9'])
  expect(born([metric('CH4', 4)], 'gas-4')).toEqual(['CH4 4'])
  expect(born([metric('CH4', 5)], 'gas-5')).toEqual(['Plant A/edge-1/gas-5/CH4 5'])
})

test('a reload changes which point a metric is from the next message on', () => {
  const { born, send, config } = start([{ id: 'old', kind: 'gas.ch4', sparkplug: { ...at, device: 'd', metric: 'm' } }])
  expect(born([metric('m')], 'd')).toEqual(['old 1'])
  config.sites = house([{ id: 'new', kind: 'gas.ch4', sparkplug: { ...at, device: 'd', metric: 'm' } }])
  expect(send('DDATA/edge-1/d', { seq: 2, metrics: [metric('m', 2)] })).toEqual(['new 2'])
})

test('a unit that a birth tells otherwise than the point is said once; no value, and a passing one, are readings', () => {
  const { born, send, logged } = start([
    { id: 'a', kind: 'gas.ch4', unit: '%' },
    { id: 'b', kind: 'gas.co', unit: 'ppm' },
    { id: 'c', kind: 'gas.o2' },
  ])
  const metrics: NewMetric[] = [
    { name: 'a', type: 'Double', value: 5_000, unit: 'ppm', transient: true },
    { name: 'b', type: 'Double', value: null, unit: ' ppm' },
    { name: 'c', type: 'Double', value: 20, unit: '%' },
  ]
  expect(born(metrics)).toEqual(['a 5000', 'b null', 'c 20'])
  expect(logged).toEqual(['Sparkplug: units differ: a is declared in % and born in "ppm"'])
  born(metrics)
  expect(send('DDATA/edge-1/gas-3', { seq: 2, metrics: [{ name: 'a', type: 'Double', value: 6_000 }] })).toEqual([
    'a 6000',
  ])
  expect(logged).toHaveLength(1)
})
