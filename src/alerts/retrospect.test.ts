/** What a backlog holds is told as an episode of its own: nothing of the one before it clings to it, and somebody is called for it. */
import { expect, test } from 'vitest'
import { MINUTE } from '../model/time.ts'
import { DUTY, deskOver } from './desk.fixture.ts'

const GAS = { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'high', high: 1 }] }
const OXYGEN = { id: 'oxygen', rule: 'limit', match: { kind: 'gas.o2' }, levels: [{ name: 'low', low: 18 }] }
const CREW = { id: 'crew', rule: 'over-crew', limit: 5 }

test('it is called for by its own severity, not by that of the episode before', () => {
  const mine = deskOver({ rules: [CREW], duty: DUTY })
  mine.say(0, 'crew/face', { raiseAfter: 0, severity: 'notice' })
  mine.order(1, { command: 'ack', alarm: 'mine/crew/face' })
  mine.end(2, 'crew/face', { clearAfter: 0 })
  mine.recall(100, 'crew/face', { from: 50, until: 60, severity: 'critical' })
  expect(mine.told.at(-1)).toMatchObject({ cause: 'retrospective', severity: 'critical', desk: 'control' })
  expect(mine.find('crew/face')!.call).toMatchObject({ clock: 'ack', due: mine.at(100) + 2 * MINUTE })
})

test('where one before it waits to be acknowledged, the same desk is called, and has no longer than the worse one allows', () => {
  const mine = deskOver({ rules: [CREW], duty: DUTY })
  mine.say(0, 'crew/face', { raiseAfter: 0, severity: 'notice' })
  mine.end(2, 'crew/face', { clearAfter: 0 })
  mine.recall(20, 'crew/face', { from: 5, until: 6, severity: 'critical' })
  expect(mine.find('crew/face')!.call).toMatchObject({ rose: mine.at(0), due: mine.at(0) + 2 * MINUTE })
})

test('where one before it waits only for confirmation, somebody is called anew', () => {
  const mine = deskOver({ rules: [{ ...CREW, confirm: true }], duty: DUTY })
  mine.say(0, 'crew/face', { raiseAfter: 0 })
  mine.order(1, { command: 'ack', alarm: 'mine/crew/face' })
  mine.end(2, 'crew/face', { clearAfter: 0 })
  expect(mine.find('crew/face')!.call).toBeUndefined()
  mine.recall(100, 'crew/face', { from: 50, until: 60 })
  expect(mine.told.at(-1)).toMatchObject({ cause: 'retrospective', to: 'rtn-unacked', desk: 'control' })
  expect(mine.told.at(-1)!.held).toBeUndefined()
})

test('it is no first-up and in no flood, though the one before was; a clause is a clause all the same', () => {
  const duty = { ...DUTY, flood: { from: 2, within: '5m', until: 1 } }
  const mine = deskOver({ rules: [{ ...CREW, clause: '27' }, GAS], duty })
  mine.say(0, 'gas/t1:high', { raiseAfter: 0 })
  mine.say(1, 'crew/head', { raiseAfter: 0 })
  mine.order(3, { command: 'ack', alarm: 'mine/crew/head' })
  mine.end(4, 'crew/head', { clearAfter: 0 })
  expect(mine.told.at(-1)).toMatchObject({ first: true, group: 'mine/alarm-flood/control' })
  mine.recall(100, 'crew/head', { from: 50, until: 60 })
  expect(mine.told.at(-1)).not.toHaveProperty('first')
  expect(mine.told.at(-1)).not.toHaveProperty('group')
  mine.recall(100, 'crew/face', { from: 50, until: 60 })
  expect(mine.find('crew/face')).toMatchObject({ statutory: true, place: { area: 'face' } })
})

