import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Variable } from './browse.ts'
import { guessKind, propose } from './propose.ts'

const variable = (path: string, more: Partial<Variable> = {}): Variable => ({
  node: `nsu=urn:x;s=${path}`,
  path: path.split('/'),
  shape: 'number',
  array: false,
  ...more,
})

test.each([
  ['Face101/CH4_T1', { unit: '%' }, 'gas.ch4'],
  ['Tank3/Level', { unit: 'm' }, 'tank.level'],
  ['Tank3/Temperature', { unit: '°C' }, 'tank.temperature'],
  ['Roadway/Temp', {}, 'env.temperature'],
  ['Hoist/ActivePower', { unit: 'kW' }, 'power.active'],
  ['Hoist/Energy', { unit: 'kWh' }, 'power.energy'],
  ['Fans/Main/Running', { shape: 'boolean' }, 'fan.running'],
  ['采区/一氧化碳', {}, 'gas.co'],
  ['Gas/CO', { unit: 'ppm' }, 'gas.co'],
  ['Gas/CO2', { unit: '%' }, 'gas.co2'],
  ['Control/Setpoint', {}, undefined],
  ['Conveyor/Names', { shape: 'string' }, undefined],
  ['Tank3/Levels', { array: true }, undefined],
] as const)('%s is %s', (path, more, kind) => {
  expect(guessKind(variable(path, more))).toBe(kind)
})

test('what is proposed can be read back; what could not be guessed waits in comments', () => {
  const found = {
    variables: [
      variable('Plant/Tank 3/Level', { unit: 'm', range: [0, 12], description: '3 号罐液位: "主"' }),
      variable('Plant/Tank 3/Level'),
      variable('Plant/Setpoint'),
      variable('Plant/Structure', { shape: undefined } as never),
    ],
    more: false,
  }
  const login = { endpoint: 'opc.tcp://10.0.0.1:4840', security: 'Basic256Sha256', user: 'davy' } as const
  const { site, source, points, leftOut } = propose(found, { site: 'plant', login })
  expect(parse(site)).toMatchObject({
    site: 'plant',
    points: [
      { id: 'plant/tank-3/level', kind: 'tank.level', unit: 'm', range: [0, 12], name: '3 号罐液位: "主"' },
      { id: 'plant/tank-3/level-2', kind: 'tank.level' },
    ],
  })
  expect(site).toContain('# - { id: plant/setpoint, kind: "?" }')
  expect(parse(source).sources[0]).toMatchObject({
    adapter: 'opcua',
    security: 'Basic256Sha256',
    passwordFile: 'opcua.password',
    items: [{ node: 'nsu=urn:x;s=Plant/Tank 3/Level', point: 'plant/tank-3/level' }, { point: 'plant/tank-3/level-2' }],
  })
  expect({ points, leftOut }).toEqual({ points: 2, leftOut: 2 })
})
