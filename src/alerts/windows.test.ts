/** A declared window keeps back what the work brings about, and nothing else. */
import { expect, test } from 'vitest'
import { deskOver } from './desk.fixture.ts'

const rules = [
  { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'high', high: 1 }] },
  { id: 'crew', rule: 'over-crew', limit: 5 },
]
const suppress = [{ id: 's', while: { rule: 'gas' }, alarms: { rule: 'crew' }, same: 'area' }]
const NOW = { raiseAfter: 0, clearAfter: 0 }

test('a cause that nobody is told of within a window keeps nothing from people', () => {
  const mine = deskOver({ rules, suppress })
  const window = { command: 'calibrate', window: 'w', site: 'mine', points: ['t1'], witness: 'li' } as const
  mine.say(0, 'gas/t1:high', NOW)
  mine.say(1, 'crew/face', NOW)
  expect(mine.steps()).toEqual(['0 raised gas/t1:high', '1 raised crew/face'])
  expect(mine.find('crew/face')!.suppressed).toHaveLength(1)
  mine.order(10, { ...window, from: mine.at(10), until: mine.at(60) })
  expect(mine.steps()).toEqual(['10 unsuppressed crew/face', '10 suppressed gas/t1:high'])
  mine.end(20, 'crew/face', NOW)
  mine.say(30, 'crew/face', NOW)
  expect(mine.told.at(-1)).not.toHaveProperty('hush')
  mine.steps()
  mine.restore()
  mine.tick(60)
  expect(mine.steps()).toEqual(['60 suppressed crew/face', '60 unsuppressed gas/t1:high'])
})

test('a consequence that the same window holds is not told between the two', () => {
  const within = [{ id: 's', while: { rule: 'gas' }, alarms: { rule: 'dust' }, same: 'area' }]
  const dust = { id: 'dust', rule: 'limit', match: { kind: 'gas.o2' }, levels: [{ name: 'low', low: 18 }] }
  const mine = deskOver({ rules: [...rules, dust], suppress: within })
  const window = { command: 'calibrate', window: 'w', site: 'mine', area: 'face', witness: 'li' } as const
  mine.say(0, 'gas/t1:high', NOW)
  mine.say(1, 'dust/o2:low', NOW)
  mine.steps()
  mine.order(10, { ...window, from: mine.at(10), until: mine.at(60), reason: 'span gas' })
  const why = {
    zh: expect.stringMatching(/^\S+ 申报：span gas$/),
    en: expect.stringMatching(/^declared by \S+: span gas$/),
  }
  expect(mine.told.at(-1)).toMatchObject({ hush: { kind: 'suppressed', why } })
  expect(mine.steps()).toEqual(['10 suppressed gas/t1:high'])
  mine.tick(60)
  expect(mine.steps()).toEqual(['60 unsuppressed gas/t1:high'])
  expect(mine.find('dust/o2:low')!.suppressed).toEqual([{ kind: 'suppressed', by: 'mine/gas/t1:high' }])
})
