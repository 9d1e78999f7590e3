import { expect, test } from 'vitest'
import type { AlarmState, Severity } from '../../model/alarm.ts'
import type { AlarmRecord } from '../../model/ports.ts'
import { alarmTotals } from './views.ts'

const alarm = (state: AlarmState, severity: Severity) => ({ state, severity }) as AlarmRecord

test('the worst of a site is what holds; what has returned counts only where nothing holds', () => {
  const returned = alarm('rtn-unacked', 'critical')
  expect(alarmTotals([returned, alarm('acked', 'minor'), alarm('unacked', 'major')])).toEqual({
    active: 2,
    unacknowledged: 2,
    worst: 'major',
  })
  expect(alarmTotals([returned])).toEqual({ active: 0, unacknowledged: 1, worst: 'critical' })
  expect(alarmTotals([])).toEqual({ active: 0, unacknowledged: 0 })
})
