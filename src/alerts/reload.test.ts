/** A change of configuration: no alarm is kept from people by what is no longer declared, and none calls a desk that is gone. */
import { expect, test } from 'vitest'
import { MINUTE } from '../model/time.ts'
import { DUTY, deskOver } from './desk.fixture.ts'

const rules = [
  { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'high', high: 1 }] },
  { id: 'oxygen', rule: 'limit', match: { kind: 'gas.o2' }, levels: [{ name: 'low', low: 18 }] },
]
const suppress = [{ id: 's', while: { rule: 'oxygen' }, alarms: { rule: 'gas' }, same: 'area' }]
const NOW = { raiseAfter: 0, clearAfter: 0 }

test('what a suppression kept back is told when the suppression is taken out, its cause standing or not', () => {
  const mine = deskOver({ rules, suppress })
  mine.say(0, 'oxygen/o2:low', NOW)
  mine.say(1, 'gas/t1:high', NOW)
  expect(mine.told.at(-1)).toMatchObject({ hush: { by: 'mine/oxygen/o2:low' } })
  mine.steps()
  mine.reload(5, { rules })
  expect(mine.told.at(-1)).not.toHaveProperty('hush')
  expect(mine.steps()).toEqual(['5 unsuppressed gas/t1:high'])
})

test('a suppression that is new takes hold of what stands', () => {
  const mine = deskOver({ rules })
  mine.say(0, 'oxygen/o2:low', NOW)
  mine.say(1, 'gas/t1:high', NOW)
  mine.steps()
  mine.reload(5, { rules, suppress })
  expect(mine.steps()).toEqual(['5 suppressed gas/t1:high'])
  mine.reload(6, { rules, suppress })
  expect(mine.steps()).toEqual([])
})

test('an alarm whose desk is no longer declared calls the one that is, though its rule is gone too', () => {
  const mine = deskOver({ rules, duty: DUTY })
  mine.say(0, 'gas/t1:high', NOW)
  mine.say(0, 'oxygen/o2:low', NOW)
  mine.end(1, 'oxygen/o2:low', NOW)
  mine.tick(300)
  expect(mine.find('gas/t1:high')!.call).toMatchObject({ desk: 'county', step: 1 })
  mine.steps()
  const city = { id: 'city', name: { zh: '市', en: 'City' }, level: 'city', region: 'henan' }
  mine.reload(400, { rules: [rules[0]!], duty: { ...DUTY, desks: [city] } })
  for (const alarm of ['gas/t1:high', 'oxygen/o2:low']) {
    expect(mine.find(alarm)!.call, alarm).toMatchObject({ desk: 'city', step: 0, due: mine.at(400) + 5 * MINUTE })
  }
  expect(mine.steps().sort()).toEqual([
    '400 cleared response-clock/mine/gas/t1:high',
    '400 cleared response-clock/mine/oxygen/o2:low',
  ])
})
