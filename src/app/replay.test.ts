/** The ticks of a replay and of a case come whatever the rhythm of the input. */
import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import { SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { play } from './cases/play.ts'
import { createReplay } from './replay.ts'

const START = Date.UTC(2026, 4, 1)
const installation = inlineInstallation({
  site: {
    points: ['chatty', 'quiet'].map((id) => ({ id, kind: 'gas.ch4', silentAfter: '10s' })),
  },
  rules: [{ id: 'silent', rule: 'silent' }],
  file: 'replay.test.ts',
  known: RULES,
})
/** One point speaks at each whole second, the other only at the start. */
const lines = [
  { site: 'mine', point: 'quiet', ts: START, value: 0.1 },
  ...Array.from({ length: 60 }, (_, i) => ({ site: 'mine', point: 'chatty', ts: START + i * SECOND, value: i / 100 })),
]
const seen = (transitions: readonly Transition[]) =>
  transitions.map(({ key, at, received }) => [key, (at - START) / SECOND, (received - START) / SECOND])

test('input at every whole second does not keep the ticks away', () => {
  const transitions: Transition[] = []
  const replay = createReplay({ installation, rules: RULES })
  for (const line of lines) expect(replay.take(line, transitions)).toBeUndefined()
  expect(seen(transitions)).toEqual([['quiet', 10, 10]])
})

test('neither in a case', () => {
  const stimuli = lines.map((line) => ({ at: line.ts, line }))
  const until = START + 59 * SECOND
  const { transitions, refused } = play(stimuli, { installation, rules: RULES, start: START, until })
  expect(refused).toEqual([])
  expect(seen(transitions)).toEqual([['quiet', 10, 10]])
})

test('a permit for a site or a place that is not configured is refused by name', () => {
  const replay = createReplay({ installation, rules: RULES })
  const refusal = (fields: object) => replay.take({ command: 'permit', permit: 'P', ts: START, ...fields }, [])?.reason
  expect(refusal({ site: 'mien' })).toBe('site-unknown: no site mien is configured')
  expect(refusal({ site: 'mine', area: 'face' })).toBe('area-unknown: no area face is configured at site mine')
  expect(refusal({ site: 'mine', grade: 'third' })).toBe('`grade` is none of special, first, second')
  expect(refusal({ site: 'mine' })).toBeUndefined()
})
