/** Whose clock runs: what others stand for, and what becomes worse. The ladder itself is shown in escalate.cases.yaml. */
import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../model/time.ts'
import { DUTY, deskOver } from './desk.fixture.ts'

const GAS = { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'high', high: 1 }] }
const OXYGEN = { id: 'oxygen', rule: 'limit', match: { kind: 'gas.o2' }, levels: [{ name: 'low', low: 18 }] }
const suppress = [{ id: 's', while: { rule: 'oxygen' }, alarms: { rule: 'gas' }, same: 'area' }]
const NOW = { raiseAfter: 0, clearAfter: 0 }
const FIRST = 'gas/t1:high'
const CAUSE = { alarm: 'mine/oxygen/o2:low' }

/** A statutory alarm under its cause, or what a flood holds. */
function grouped(by: 'cause' | 'flood', clause: string | undefined) {
  const gas = { ...GAS, ...(clause && { clause }) }
  const duty = { ...DUTY, flood: { from: 2, within: '5m', until: 1 } }
  const mine = deskOver(by === 'cause' ? { rules: [gas, OXYGEN], suppress, duty: DUTY } : { rules: [gas], duty })
  if (by === 'cause') mine.say(0, 'oxygen/o2:low', NOW)
  mine.say(0, FIRST, NOW)
  if (by === 'flood') mine.say(1, 'gas/t2:high', NOW)
  return mine
}

/** When the alarm is first handed on, in seconds; ticks for an hour. */
function handedOn(mine: ReturnType<typeof deskOver>, from = 0): number | undefined {
  for (let second = from; second <= 3600; second += 10) {
    mine.tick(second)
    if (mine.steps().some((step) => step.endsWith(`handed-on ${FIRST}`))) return second
  }
  return undefined
}

test('whoever acknowledges a cause has not acknowledged the statutory alarm that is told under it', () => {
  const mine = grouped('cause', '3.1')
  expect(mine.told.at(-1)).toMatchObject({ group: CAUSE.alarm })
  mine.order(60, { command: 'ack', ...CAUSE })
  expect(handedOn(mine)).toBe(300)
})

test('nor, by acknowledging a flood, what a clause asks for within it; what no clause asks for waits', () => {
  for (const clause of ['3.1', undefined]) {
    const mine = grouped('flood', clause)
    mine.order(60, { command: 'ack', alarm: 'mine/alarm-flood/control' })
    mine.say(200, 'gas/t2:high', NOW)
    // The flood is over after five minutes: for an hour it is kept going.
    for (let second = 61; second < 3000; second += 60) {
      mine.end(second, 'gas/t2:high', NOW)
      mine.say(second, 'gas/t2:high', NOW)
      mine.tick(second)
    }
    const steps = mine.steps().filter((step) => step.endsWith(`handed-on ${FIRST}`))
    expect(steps.length > 0, clause ?? 'no clause').toBe(clause !== undefined)
  }
})

test('while nobody has acknowledged the cause, it is the cause that is late', () => {
  const mine = grouped('cause', '3.1')
  mine.tick(300)
  expect(mine.steps()).toContain('300 handed-on oxygen/o2:low')
  expect(mine.find(FIRST)!.call).toMatchObject({ step: 0, due: mine.at(600) })
})

test('a cause that is shelved calls nobody, and so nobody in the place of another', () => {
  const mine = grouped('cause', '3.1')
  mine.order(60, { command: 'shelve', ...CAUSE, for: 2 * HOUR })
  expect(handedOn(mine)).toBe(300)
})

test('a notice of the night that becomes worse neither keeps quiet nor waits for the morning', () => {
  const [control, county] = DUTY.desks
  const duty = { ...DUTY, desks: [{ ...control, quiet: { from: '07:00', to: '20:00' } }, county] }
  const mine = deskOver({ rules: [{ id: 'crew', rule: 'over-crew', limit: 5 }], duty })
  mine.say(0, 'crew/face', { ...NOW, severity: 'notice' })
  expect(mine.told.at(-1)).toMatchObject({ quiet: true })
  mine.say(60, 'crew/face', { ...NOW, severity: 'critical' })
  expect(mine.told.at(-1)).toMatchObject({ cause: 'escalated' })
  expect(mine.told.at(-1)).not.toHaveProperty('quiet')
  expect(mine.find('crew/face')!.call).toMatchObject({ due: mine.at(60) + 2 * MINUTE })
  mine.say(120, 'crew/face', { ...NOW, severity: 'notice' })
  expect(mine.told.at(-1)).not.toHaveProperty('quiet')
})

test('nor does one that comes back as a worse one before anybody acknowledged it', () => {
  const [control, county] = DUTY.desks
  const duty = { ...DUTY, desks: [{ ...control, quiet: { from: '07:00', to: '20:00' } }, county] }
  const mine = deskOver({ rules: [{ id: 'crew', rule: 'over-crew', limit: 5 }], duty })
  mine.say(0, 'crew/face', { ...NOW, severity: 'notice' })
  mine.end(1, 'crew/face', NOW)
  mine.say(60, 'crew/face', { ...NOW, severity: 'critical' })
  expect(mine.told.at(-1)).not.toHaveProperty('quiet')
  expect(mine.find('crew/face')!.call).toMatchObject({ due: mine.at(60) + 2 * MINUTE })
})
