import { expect, test } from 'vitest'
import type { AlarmBody, TransitionBody } from '../api/types.ts'
import { waitingOf } from './waiting.ts'

function alarm(name: string, over: Partial<AlarmBody> = {}, last: Partial<TransitionBody> = {}): AlarmBody {
  const state = over.state ?? 'unacked'
  return {
    alarm: name,
    episode: 1,
    state,
    severity: 'critical',
    raised: '2026-05-01T00:00:00Z',
    ...over,
    last: { to: state, ...last } as TransitionBody,
  }
}
const SHELVED: Partial<TransitionBody> = { hush: { kind: 'shelved', by: 'li' } }
const wait = (...alarms: readonly AlarmBody[]) => waitingOf(alarms, new Set())

test('a returned critical neither sounds nor counts as one that holds', () => {
  expect(wait(alarm('a', { state: 'rtn-unacked' }))).toEqual({
    active: 0,
    worst: undefined,
    returned: 1,
    sounding: false,
  })
  expect(wait(alarm('a', { state: 'rtn-unacked' }), alarm('b', { severity: 'minor' }))).toMatchObject({
    active: 1,
    worst: 'minor',
    sounding: false,
  })
})

test('an unacknowledged critical sounds until it is acknowledged, here or elsewhere', () => {
  expect(wait(alarm('a')).sounding).toBe(true)
  expect(wait(alarm('a', { state: 'acked' })).sounding).toBe(false)
  expect(waitingOf([alarm('a')], new Set(['a'])).sounding).toBe(false)
})

test('what is kept from people waits for nobody; what chatters counts and is silent', () => {
  expect(wait(alarm('a', {}, SHELVED))).toMatchObject({ active: 0, sounding: false })
  expect(wait(alarm('a', {}, { chattering: true }))).toMatchObject({ active: 1, worst: 'critical', sounding: false })
})
