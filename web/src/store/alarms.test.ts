import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AlarmBody, TransitionBody } from '../api/types.ts'
import {
  type Alarms,
  applyTransitions,
  asSeen,
  byUrgency,
  fromSnapshot,
  matches,
  settlePending,
  worst,
} from './alarms.ts'

const AT = Date.parse('2026-05-01T00:00:00Z')

function transition(over: Partial<TransitionBody> = {}): TransitionBody {
  const episode = over.episode ?? 1
  const revision = over.revision ?? 1
  const alarm = over.alarm ?? 'm/ch4/a'
  return {
    id: `${alarm}/${episode}.${revision}`,
    alarm,
    episode,
    revision,
    at: new Date(AT + (episode * 10 + revision) * 1000).toISOString(),
    received: new Date(AT).toISOString(),
    site: 'm',
    rule: 'limit',
    instance: 'ch4',
    key: 'a',
    from: 'normal',
    to: 'unacked',
    cause: 'raised',
    severity: 'major',
    text: { zh: '甲烷超限', en: 'methane over limit' },
    evidence: [],
    ...over,
  }
}

/** Two episodes of one alarm, from rise to rest. */
const LIFE: readonly TransitionBody[] = [
  transition({ revision: 1 }),
  transition({ revision: 2, from: 'unacked', to: 'acked', cause: 'acked', by: 'wang' }),
  transition({ revision: 3, from: 'acked', to: 'normal', cause: 'cleared' }),
  transition({ episode: 2, revision: 1 }),
  transition({ episode: 2, revision: 2, from: 'unacked', to: 'rtn-unacked', cause: 'cleared' }),
]

const none: Alarms = new Map()

test('an alarm stands from its rise until it is normal, and keeps when it was raised and cleared', () => {
  const raised = applyTransitions(none, LIFE.slice(0, 1))
  expect(raised.get('m/ch4/a')).toMatchObject({ state: 'unacked', raised: LIFE[0]?.at })
  const acked = applyTransitions(raised, LIFE.slice(1, 2))
  expect(acked.get('m/ch4/a')).toMatchObject({ state: 'acked', raised: LIFE[0]?.at })
  expect(applyTransitions(acked, LIFE.slice(2, 3)).size).toBe(0)
  const again = applyTransitions(none, LIFE)
  expect(again.get('m/ch4/a')).toMatchObject({
    state: 'rtn-unacked',
    episode: 2,
    raised: LIFE[3]?.at,
    cleared: LIFE[4]?.at,
  })
})

test('what was shown is acknowledged as it was shown: not an episode that began since, nor what is over', () => {
  const shown = [...applyTransitions(none, [...LIFE.slice(0, 1), transition({ alarm: 'm/ch4/b' })]).values()]
  expect(asSeen(shown, applyTransitions(none, [transition({ episode: 2 }), transition({ alarm: 'm/ch4/b' })]))).toEqual(
    ['m/ch4/b'],
  )
  expect(asSeen(shown, none)).toEqual([])
})

test('repeated and overtaken transitions change nothing, however they are cut into batches', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(LIFE.length - 1)), fc.nat(LIFE.length), (repeats, cut) => {
      const whole = applyTransitions(none, LIFE)
      const old = repeats.map((n) => LIFE[n] as TransitionBody).filter((t) => t.episode < 2)
      const cutUp = applyTransitions(applyTransitions(applyTransitions(none, LIFE.slice(0, cut)), LIFE.slice(cut)), old)
      expect([...cutUp]).toEqual([...whole])
    }),
  )
})

test('known transitions leave the very same map, so that nothing is drawn again', () => {
  const standing = applyTransitions(none, LIFE)
  expect(applyTransitions(standing, LIFE.slice(3))).toBe(standing)
})

test('a snapshot that was overtaken by the stream is brought up to date', () => {
  const stale: AlarmBody = {
    alarm: 'm/ch4/a',
    episode: 1,
    state: 'unacked',
    severity: 'major',
    raised: LIFE[0]?.at ?? '',
    last: LIFE[0] as TransitionBody,
  }
  expect(fromSnapshot([stale], LIFE.slice(1, 3)).size).toBe(0)
  expect(fromSnapshot([stale], [LIFE[0] as TransitionBody]).get('m/ch4/a')).toBe(stale)
  expect(fromSnapshot([{ ...stale, state: 'normal' }], []).size).toBe(0)
})

test('an acknowledgement is pending until a step says that none is needed any more', () => {
  const pending = new Set(['m/ch4/a', 'm/ch4/b'])
  expect(settlePending(pending, [transition({ revision: 2, cause: 'escalated', to: 'unacked' })])).toBe(pending)
  expect([...settlePending(pending, [transition({ revision: 3, cause: 'acked', to: 'acked' })])]).toEqual(['m/ch4/b'])
})

test('what holds and waits comes first, then what holds, then what is over, last what is kept from people; each worst first, then newest', () => {
  const of = (alarm: string, over: Partial<AlarmBody>): AlarmBody => ({
    alarm,
    episode: 1,
    state: 'unacked',
    severity: 'major',
    raised: new Date(AT).toISOString(),
    last: transition({ alarm }),
    ...over,
  })
  const list = [
    of('shelved', { severity: 'critical', last: transition({ hush: { kind: 'shelved', by: 'wang' } }) }),
    of('returned', { severity: 'critical', state: 'rtn-unacked' }),
    of('latched', { severity: 'critical', last: transition({ held: 'latched' }) }),
    of('old', {}),
    of('critical', { severity: 'critical' }),
    of('new', { raised: new Date(AT + 1).toISOString() }),
    of('acked', { state: 'acked', raised: new Date(AT + 2).toISOString() }),
    of('notice', { severity: 'notice' }),
  ]
  expect(list.sort(byUrgency).map(({ alarm }) => alarm)).toEqual([
    'critical',
    'new',
    'old',
    'notice',
    'acked',
    'latched',
    'returned',
    'shelved',
  ])
  expect(worst(['notice', undefined, 'minor'])).toBe('minor')
  expect(worst([])).toBeUndefined()
})

test('filters look at every field, and for words in both languages and the site’s names', () => {
  const alarm = fromSnapshot([], LIFE.slice(3, 4)).get('m/ch4/a') as AlarmBody
  expect(matches(alarm, { text: 'methane LIMIT' })).toBe(true)
  expect(matches(alarm, { text: '甲烷' })).toBe(true)
  expect(matches(alarm, { text: '宝源' }, '宝源煤矿 Baoyuan')).toBe(true)
  expect(matches(alarm, { text: 'oxygen' })).toBe(false)
  expect(matches(alarm, { site: 'm', severity: 'major', state: 'unacked', rule: 'limit' })).toBe(true)
  for (const other of [{ site: 'x' }, { severity: 'minor' }, { state: 'acked' }, { rule: 'silent' }])
    expect(matches(alarm, other)).toBe(false)
})
