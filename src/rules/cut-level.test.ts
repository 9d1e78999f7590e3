import { expect, test } from 'vitest'
import { inlineInstallation } from '../app/cases/inline.ts'
import { cutLevels, isCut, isRestored } from './cut-level.ts'
import { RULES } from './index.ts'

const installation = inlineInstallation({
  file: 'cut',
  known: RULES,
  site: {
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 't0', kind: 'gas.ch4', area: 'face', place: 'T0' },
      { id: 'o2', kind: 'gas.o2', area: 'face' },
      { id: 'main', kind: 'gas.ch4', place: 'main' },
    ],
  },
  rules: [
    {
      id: 'ch4/t0',
      rule: 'limit',
      match: { kind: 'gas.ch4', place: 'T0' },
      levels: [
        { name: 'warning', high: 1 },
        { name: 'cut', high: 1.5, clear: 1 },
      ],
    },
    {
      id: 'ch4/strict',
      rule: 'limit',
      match: { areaKind: 'coal-face', kind: 'gas.ch4' },
      levels: [{ name: 'cut', high: 1 }],
    },
    { id: 'ch4/main', rule: 'limit', match: { place: 'main' }, levels: [{ name: 'warning', high: 0.75 }] },
    { id: 'o2', rule: 'limit', match: { kind: 'gas.o2' }, levels: [{ name: 'cut', low: 18, clear: 19 }] },
  ],
})
const [site] = [...installation.sites.values()]
const levels = cutLevels([...site!.points.values()], { site: site!, instances: installation.rules })
const of = (id: string) => levels.get(site!.points.get(id)!) ?? []

test('a point has the cut levels of every item that watches it, and a warning is none', () => {
  expect(of('t0').map(({ item, bound, clear }) => [item, bound, clear])).toEqual([
    ['ch4/t0', 1.5, 1],
    ['ch4/strict', 1, 1],
  ])
  expect(of('main')).toEqual([])
})

test('the bound itself is a cut; power returns beyond the clear value only', () => {
  const [high] = of('t0')
  expect([1.49, 1.5, 1.6].map((value) => isCut(high!, value))).toEqual([false, true, true])
  expect([0.99, 1].map((value) => isRestored(high!, value))).toEqual([true, false])
  const [low] = of('o2')
  expect([18.1, 18, 17].map((value) => isCut(low!, value))).toEqual([false, true, true])
  expect([19.1, 19].map((value) => isRestored(low!, value))).toEqual([true, false])
})
