import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Condition, Truth } from '../model/alarm.ts'
import type { RuleInstance } from '../model/rule.ts'
import type { Site } from '../model/site.ts'
import { type Pending, ripe, weigh } from './delay.ts'

interface Word {
  readonly type: 'word'
  readonly truth: Truth
  /** Event time. */
  readonly at: number
  /** The arrival clock. */
  readonly now: number
  readonly raiseAfter: number
  readonly clearAfter: number
}

interface Tick {
  readonly type: 'tick'
  readonly now: number
  /** How far behind the clock the site's news is complete. */
  readonly disorder: number
}

type Step = Word | Tick

const instance = { raiseAfter: 0, clearAfter: 0 } as RuleInstance
const conditionOf = ({ truth, at, raiseAfter, clearAfter }: Word): Condition => ({
  site: {} as Site,
  instance,
  key: 'k',
  truth,
  at,
  severity: 'major',
  text: { zh: '', en: '' },
  evidence: [],
  raiseAfter,
  clearAfter,
})

/** What is under test, over a whole history of one key. */
function judged(steps: readonly Step[]): string[] {
  const told: string[] = []
  let active = false
  let pending: Pending | undefined
  for (const step of steps) {
    if (step.type === 'word') {
      const verdict = weigh(conditionOf(step), { active, pending, now: step.now })
      for (const { event, since, at } of verdict.due) {
        active = event === 'raise'
        told.push(`${event} ${since} ${at}`)
      }
      pending = verdict.pending && { ...verdict.pending }
    } else if (pending && ripe(pending, { now: step.now, settled: step.now - step.disorder })) {
      active = pending.event === 'raise'
      told.push(`${pending.event} ${pending.since} ${pending.since + pending.delay}`)
      pending = undefined
    }
  }
  return told
}

/** The words of the decision, read anew at every step over everything said so far: nothing is carried along but what was told. */
function expected(steps: readonly Step[]): string[] {
  const told: string[] = []
  let active = false
  /** Where the search for a beginning starts: what was concluded before is over. */
  let from = 0
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!
    if (step.type === 'word' && step.truth === 'unknown') {
      // Bad neither raises nor clears, and nobody saw a clear delay through it.
      if (active) from = i + 1
      continue
    }
    const wanted: Truth = active ? 'inactive' : 'active'
    const event = active ? 'clear' : 'raise'
    // The run of words that wanted the other state without a break, up to before this step.
    const run: Word[] = []
    for (let j = i - 1; j >= from; j--) {
      const before = steps[j]!
      if (before.type !== 'word' || before.truth === 'unknown') continue
      if (before.truth !== wanted) break
      run.unshift(before)
    }
    const [first] = run
    if (first) {
      const delay = active ? first.clearAfter : first.raiseAfter
      const since = Math.min(...run.map(({ at }) => at))
      const held =
        step.type === 'word'
          ? step.at >= since + delay
          : step.now - step.disorder >= since + delay && step.now >= first.now + delay
      if (held) {
        told.push(`${event} ${since} ${since + delay}`)
        active = !active
        from = step.type === 'word' ? i : i + 1
      }
    }
    if (step.type !== 'word') continue
    // The word itself may want another state, at once where there is no delay.
    const wants = step.truth === 'active'
    const delay = wants ? step.raiseAfter : step.clearAfter
    const waits = steps.slice(from, i).some((s) => s.type === 'word' && s.truth === step.truth)
    if (wants !== active && delay === 0 && !waits) {
      told.push(`${wants ? 'raise' : 'clear'} ${step.at} ${step.at}`)
      active = wants
      from = i + 1
    } else if (wants === active) {
      // Nothing waits any more.
      from = i + 1
    }
  }
  return told
}

const delay = fc.constantFrom(0, 3, 10)
const step = fc.record({
  tick: fc.boolean(),
  truth: fc.constantFrom<Truth>('active', 'active', 'inactive', 'inactive', 'unknown'),
  /** Since the last step, on the arrival clock. */
  pause: fc.integer({ min: 0, max: 6 }),
  /** Behind arrival, at most; the key's own words do not overtake each other. */
  lag: fc.constantFrom(0, 0, 1, 5, 30),
  raiseAfter: delay,
  clearAfter: delay,
})

const history = fc.array(step, { maxLength: 25 }).map((list) => {
  let now = 100
  let last = 0
  return list.map(({ tick, truth, pause, lag, raiseAfter, clearAfter }): Step => {
    now += pause
    if (tick) return { type: 'tick', now, disorder: lag }
    last = Math.max(last, now - lag)
    return { type: 'word', truth, at: last, now, raiseAfter, clearAfter }
  })
})

test('delays conclude as the decision says, whatever is said and however it ticks', () => {
  const seen = { raise: 0, clear: 0, waited: 0 }
  fc.assert(
    fc.property(history, (steps) => {
      const told = judged(steps)
      expect(told).toEqual(expected(steps))
      for (const line of told) {
        const [event, since, at] = line.split(' ') as ['raise' | 'clear', string, string]
        seen[event] += 1
        if (since !== at) seen.waited += 1
      }
    }),
    { numRuns: 3_000 },
  )
  // Histories in which nothing is told would show nothing.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100)
})

const word = (truth: Truth, at: number, part: Partial<Word> = {}): Word => ({
  type: 'word',
  truth,
  at,
  now: at,
  raiseAfter: 10,
  clearAfter: 5,
  ...part,
})

test('a sample that is old on arrival has held for no time on the arrival clock', () => {
  const old = word('active', 0, { now: 1_200 })
  const tick = (now: number): Tick => ({ type: 'tick', now, disorder: 0 })
  expect(judged([old, tick(1_200), tick(1_209)])).toEqual([])
  expect(judged([old, tick(1_210)])).toEqual(['raise 0 10'])
})

test('news that is not complete concludes nothing', () => {
  const begun = word('active', 0)
  expect(judged([begun, { type: 'tick', now: 20, disorder: 11 }])).toEqual([])
  expect(judged([begun, { type: 'tick', now: 20, disorder: 10 }])).toEqual(['raise 0 10'])
})

test('a statement that has waited already raises at once, also over one that waits', () => {
  const before = weigh(conditionOf(word('active', 0)), { active: false, pending: undefined, now: 0 })
  const condition = { ...conditionOf(word('active', 4)), elapsed: true }
  const verdict = weigh(condition, { active: false, pending: before.pending, now: 4 })
  expect(verdict).toEqual({ due: [{ event: 'raise', since: 4, at: 4 }], pending: undefined })
})
