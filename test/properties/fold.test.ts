/** What must hold of the fold for any input: it is a function of its input, duplicates are nothing, a snapshot is as good as the past, and overtaking on the way changes no alarm. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { play } from '../../src/app/cases/play.ts'
import type { Stimulus } from '../../src/app/cases/stimuli.ts'
import { createReplay } from '../../src/app/replay.ts'
import { serialiseTransition } from '../../src/app/wire.ts'
import type { Transition } from '../../src/model/alarm.ts'
import { RULES } from '../../src/rules/index.ts'
import { deliver, LATE_AFTER, LENGTH, mine, type News, orderly, START, wild } from './mine.ts'
import { runs } from './thorough.ts'

/** Late enough for every silence and delay of the last news to be told. */
const END = START + LENGTH + 30 * 60_000
const bytes = (transitions: readonly Transition[]) =>
  transitions.map((one) => JSON.stringify(serialiseTransition(one, mine))).join('\n')

const acks: readonly string[] = ['mine/gas/ch4-1:alarm', 'mine/face/face', 'mine/silent/ch4-2'].flatMap((alarm, i) =>
  [4, 11, 17].map((minute) =>
    JSON.stringify({ command: 'ack', alarm, by: 'officer', ts: START + (minute + i / 4) * 60_000 }),
  ),
)

/** Lines of a replay in the order of their arrival, with an officer's acknowledgements among them. */
function linesOf(stimuli: readonly Stimulus[]): string[] {
  const readings = stimuli.map(({ at, line }) => ({ at, text: JSON.stringify(line) }))
  const commands = acks.map((text) => ({ at: (JSON.parse(text) as { ts: number }).ts, text }))
  return [...readings, ...commands].sort((a, b) => a.at - b.at).map(({ text }) => text)
}

function replay(lines: readonly string[]): string {
  const run = createReplay({ installation: mine, rules: RULES })
  const transitions: Transition[] = []
  for (const line of lines) run.line(line, transitions)
  run.until(END, transitions)
  return bytes(transitions)
}

test('the same replay gives the same bytes', () => {
  fc.assert(
    fc.property(wild, ([news, lags]) => {
      const lines = linesOf(deliver(news, lags))
      expect(replay(lines)).toBe(replay(lines))
    }),
    { numRuns: 40 },
  )
})

test('duplicating every line changes nothing; readings may come again later, too', () => {
  fc.assert(
    fc.property(wild, fc.nat({ max: 5 }), ([news, lags], distance) => {
      const lines = linesOf(deliver(news, lags))
      const again = (i: number) => lines.slice(Math.max(0, i - distance), i).filter((line) => !acks.includes(line))
      const doubled = lines.flatMap((line, i) => [line, line, ...again(i)])
      expect(replay(doubled)).toBe(replay(lines))
    }),
    { numRuns: 40 },
  )
})

test('going on from a snapshot, at any entry, changes nothing', () => {
  fc.assert(
    fc.property(wild, ([news, lags]) => {
      const options = { installation: mine, rules: RULES, start: START, until: END }
      const stimuli = deliver(news, lags)
      const straight = play(stimuli, options)
      const resumed = play(stimuli, { ...options, resume: true })
      expect(bytes(resumed.transitions)).toBe(bytes(straight.transitions))
    }),
    { numRuns: runs(8, 60), endOnFailure: true },
  )
}, 180_000)

/** One point reports half of `lateAfter` behind all the time, so that the site's disorder is known. */
const CLOCK: readonly Stimulus[] = Array.from({ length: (END - START) / 60_000 }, (_, i) => {
  const at = START + i * 60_000
  return { at, line: { site: 'mine', point: 'clock', ts: at - LATE_AFTER / 2, value: i, received: at } }
})

/** The same news, each up to `lateAfter` on the way; those of one subject do not overtake each other. */
function shuffled(news: readonly News[], lags: readonly number[]): Stimulus[] {
  const last = new Map<string, number>()
  const ordered = news.map(({ subject, ts }, i) => {
    const at = Math.max(ts + lags[i]!, last.get(subject) ?? 0)
    last.set(subject, at)
    return at - ts
  })
  return deliver(news, ordered)
}

/** What is claimed to be the same: of per-point and per-card alarms every step, of crews' alarms the episodes. */
function outline(stimuli: readonly Stimulus[]): unknown {
  const all = [...CLOCK, ...stimuli].sort((a, b) => a.at - b.at)
  const { transitions, refused } = play(all, { installation: mine, rules: RULES, start: START, until: END })
  expect(refused).toEqual([])
  const alarms = new Map<string, unknown[]>()
  for (const { alarm, rule, episode, cause, at, since, severity } of transitions) {
    if (rule === 'card-missing') continue
    const crew = rule === 'over-crew' || rule === 'unmonitored'
    if (crew && cause !== 'raised' && cause !== 'cleared') continue
    const step = { episode, cause, at: at - START, ...(crew ? {} : { since, severity }) }
    alarms.set(alarm, [...(alarms.get(alarm) ?? []), step])
  }
  return Object.fromEntries([...alarms].sort(([a], [b]) => (a < b ? -1 : 1)))
}

test('news that overtake each other within lateAfter leave alarms as they are', () => {
  let alarms = 0
  fc.assert(
    fc.property(
      orderly.chain((news) =>
        fc.tuple(
          fc.constant(news),
          fc.array(fc.integer({ min: 0, max: LATE_AFTER }), { minLength: news.length, maxLength: news.length }),
        ),
      ),
      ([news, lags]) => {
        const expected = outline(deliver(news, []))
        alarms += Object.keys(expected as object).length
        expect(outline(shuffled(news, lags))).toEqual(expected)
      },
    ),
    { numRuns: 80 },
  )
  // Streams without alarms would show nothing.
  expect(alarms).toBeGreaterThan(200)
})
