/** Shifts and areas that are declared anew while the mine works: what holds there now is judged at once, though nobody moves and nothing is measured. */
import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import type { NewEntry } from '../model/entry.ts'
import { parseInstant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!

const CREW = { rule: 'over-crew', limit: 0, match: { kind: 'coal-face' }, raiseAfter: '0s', clearAfter: '0s' }

function mineOf(work: string, kind = 'coal-face') {
  return inlineInstallation({
    file: 'mine',
    known: RULES,
    site: {
      timezone: 'Asia/Shanghai',
      shifts: [{ id: 'day', from: '06:00', to: '06:00', work }],
      areas: [
        { id: 'face', kind },
        { id: 'face-2', kind: 'coal-face' },
        { id: 'road', kind: 'roadway' },
      ],
      points: [
        { id: 'r-1', kind: 'card.reader', area: 'face' },
        { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face' },
        { id: 'cam', kind: 'device.state', area: 'face', device: 'camera' },
        { id: 'cam-road', kind: 'device.state', area: 'road', device: 'camera' },
      ],
    },
    rules: [
      { ...CREW, id: 'crew', work: 'production' },
      { ...CREW, id: 'roadway', match: { kind: 'roadway' } },
      { id: 'eyes', rule: 'unmonitored', match: { kind: 'roadway' }, require: ['camera'], raiseAfter: '0s' },
      {
        id: 'gas',
        rule: 'limit',
        work: 'production',
        match: { areaKind: 'coal-face' },
        levels: [{ name: 'high', high: 1 }],
      },
    ],
  })
}

/** Works in maintenance, then as told, each from a snapshot, as a reload and a restart do. */
function play(works: readonly (readonly [work: string, kind?: string])[]): readonly string[] {
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
  for (const [i, declared] of works.entries()) {
    const installation = mineOf(...declared)
    const at = NOW + (i + 1) * 10 * SECOND
    fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
    apply({ type: 'config', at, hash: installation.hash })
    apply({ type: 'tick', at: at + SECOND })
  }
  return told
}

test('a shift that becomes one of production is judged as such', () => {
  const told = play([['maintenance'], ['production'], ['production']])
  expect(told.map((one) => one.replace(/^\d+ /, '')).sort()).toEqual([
    'raised mine/crew/face',
    'raised mine/gas/ch4:high',
  ])
})

test('a shift that becomes one of maintenance ends what held in production only', () => {
  const told = play([['production'], ['maintenance'], ['maintenance']])
  expect(told.filter((one) => one.includes('cleared'))).toHaveLength(2)
  expect(told).toHaveLength(4)
})

test('an area that becomes of another kind is judged by what holds of that, and no longer by what held of the other', () => {
  const told = play([['production'], ['production', 'roadway'], ['production', 'roadway']])
  expect(told.map((one) => one.replace(/^\d+ /, '')).sort()).toEqual([
    'cleared mine/crew/face',
    'cleared mine/gas/ch4:high',
    'raised mine/crew/face',
    'raised mine/eyes/face',
    'raised mine/gas/ch4:high',
    'raised mine/roadway/face',
  ])
  const back = play([
    ['maintenance', 'roadway'],
    ['maintenance', 'coal-face'],
  ])
  expect(back.filter((one) => one.includes('roadway')).map((one) => one.replace(/^\d+ /, ''))).toEqual([
    'raised mine/roadway/face',
    'cleared mine/roadway/face',
  ])
})

test('who is in a place that is restricted only now is told at once, and who may be there now no longer', () => {
  const told: string[] = []
  const mineWith = (kind: string, allow: readonly string[]) =>
    inlineInstallation({
      file: 'mine',
      known: RULES,
      site: {
        areas: [
          { id: 'goaf', kind, allow },
          { id: 'other', kind: 'restricted' },
        ],
        points: [{ id: 'r-1', kind: 'card.reader', area: 'goaf' }],
      },
      people: 'person,card,name\np-1,c-1,A\n',
      rules: [{ id: 'zone', rule: 'restricted' }],
    })
  let fold = createFold({ installation: mineWith('roadway', []), rules: RULES })
  let offset = 0
  function apply(entry: NewEntry): void {
    const into: Transition[] = []
    fold.apply({ ...entry, offset: ++offset }, into)
    for (const { cause, alarm } of into) told.push(`${cause} ${alarm}`)
  }
  const point = { siteId: 'mine', id: 'r-1' }
  apply({ type: 'reading', at: NOW, reading: { point, ts: NOW, value: { card: 'c-1' }, quality: 'good' } })
  const steps = [
    mineWith('restricted', []),
    mineWith('restricted', ['p-1']),
    mineWith('restricted', []),
    mineWith('road', []),
  ]
  for (const [i, installation] of steps.entries()) {
    const at = NOW + (i + 1) * 10 * SECOND
    fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
    apply({ type: 'config', at, hash: installation.hash })
    apply({ type: 'tick', at: at + SECOND })
  }
  const alarm = 'mine/zone/p-1@goaf'
  expect(told).toEqual([`raised ${alarm}`, `cleared ${alarm}`, `raised ${alarm}`, `cleared ${alarm}`])
})
