/** A shelf was granted for what was known: every severity it was granted at against every one there may be, in every state. */
import { describe, expect, test } from 'vitest'
import { OUTGROWN, SEVERITIES, type Severity } from '../model/alarm.ts'
import { MINUTE, SECOND } from '../model/time.ts'
import { DUTY, deskOver } from './desk.fixture.ts'
import { outgrows } from './shelf.ts'

const CREW = { id: 'crew', rule: 'over-crew', limit: 5 }
const ALARM = 'mine/crew/face'
const NOW = { raiseAfter: 0, clearAfter: 0 }
const say = (severity: Severity) => ({ ...NOW, severity })
type Mine = ReturnType<typeof deskOver>

test('every severity against that of the shelf', () => {
  const table = SEVERITIES.map((at) => `${at}: ${SEVERITIES.filter((one) => outgrows(one, at)).join(' ')}`)
  expect(table).toEqual(['critical: ', 'major: critical', 'minor: critical major', 'notice: critical major minor'])
})

/** How an alarm comes into each of its states, at a severity; the item that asks for it. */
const STATES: Readonly<Record<string, [item: object, way: (mine: Mine, severity: Severity) => void]>> = {
  unacked: [{}, () => {}],
  acked: [{}, (mine) => mine.order(1, { command: 'ack', alarm: ALARM })],
  'rtn-unacked': [{}, (mine) => mine.end(1, 'crew/face', NOW)],
  normal: [
    {},
    (mine) => {
      mine.order(1, { command: 'ack', alarm: ALARM })
      mine.end(1, 'crew/face', NOW)
    },
  ],
  'latched-unacked': [{ latch: true }, (mine) => mine.end(1, 'crew/face', NOW)],
  'latched-acked': [
    { latch: true },
    (mine) => {
      mine.order(1, { command: 'ack', alarm: ALARM })
      mine.end(1, 'crew/face', NOW)
    },
  ],
  'rtn-unconfirmed': [
    { confirm: true },
    (mine) => {
      mine.order(1, { command: 'ack', alarm: ALARM })
      mine.end(1, 'crew/face', NOW)
    },
  ],
}

describe.each(Object.keys(STATES))('shelved while %s', (state) => {
  const [item, way] = STATES[state]!
  const active = state === 'unacked' || state === 'acked'

  test.each(SEVERITIES.flatMap((at) => SEVERITIES.map((next) => [at, next] as const)))('at %s, then %s', (at, next) => {
    for (const restored of [false, true]) {
      const mine = deskOver({ rules: [{ ...CREW, ...item }] })
      mine.say(0, 'crew/face', say(at))
      way(mine, at)
      mine.order(2, { command: 'shelve', alarm: ALARM, for: 60 * MINUTE })
      expect(mine.told.at(-1)).toMatchObject({ cause: 'shelved', hush: { kind: 'shelved', severity: at } })
      if (restored) mine.restore()
      mine.told.length = 0
      mine.say(3, 'crew/face', say(next))
      const changed = next === at ? undefined : outgrows(next, at) ? 'escalated' : 'eased'
      const cause = active ? changed : 'raised'
      const steps = mine.told.map((one) => [one.cause, one.severity, one.hush?.kind, one.why])
      if (outgrows(next, at)) {
        expect(steps, 'people hear of the step, and why').toEqual([
          [cause, next, undefined, undefined],
          ['unshelved', next, undefined, OUTGROWN],
        ])
        expect(mine.told.map(({ to }) => to)).toEqual(Array(2).fill(state === 'acked' ? 'acked' : 'unacked'))
      } else {
        expect(steps).toEqual(cause ? [[cause, next, 'shelved', undefined]] : [])
      }
      expect(mine.find('crew/face')!.shelved === undefined).toBe(outgrows(next, at))
    }
  })
})

test('what eased and is as grave again as when it was shelved stays shelved', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', say('major'))
  mine.order(1, { command: 'shelve', alarm: ALARM })
  for (const [i, severity] of (['notice', 'minor', 'major', 'notice', 'major'] as const).entries())
    mine.say(2 + i, 'crew/face', say(severity))
  expect(mine.told.slice(1).every(({ hush }) => hush?.kind === 'shelved')).toBe(true)
  mine.say(10, 'crew/face', say('critical'))
  mine.told.length = 0
  mine.order(11, { command: 'shelve', alarm: ALARM })
  expect(mine.told, 'shelved again, for what is known now').toMatchObject([
    { cause: 'shelved', hush: { severity: 'critical' } },
  ])
})

test('a delayed rise outgrows the shelf when it rises, not before', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', say('minor'))
  mine.end(1, 'crew/face', NOW)
  mine.order(2, { command: 'shelve', alarm: ALARM })
  mine.say(3, 'crew/face', { severity: 'critical', raiseAfter: 10 * SECOND })
  expect(mine.find('crew/face')!.shelved).toBeDefined()
  mine.told.length = 0
  mine.tick(13)
  expect(mine.steps()).toEqual(['13 raised crew/face', '13 unshelved crew/face'])
})

test('what a backlog holds that is graver ends the shelf as well', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', say('minor'))
  mine.order(1, { command: 'ack', alarm: ALARM })
  mine.end(2, 'crew/face', NOW)
  mine.order(3, { command: 'shelve', alarm: ALARM })
  mine.told.length = 0
  mine.recall(100, 'crew/face', { from: 50, until: 60, severity: 'critical' })
  expect(mine.told.map(({ cause, to, hush }) => [cause, to, hush])).toEqual([
    ['retrospective', 'rtn-unacked', undefined],
    ['unshelved', 'rtn-unacked', undefined],
  ])
})

test('out of service stays so, and so does a window: a shelf alone was granted without a witness', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', say('minor'))
  mine.order(1, { command: 'out-of-service', alarm: ALARM, witness: 'li' })
  mine.order(2, { command: 'shelve', alarm: ALARM })
  mine.told.length = 0
  mine.say(3, 'crew/face', say('critical'))
  expect(mine.told.map(({ cause, hush }) => [cause, hush?.kind])).toEqual([
    ['escalated', 'out-of-service'],
    ['unshelved', 'out-of-service'],
  ])
})

test('the desk is called, and its clock runs as for an alarm that began so', () => {
  const mine = deskOver({ rules: [CREW], duty: DUTY })
  mine.say(0, 'crew/face', say('notice'))
  mine.order(1, { command: 'shelve', alarm: ALARM, for: 60 * MINUTE })
  mine.say(60, 'crew/face', say('critical'))
  expect(mine.told.at(-1)).toMatchObject({ cause: 'unshelved', desk: 'control' })
  mine.told.length = 0
  mine.tick(180)
  expect(mine.steps()).toEqual(['180 handed-on crew/face', '180 raised response-clock/mine/crew/face'])
})

test('a cause that was shelved and is so no more keeps its consequences from people again', () => {
  const mine = deskOver({
    rules: [CREW, { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'high', high: 1 }] }],
    suppress: [{ id: 's', while: { rule: 'crew' }, alarms: { rule: 'gas' }, same: 'site' }],
  })
  mine.say(0, 'crew/face', say('minor'))
  mine.say(1, 'gas/t1:high', NOW)
  mine.order(2, { command: 'shelve', alarm: ALARM })
  mine.steps()
  mine.say(3, 'crew/face', say('major'))
  expect(mine.steps()).toEqual(['3 escalated crew/face', '3 unshelved crew/face', '3 suppressed gas/t1:high'])
})
