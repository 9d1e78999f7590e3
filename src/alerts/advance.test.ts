import { expect, test } from 'vitest'
import { ALARM_STATES } from '../model/alarm.ts'
import { type AlarmEvent, advance } from './advance.ts'

const EVENTS: readonly AlarmEvent[] = ['raise', 'clear', 'ack']

test('every cell of the lifecycle table', () => {
  const table = ALARM_STATES.flatMap((state) =>
    EVENTS.map((event) => {
      const step = advance(state, event)
      return `${state} + ${event}: ${typeof step === 'string' ? step : `${step.to} (${step.cause})`}`
    }),
  )
  expect(table).toEqual([
    'normal + raise: unacked (raised)',
    'normal + clear: not-active',
    'normal + ack: nothing-to-ack',
    'unacked + raise: already-active',
    'unacked + clear: rtn-unacked (cleared)',
    'unacked + ack: acked (acked)',
    'acked + raise: already-active',
    'acked + clear: normal (cleared)',
    'acked + ack: already-acked',
    'rtn-unacked + raise: unacked (raised)',
    'rtn-unacked + clear: not-active',
    'rtn-unacked + ack: normal (acked)',
  ])
})
