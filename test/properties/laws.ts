/** The laws that every rule keeps under generated news: it is a function of its input, lines that are repeated are nothing, a snapshot is as good as the past, and overtaking on the way, once it is known, changes no alarm. */
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { play } from '../../src/app/cases/play.ts'
import type { Stimulus } from '../../src/app/cases/stimuli.ts'
import { createReplay } from '../../src/app/replay.ts'
import { serialiseTransition } from '../../src/app/wire.ts'
import type { Transition } from '../../src/model/alarm.ts'
import type { Installation } from '../../src/model/site.ts'
import { MINUTE } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'
import { LATE_AFTER } from './mine.ts'

/** A reading or a command, and whose word it is: words of one subject do not overtake each other. */
export interface Word {
  readonly subject: string
  readonly ts: number
  readonly line: Readonly<Record<string, unknown>>
}

export interface Lawful {
  /** Its site is `mine`, with a point `clock` of kind `count.lamps`. */
  readonly installation: Installation
  readonly from: number
  readonly until: number
  /** In order of event time: doubtful, invalid, whatever may come. */
  readonly wild: fc.Arbitrary<readonly Word[]>
  /** In order of event time: news whose order across subjects must not matter. */
  readonly orderly: fc.Arbitrary<readonly Word[]>
  readonly runs: number
  /** Histories resumed before every entry, which takes long. */
  readonly resumed: number
  /** Share of the wild histories in which each rule item must have raised and cleared, or the laws prove little. */
  readonly share: number
}

/** Milliseconds for one law: the machine may be busy with others. */
const PATIENCE = 180_000

/** Half of `lateAfter` behind all the time, so that the site's disorder is known. */
function clockOf({ from, until }: Lawful): Stimulus[] {
  return Array.from({ length: Math.ceil((until - from) / MINUTE) }, (_, i) => {
    const at = from + i * MINUTE
    return { at, line: { site: 'mine', point: 'clock', ts: at - LATE_AFTER / 2, value: i, received: at } }
  })
}

/** Each word so long on the way; where `kept`, those of one subject arrive in the order in which they were said. */
function deliver(
  words: readonly Word[],
  { lags, from, kept }: { lags: readonly number[]; from: number; kept: boolean },
) {
  const last = new Map<string, number>()
  return words
    .map(({ subject, ts, line }, i): Stimulus => {
      const lagged = Math.max(ts + (lags[i] ?? 0), from, kept ? (last.get(subject) ?? 0) : 0)
      const at = kept ? Math.min(lagged, ts + LATE_AFTER) : lagged
      last.set(subject, at)
      return { at, line: { site: 'mine', ...line, ts, received: at } }
    })
    .sort((a, b) => a.at - b.at)
}

const lagged = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: LATE_AFTER }) },
  { weight: 1, arbitrary: fc.integer({ min: -40_000, max: 120_000 }) },
)
const many = (lag: fc.Arbitrary<number>) => fc.array(lag, { minLength: 1_200, maxLength: 1_200 })

/** Registers the laws as tests. */
export function keepLaws(lawful: Lawful): void {
  const { installation, from, until, wild, orderly, runs, resumed, share } = lawful
  const options = { installation, rules: RULES, start: from, until }
  const wire = (all: readonly Transition[]) =>
    all.map((one) => JSON.stringify(serialiseTransition(one, installation))).join('\n')
  const stream = fc
    .tuple(wild, many(lagged))
    .map(([words, lags]) => [...clockOf(lawful), ...deliver(words, { lags, from, kept: false })])
    .map((stimuli) => stimuli.sort((a, b) => a.at - b.at))
  const seen = { histories: 0, raised: new Map<string, number>(), cleared: new Map<string, number>() }

  function note(transitions: readonly Transition[]): void {
    seen.histories += 1
    for (const which of ['raised', 'cleared'] as const) {
      const items = new Set(transitions.filter(({ cause }) => cause === which).map(({ instance }) => instance))
      for (const item of items) seen[which].set(item, (seen[which].get(item) ?? 0) + 1)
    }
  }

  function replay(stimuli: readonly Stimulus[]): Transition[] {
    const run = createReplay({ installation, rules: RULES })
    const transitions: Transition[] = []
    for (const { line } of stimuli) run.line(JSON.stringify(line), transitions)
    run.until(until, transitions)
    return transitions
  }

  test(
    'the same replay gives the same bytes',
    () => {
      fc.assert(
        fc.property(stream, (stimuli) => {
          const once = replay(stimuli)
          note(once)
          expect(wire(replay(stimuli))).toBe(wire(once))
        }),
        { numRuns: runs, endOnFailure: true },
      )
    },
    PATIENCE,
  )

  test(
    'lines that are repeated change nothing',
    () => {
      fc.assert(
        fc.property(stream, (stimuli) => {
          expect(wire(replay(stimuli.flatMap((one) => [one, one])))).toBe(wire(replay(stimuli)))
        }),
        { numRuns: runs, endOnFailure: true },
      )
    },
    PATIENCE,
  )

  test(
    'going on from a snapshot, at any entry, changes nothing',
    () => {
      fc.assert(
        fc.property(stream, (stimuli) => {
          const straight = play(stimuli, options)
          expect(wire(play(stimuli, { ...options, resume: true }).transitions)).toBe(wire(straight.transitions))
        }),
        { numRuns: resumed, endOnFailure: true },
      )
    },
    PATIENCE,
  )

  test(
    'overtaking on the way, once it is known, changes no alarm',
    () => {
      const told = (stimuli: readonly Stimulus[]) => {
        const all = [...clockOf(lawful), ...stimuli].sort((a, b) => a.at - b.at)
        const { transitions, refused } = play(all, options)
        expect(refused).toEqual([])
        return transitions
          .map(({ alarm, cause, at, since }) => `${since! - from} ${at - from} ${alarm} ${cause}`)
          .sort()
      }
      fc.assert(
        fc.property(orderly, many(fc.integer({ min: 0, max: LATE_AFTER })), (words, lags) => {
          const expected = told(deliver(words, { lags: [], from, kept: true }))
          expect(told(deliver(words, { lags, from, kept: true }))).toEqual(expected)
        }),
        { numRuns: 2 * runs, endOnFailure: true },
      )
    },
    PATIENCE,
  )

  // Of what never rises, the above proves nothing.
  afterAll(() => {
    if (seen.histories === 0) return
    for (const { id } of installation.rules) {
      for (const which of ['raised', 'cleared'] as const) {
        const found = (seen[which].get(id) ?? 0) / seen.histories
        expect(found, `share of the histories in which ${id} ${which}`).toBeGreaterThanOrEqual(share)
      }
    }
  })
}

/** No two words of one subject at one instant, in order of event time. */
export function inOrder(words: readonly Word[]): Word[] {
  const seen = new Set<string>()
  return [...words]
    .sort((a, b) => a.ts - b.ts)
    .filter(({ subject, ts }) => {
      const key = `${subject}@${ts}`
      return seen.has(key) ? false : seen.add(key)
    })
}
