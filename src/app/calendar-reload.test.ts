/** Shifts that are declared anew while the mine works: what holds in them is judged at once, though nobody moves and nothing is measured. */
import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import type { NewEntry } from '../model/entry.ts'
import { parseInstant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!

function mineOf(work: string) {
  return inlineInstallation({
    file: 'mine',
    known: RULES,
    site: {
      timezone: 'Asia/Shanghai',
      shifts: [{ id: 'day', from: '06:00', to: '06:00', work }],
      areas: [{ id: 'face', kind: 'coal-face' }],
      points: [
        { id: 'r-1', kind: 'card.reader', area: 'face' },
        { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face' },
      ],
    },
    rules: [
      { id: 'crew', rule: 'over-crew', limit: 0, work: 'production', raiseAfter: '0s', clearAfter: '0s' },
      { id: 'gas', rule: 'limit', work: 'production', levels: [{ name: 'high', high: 1 }] },
    ],
  })
}

/** Works in maintenance, then as told, each from a snapshot, as a reload and a restart do. */
function play(works: readonly string[]): readonly string[] {
  let fold = createFold({ installation: mineOf('maintenance'), rules: RULES })
  let offset = 0
  const told: string[] = []
  function apply(entry: NewEntry): void {
    const into: Transition[] = []
    fold.apply({ ...entry, offset: ++offset }, into)
    for (const { cause, alarm, at } of into) told.push(`${(at - NOW) / SECOND} ${cause} ${alarm}`)
  }
  const read = (id: string, value: number | { card: string }) =>
    apply({
      type: 'reading',
      at: NOW,
      reading: { point: { siteId: 'mine', id }, ts: NOW, value, quality: 'good' },
    })
  read('r-1', { card: 'c-1' })
  read('ch4', 1.2)
  apply({ type: 'tick', at: NOW + SECOND })
  for (const [i, work] of works.entries()) {
    const installation = mineOf(work)
    const at = NOW + (i + 1) * 10 * SECOND
    fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
    apply({ type: 'config', at, hash: installation.hash })
    apply({ type: 'tick', at: at + SECOND })
  }
  return told.sort()
}

test('a shift that becomes one of production is judged as such', () => {
  const told = play(['maintenance', 'production', 'production'])
  expect(told.map((one) => one.replace(/^\d+ /, ''))).toEqual(['raised mine/crew/face', 'raised mine/gas/ch4:high'])
})

test('a shift that becomes one of maintenance ends what held in production only', () => {
  const told = play(['production', 'maintenance', 'maintenance'])
  expect(told.filter((one) => one.includes('cleared'))).toHaveLength(2)
  expect(told).toHaveLength(4)
})
