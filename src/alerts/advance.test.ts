import { expect, test } from 'vitest'
import { ALARM_STATES } from '../model/alarm.ts'
import { ALARM_EVENTS, advance, isActive, LIVES, type Standing, type Traits } from './advance.ts'

const nameOf = ({ state, held }: Standing) => (held ? `${state} (${held})` : state)

function tableFor(traits: Traits, events = ALARM_EVENTS as readonly (typeof ALARM_EVENTS)[number][]): string[] {
  return Object.values(LIVES).flatMap((from) =>
    events.map((event) => {
      const step = advance(from, { event, traits })
      return `${nameOf(from)} + ${event}: ${typeof step === 'string' ? step : `${nameOf(step)} by ${step.cause}`}`
    }),
  )
}

test('every cell of the lifecycle table', () => {
  expect(tableFor({})).toEqual([
    'normal + raise: unacked by raised',
    'normal + clear: not-active',
    'normal + ack: nothing-to-ack',
    'normal + confirm: nothing-to-confirm',
    'normal + reset: nothing-to-reset',
    'unacked + raise: already-active',
    'unacked + clear: rtn-unacked by cleared',
    'unacked + ack: acked by acked',
    'unacked + confirm: still-active',
    'unacked + reset: still-active',
    'acked + raise: already-active',
    'acked + clear: normal by cleared',
    'acked + ack: already-acked',
    'acked + confirm: still-active',
    'acked + reset: still-active',
    'rtn-unacked + raise: unacked by raised',
    'rtn-unacked + clear: not-active',
    'rtn-unacked + ack: normal by acked',
    'rtn-unacked + confirm: not-acked',
    'rtn-unacked + reset: nothing-to-reset',
    'unacked (latched) + raise: unacked by raised',
    'unacked (latched) + clear: not-active',
    'unacked (latched) + ack: normal by acked',
    'unacked (latched) + confirm: not-acked',
    'unacked (latched) + reset: not-acked',
    'acked (latched) + raise: unacked by raised',
    'acked (latched) + clear: not-active',
    'acked (latched) + ack: already-acked',
    'acked (latched) + confirm: nothing-to-confirm',
    'acked (latched) + reset: normal by reset',
    'rtn-unacked (unconfirmed) + raise: unacked by raised',
    'rtn-unacked (unconfirmed) + clear: not-active',
    'rtn-unacked (unconfirmed) + ack: already-acked',
    'rtn-unacked (unconfirmed) + confirm: normal by confirmed',
    'rtn-unacked (unconfirmed) + reset: nothing-to-reset',
  ])
})

test('what a rule item asks for moves these cells and no other', () => {
  const changed = (traits: Traits) => {
    const plain = tableFor({})
    return tableFor(traits).filter((cell, i) => cell !== plain[i])
  }
  const confirmed = [
    'acked + clear: rtn-unacked (unconfirmed) by cleared',
    'rtn-unacked + ack: rtn-unacked (unconfirmed) by acked',
    'unacked (latched) + ack: rtn-unacked (unconfirmed) by acked',
    'acked (latched) + reset: rtn-unacked (unconfirmed) by reset',
  ]
  const latched = ['unacked + clear: unacked (latched) by cleared', 'acked + clear: acked (latched) by cleared']
  expect(changed({ confirm: true })).toEqual(confirmed)
  expect(changed({ latch: true })).toEqual(latched)
  expect(changed({ confirm: true, latch: true })).toEqual([...latched, ...confirmed.slice(1)])
})

test('no state but the four published is shown, and only what holds is active', () => {
  for (const { state } of Object.values(LIVES)) expect(ALARM_STATES).toContain(state)
  expect(Object.values<Standing>(LIVES).filter(isActive).map(nameOf)).toEqual(['unacked', 'acked'])
})
