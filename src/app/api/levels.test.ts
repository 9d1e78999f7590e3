import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfiguration } from '../configuration.ts'
import { levelsOf } from './levels.ts'

const EXAMPLE = fileURLToPath(new URL('../../../config', import.meta.url))

test('a point carries the levels of the rules that match it, and no others', async () => {
  const { installation } = await loadConfiguration(EXAMPLE, { warn: () => {} })
  const mine = installation.sites.get('baoyuan')!
  const levels = levelsOf(installation, mine)
  expect(levels.get('face-101/ch4-t1')).toEqual([
    { name: 'warning', title: { zh: '报警', en: 'alarm level' }, severity: 'major', high: 1 },
    { name: 'cut', title: { zh: '断电', en: 'power-cut level' }, severity: 'critical', high: 1.5 },
  ])
  expect(levels.get('face-101/wind')).toEqual([
    { name: 'too-low', title: { zh: '过低', en: 'too low' }, severity: 'major', low: 0.25 },
    { name: 'too-high', title: { zh: '过高', en: 'too high' }, severity: 'minor', high: 4 },
  ])
  expect(levels.has('gates/wellhead')).toBe(false)
  expect(levelsOf(installation, mine)).toBe(levels)
})
