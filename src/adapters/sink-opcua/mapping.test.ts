/** What becomes of transitions, readings and refusals in OPC UA's words. */
import { StatusCodes } from 'node-opcua'
import { describe, expect, test } from 'vitest'
import type { Transition } from '../../model/alarm.ts'
import { conditionOf, indexPlant, refusalOf, SEVERITY, statusOf } from './mapping.ts'

const index = indexPlant({
  sites: [{ id: 'plant', name: { zh: '厂', en: 'plant' }, areas: [{ id: 'farm', name: { zh: '罐区', en: 'farm' } }] }],
  points: [
    {
      site: 'plant',
      id: 'tanks/t-1',
      area: 'farm',
      shape: 'number',
      limits: [
        { level: 'full', high: 15 },
        { level: 'dry', low: 1 },
      ],
    },
    { site: 'plant', id: 'weather', shape: 'number', limits: [] },
  ],
  hidden: [{ site: 'plant', id: 'gate/reader', area: 'farm' }],
})

const raised: Transition = {
  id: 'plant/level/tanks/t-1:full/1.1',
  alarm: 'plant/level/tanks/t-1:full',
  episode: 1,
  revision: 1,
  at: 1_000,
  received: 2_000,
  offset: 7,
  site: 'plant',
  rule: 'limit',
  instance: 'level',
  key: 'tanks/t-1:full',
  from: 'normal',
  to: 'unacked',
  cause: 'raised',
  severity: 'major',
  text: { zh: '高', en: 'high' },
  evidence: [],
}
const of = (change: Partial<Transition>, confirms = false) =>
  conditionOf({ ...raised, ...change }, { index, confirms, of: raised.alarm })

describe('the lifecycle in Part 9’s states', () => {
  test.each([
    ['unacked', {}, { active: true, acked: false, confirmed: true, latched: false, retain: true }],
    ['acked', {}, { active: true, acked: true, confirmed: false, latched: false, retain: true }],
    ['rtn-unacked', {}, { active: false, acked: false, confirmed: true, latched: false, retain: true }],
    ['unacked', { held: 'latched' }, { active: false, acked: false, confirmed: true, latched: true, retain: true }],
    ['acked', { held: 'latched' }, { active: false, acked: true, confirmed: false, latched: true, retain: true }],
    [
      'rtn-unacked',
      { held: 'unconfirmed' },
      { active: false, acked: true, confirmed: false, latched: false, retain: true },
    ],
    ['normal', {}, { active: false, acked: true, confirmed: true, latched: false, retain: false }],
  ] as const)('%s %o', (to, more, expected) => {
    expect(of({ to, ...more }, true)).toMatchObject(expected)
    expect(of({ to, ...more })).not.toHaveProperty('confirmed')
  })

  test('what keeps it from people', () => {
    const shelved = of({ hush: { kind: 'shelved', by: 'wang', until: 9_000, once: true } })
    expect(shelved).toMatchObject({ shelved: { until: 9_000, once: true }, suppressed: false, outOfService: false })
    expect(of({ hush: { kind: 'suppressed', by: 'x' } })).toMatchObject({ suppressed: true, outOfService: false })
    expect(of({ hush: { kind: 'out-of-service', by: 'wang' } })).toMatchObject({
      outOfService: true,
      suppressed: false,
    })
  })
})

test('what it is about: a point, a level of it with its limit, an area, a place seen, or the site', () => {
  expect(of({})).toMatchObject({ point: 0, area: 'farm', limit: { side: 'high', value: 15 } })
  expect(of({ key: 'tanks/t-1:dry' }).limit).toEqual({ side: 'low', value: 1 })
  expect(of({ rule: 'silent', key: 'weather' })).toMatchObject({ point: 1 })
  expect(of({ rule: 'silent', key: 'weather' })).not.toHaveProperty('limit')
  expect(of({ rule: 'over-crew', key: 'farm' })).toMatchObject({ area: 'farm' })
  const seen = { point: { siteId: 'plant', id: 'tanks/t-1' }, ts: 1, value: 1 }
  const card = of({ rule: 'sos', key: '10023', evidence: [seen] })
  expect(card).toMatchObject({ area: 'farm' })
  expect(card).not.toHaveProperty('point')
  const reader = { ...seen, point: { siteId: 'plant', id: 'gate/reader' } }
  expect(of({ rule: 'sos', key: '10023', evidence: [reader] })).toMatchObject({ area: 'farm' })
  expect(of({ rule: 'silent', key: 'gate/reader' })).toMatchObject({ area: 'farm' })
  expect(of({ rule: 'sos', key: 'x' })).not.toHaveProperty('area')
})

test('what somebody said stands until somebody does something again, or it rises anew', () => {
  expect(of({}).said).toEqual({ by: '', comment: '' })
  expect(of({ cause: 'acked', by: 'wang', reason: 'pump stopped' }).said).toEqual({
    by: 'wang',
    comment: 'pump stopped',
  })
  expect(of({ cause: 'confirmed', by: 'wang' }).said).toEqual({ by: 'wang', comment: '' })
  expect(of({ cause: 'cleared' })).not.toHaveProperty('said')
  expect(of({ cause: 'unshelved', reason: 'time is up' })).not.toHaveProperty('said')
})

test('severities keep their order', () => {
  expect(SEVERITY).toEqual({ critical: 900, major: 700, minor: 400, notice: 200 })
})

test('status codes: nothing silent passes for good, and every name there is one', () => {
  expect(statusOf({ quality: 'good' }, false)).toBe('Good')
  expect(statusOf({ quality: 'good' }, true)).toBe('BadNoCommunication')
  expect(statusOf({ quality: 'uncertain' }, false)).toBe('Uncertain')
  expect(statusOf({ quality: 'bad' }, false)).toBe('Bad')
  expect(statusOf({ quality: 'bad', status: 'anything' }, false)).toBe('Bad')
  expect(statusOf({ quality: 'bad', status: 'calibrating' }, false)).toBe('BadOutOfService')
  const bad = ['calibrating', 'out-of-service', 'paused', 'fault', 'station-fault', 'not-polled', 'over-range']
  for (const status of bad) expect(StatusCodes).toHaveProperty(statusOf({ quality: 'bad', status }, false))
})

test('refusals', () => {
  expect(refusalOf('already-acked')).toBe('BadConditionBranchAlreadyAcked')
  expect(refusalOf('shelf-statutory')).toBe('BadUserAccessDenied')
  expect(refusalOf('shelf-too-long')).toBe('BadShelvingTimeOutOfRange')
  expect(refusalOf('episode-mismatch'), 'the desk has gone on').toBe('BadEventIdUnknown')
  expect(refusalOf('never heard of')).toBe('BadInvalidState')
})
