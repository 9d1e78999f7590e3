/** Devices that another configuration took out of an area, or put into another one. */
import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import type { Value } from '../model/reading.ts'
import { parseInstant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const camera = (area: string) => ({ id: 'camera', kind: 'device.state', area, device: 'camera' })
const REST = [
  { id: 'belt', kind: 'belt.rate', area: 'face' },
  { id: 'gas', kind: 'gas.ch4', area: 'head', silentAfter: '1h' },
]

function mineWith(...points: readonly object[]) {
  const areas = [
    { id: 'face', kind: 'coal-face' },
    { id: 'head', kind: 'heading-face' },
  ]
  const rules = [{ id: 'eyes', rule: 'unmonitored', raiseAfter: '0s' }]
  return inlineInstallation({ file: 'mine', known: RULES, site: { areas, points: [...REST, ...points] }, rules })
}

test.each([
  ['is taken out', []],
  ['hangs elsewhere', [camera('head')]],
  ['hangs elsewhere, and another one here', [camera('head'), { ...camera('face'), id: 'camera-2' }]],
])('a camera that %s leaves no alarm of where it was standing for ever', (_, points) => {
  let offset = 0
  const told: Transition[] = []
  let fold = createFold({ installation: mineWith(camera('face')), rules: RULES })
  const read = (second: number, id: string, value: Value) => {
    const at = NOW + second * SECOND
    const reading = { point: { siteId: 'mine', id }, ts: at, value, quality: 'good' } as const
    fold.apply({ type: 'reading', at, reading, offset: ++offset }, told)
    fold.apply({ type: 'tick', at, offset: ++offset }, told)
  }
  read(0, 'camera', 'online')
  read(1, 'belt', 100)
  read(2, 'camera', 'offline')
  expect(told.map(({ cause, key }) => `${cause} ${key}`)).toEqual(['raised face'])
  const installation = mineWith(...points)
  fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
  fold.apply({ type: 'config', at: NOW + 3 * SECOND, hash: installation.hash, offset: ++offset }, told)
  read(4, 'camera', 'online')
  read(5, 'camera-2', 'online')
  read(60, 'belt', 100)
  read(120, 'belt', 100)
  expect(fold.desk.find('mine/eyes/face')?.state).toBe('rtn-unacked')
})