test('a window that is over keeps nothing back that is found after it', () => {
  const mine = deskOver({ rules: [GAS] })
  const window = { command: 'calibrate', window: 'w', site: 'mine', area: 'face', witness: 'li' } as const
  mine.order(0, { ...window, from: mine.at(0), until: mine.at(60) })
  mine.say(1, 'gas/t1:high', { raiseAfter: 0 })
  expect(mine.told.at(-1)).toMatchObject({ hush: { kind: 'suppressed' } })
  mine.order(2, { command: 'ack', alarm: 'mine/gas/t1:high' })
  mine.end(3, 'gas/t1:high', { clearAfter: 0 })
  mine.tick(60)
  mine.recall(200, 'gas/t1:high', { from: 100, until: 110 })
  expect(mine.told.at(-1)).toMatchObject({ cause: 'retrospective' })
  expect(mine.told.at(-1)).not.toHaveProperty('hush')
})

test('what is found is kept back by what kept it back when it happened, not by what is so now', () => {
  const suppress = [{ id: 's', while: { rule: 'oxygen' }, alarms: { rule: 'gas' }, same: 'area' }]
  const mine = deskOver({ rules: [GAS, OXYGEN], suppress })
  const window = { command: 'calibrate', window: 'w', site: 'mine', area: 'face', witness: 'li' } as const
  mine.order(50, { ...window, from: mine.at(50), until: mine.at(150) })
  mine.recall(100, 'gas/t1:high', { from: 20, until: 30 })
  expect(mine.told.at(-1)).toMatchObject({ cause: 'retrospective' })
  expect(mine.told.at(-1), 'before the window').not.toHaveProperty('hush')
  mine.recall(101, 'gas/t1:high', { from: 60, until: 70 })
  expect(mine.told.at(-1), 'within it').toMatchObject({ cause: 'retrospective', hush: { by: 'calibrate/w' } })
  mine.tick(150)
  mine.say(200, 'oxygen/o2:low', { raiseAfter: 0 })
  mine.recall(300, 'gas/t1:high', { from: 180, until: 190 })
  expect(mine.told.at(-1), 'before its cause').not.toHaveProperty('hush')
  mine.recall(301, 'gas/t1:high', { from: 210, until: 220 })
  expect(mine.told.at(-1), 'under its cause').toMatchObject({ hush: { by: 'mine/oxygen/o2:low' } })
})

test('while the alarm stands it is a note, which changes neither whom it calls nor what it is grouped under', () => {
  const suppress = [{ id: 's', while: { rule: 'oxygen' }, alarms: { rule: 'gas' }, same: 'area' }]
  const mine = deskOver({ rules: [{ ...GAS, clause: '3' }, OXYGEN], suppress, duty: DUTY })
  mine.say(0, 'oxygen/o2:low', { raiseAfter: 0 })
  mine.say(1, 'gas/t1:high', { raiseAfter: 0 })
  const { call } = mine.find('gas/t1:high')!
  mine.recall(100, 'gas/t1:high', { from: -50, until: -40, severity: 'critical' })
  expect(mine.told.at(-1)).toMatchObject({ to: 'unacked', group: 'mine/oxygen/o2:low', severity: 'critical' })
  expect(mine.find('gas/t1:high')).toMatchObject({ severity: 'major', call: call! })
})

test('what was told live is no news, though a backlog holds one from before it, too', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(100, 'crew/face', { raiseAfter: 0 })
  mine.end(160, 'crew/face', { clearAfter: 0 })
  mine.steps()
  mine.recall(200, 'crew/face', { from: 20, until: 30 })
  mine.restore()
  mine.recall(200, 'crew/face', { from: 40, until: 50 })
  mine.recall(200, 'crew/face', { from: 120, until: 130 })
  mine.recall(200, 'crew/face', { from: 45, until: 50 })
  mine.recall(200, 'crew/face', { from: 170, until: 180 })
  expect(mine.steps()).toEqual([
    '20 retrospective crew/face',
    '40 retrospective crew/face',
    '170 retrospective crew/face',
  ])
  mine.say(300, 'crew/face', { raiseAfter: 0 })
  mine.end(301, 'crew/face', { clearAfter: 0 })
  expect(mine.find('crew/face')!.lived).toBeUndefined()
})
