import { expect, test } from 'vitest'
import { factorOf, scale } from './unit.ts'

test.each([
  ['%', '％', 1],
  ['%CH4', '%', 1],
  ['mg/m³', 'mg/m3', 1],
  ['℃', '°C', 1],
  ['', 'ppm', 1],
  ['ppm', '', 1],
  ['%', 'ppm', 10_000],
  ['PPM', '% vol', 0.0001],
  ['%LEL', '%', undefined],
  ['mg/m3', 'ppm', undefined],
  ['MPa', 'kPa', undefined],
  ['Mpa', 'MPa', 1],
  ['KW', 'kW', 1],
  ['MG/M3', 'mg/m3', 1],
  ['mW', 'MW', undefined],
  ['mPa', 'MPa', undefined],
])('from %j to %j: %s', (from, to, factor) => {
  expect(factorOf({ from, to })).toBe(factor)
})

test('a converted number is as short as it was', () => {
  expect(scale(0.0024, 10_000)).toBe(24)
  expect(scale(65_535, 1 / 10_000)).toBe(6.5535)
})
