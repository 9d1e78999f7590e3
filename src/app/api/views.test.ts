import { expect, test } from 'vitest'
import type { AlarmState, Severity } from '../../model/alarm.ts'
import type { AlarmRecord } from '../../model/ports.ts'
import { HOUR } from '../../model/time.ts'
import { alarmTotals, shiftsAt } from './views.ts'

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

test('the shift that was relieved is named with its times; after a gap there is none', () => {
  const shift = (id: string, [from, to]: readonly [number, number]) =>
    ({ id, from: from * HOUR, to: to * HOUR, work: 'production' }) as const
  const site = { timezone: 'Asia/Shanghai', shifts: [shift('early', [6, 14]), shift('night', [22, 6])] }
  const at = (time: string) => shiftsAt(site, Date.parse(`2026-05-01T${time}:00+08:00`))
  expect(at('08:00')).toMatchObject({
    shift: { id: 'early' },
    lastShift: { id: 'night', from: '2026-04-30T22:00:00.000+08:00', until: '2026-05-01T06:00:00.000+08:00' },
  })
  expect(at('23:00').shift?.id).toBe('night')
  expect(at('23:00').lastShift).toBeUndefined()
  expect(at('15:00')).toEqual({})
})
