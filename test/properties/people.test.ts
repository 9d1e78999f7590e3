/** The rules about people and cards under generated news: a snapshot is as good as the past, duplicates are nothing, and overtaking on the way changes no alarm. */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { inlineInstallation } from '../../src/app/cases/inline.ts'
import { play } from '../../src/app/cases/play.ts'
import type { Stimulus } from '../../src/app/cases/stimuli.ts'
import { serialiseTransition } from '../../src/app/wire.ts'
import type { Transition } from '../../src/model/alarm.ts'
import { RULES } from '../../src/rules/index.ts'
import { deliver, inOrder, LATE_AFTER, LENGTH, type News, orderly, START, wild } from './mine.ts'
import { runs } from './thorough.ts'

// Seconds of work; the bound is for a machine that stalls.
vi.setConfig({ testTimeout: 300_000 })

const END = START + LENGTH + 30 * 60_000

const people = inlineInstallation({
  file: 'people',
  known: RULES,
  site: {
    areas: [
      { id: 'surface' },
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
      { id: 'maint', kind: 'restricted', in: 'underground', allow: ['p-2'] },
    ],
    points: [
      { id: 'ch4-1', kind: 'gas.ch4', area: 'face', range: [0, 10] },
      { id: 'ch4-2', kind: 'gas.ch4', area: 'maint', range: [0, 10] },
      { id: 'camera', kind: 'device.state', area: 'face', device: 'camera' },
      { id: 'welder', kind: 'weld.current', area: 'maint' },
      { id: 'r-face', kind: 'card.reader', area: 'face', at: [0, 0, 0] },
      { id: 'r-maint', kind: 'card.reader', area: 'maint', at: [500, 0, 0] },
      { id: 'r-main', kind: 'card.reader', area: 'underground', at: [250, 0, 0] },
      { id: 'gate', kind: 'gate', area: 'surface' },
      { id: 'heads', kind: 'count.people', area: 'face' },
      { id: 'video', kind: 'count.people', area: 'face', silentAfter: '2m' },
      { id: 'clock', kind: 'count.lamps', area: 'surface' },
    ],
  },
  people: 'person,card,name\np-1,c-1,A\np-2,c-2,B\np-3,c-3,C\np-3,c-33,C\n',
  rules: [
    {
      id: 'gas',
      rule: 'limit',
      match: { kind: 'gas.ch4' },
      levels: [{ name: 'cut', high: 1.5, clear: 1 }],
    },
    { id: 'zone', rule: 'restricted', clearAfter: '10s' },
    { id: 'help', rule: 'sos', clearAfter: '5s' },
    { id: 'stay', rule: 'overstay', hours: '5m', gap: '1m' },
    { id: 'conflict', rule: 'card-conflict', clearAfter: '30s' },
    { id: 'heads', rule: 'head-count', match: { id: ['heads', 'video', 'gate'] }, raiseAfter: '20s', settle: '8m' },
    { id: 'evacuate', rule: 'not-evacuated', within: '40s', clearAfter: '5s' },
    { id: 'convoy', rule: 'card-convoy', readers: 3, gap: '10s' },
  ],
})

const bytes = (transitions: readonly Transition[]) =>
  transitions.map((one) => JSON.stringify(serialiseTransition(one, people))).join('\n')

/** Silence is told by the arrival clock, so a count that falls silent is not for what may overtake. */
const counts = (point: string) =>
  fc
    .array(fc.record({ minute: fc.nat({ max: 40 }), value: fc.constantFrom(0, 1, 2, 3, null) }), { maxLength: 25 })
    .map((counts) =>
      counts.map(({ minute, value }): News => ({ subject: point, ts: START + minute * 30_000, point, value })),
    )

/** Two who walk about, nearly together: most steps within the gap, some not. */
const walk = fc
  .array(
    fc.record({
      point: fc.constantFrom('r-face', 'r-maint', 'r-main'),
      late: fc.constantFrom(0, 0, 0, 2_000, 2_000, 10_000, 10_500),
      alone: fc.constantFrom(false, false, false, false, false, false, true),
    }),
    { minLength: 5, maxLength: 20 },
  )
  .map((steps) =>
    steps.flatMap(({ point, late, alone }, i): News[] => {
      const ts = START + i * 55_000
      const seen = (card: string, at: number): News => ({ subject: card, ts: at, point, value: { card } })
      return alone ? [seen('c-7', ts)] : [seen('c-7', ts), seen('c-8', ts + late)]
    }),
  )

/** Cards three metres from their reader call for help, so that the news of the other properties serve here, too. */
const calling = (news: readonly News[]): News[] =>
  news.map((one) => {
    const value = one.value as { readonly distance?: number } | null
    return value !== null && typeof value === 'object' && value.distance === 3
      ? { ...one, value: { ...value, sos: true } }
      : one
  })

const anything = fc
  .tuple(wild, counts('heads'), counts('video'), walk)
  .map(([[news, lags], ...counted]): [News[], number[]] => {
    const all = [
      ...calling(news).map((one, i) => ({ one, lag: lags[i]! })),
      ...counted.flat().map((one) => ({ one, lag: 0 })),
    ]
    return [all.map(({ one }) => one), all.map(({ lag }) => lag)]
  })

const options = { installation: people, rules: RULES, start: START, until: END }

test('going on from a snapshot, at any entry, changes nothing', () => {
  const raised = new Set<string>()
  fc.assert(
    fc.property(anything, ([news, lags]) => {
      const stimuli = deliver(news, lags)
      const straight = play(stimuli, options)
      for (const { instance, cause } of straight.transitions) if (cause === 'raised') raised.add(instance)
      const resumed = play(stimuli, { ...options, resume: true })
      expect(resumed.refused).toEqual(straight.refused)
      expect(bytes(resumed.transitions)).toBe(bytes(straight.transitions))
    }),
    { numRuns: runs(8, 60), endOnFailure: true },
  )
  // Of what never rises, the above proves nothing.
  expect([...raised].sort()).toEqual(people.rules.map(({ id }) => id).sort())
}, 180_000)

test('duplicates change nothing', () => {
  fc.assert(
    fc.property(anything, ([news, lags]) => {
      const stimuli = deliver(news, lags)
      const twice = stimuli.flatMap((one) => [one, one])
      expect(bytes(play(twice, options).transitions)).toBe(bytes(play(stimuli, options).transitions))
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

/** One point reports half of `lateAfter` behind all the time, so that the site's disorder is known. */
const CLOCK: readonly Stimulus[] = Array.from({ length: (END - START) / 60_000 }, (_, i) => {
  const at = START + i * 60_000
  return { at, line: { site: 'mine', point: 'clock', ts: at - LATE_AFTER / 2, value: i, received: at } }
})

/** The same news, each up to `lateAfter` on the way; those of one subject do not overtake each other. */
function shuffled(news: readonly News[], lags: readonly number[]): Stimulus[] {
  const last = new Map<string, number>()
  const stimuli = news.map(({ subject, ...reading }, i) => {
    const lag = Math.max(lags[i]!, (last.get(subject) ?? 0) - reading.ts)
    const at = Math.min(reading.ts + lag, reading.ts + LATE_AFTER)
    last.set(subject, at)
    return { at, line: { site: 'mine', ...reading, received: at } }
  })
  return [...stimuli, ...CLOCK].sort((a, b) => a.at - b.at)
}

/** What happened to whom, when, without the order in which it was found. */
const told = (transitions: readonly Transition[]) =>
  transitions.map(({ alarm, cause, at }) => `${at} ${alarm} ${cause}`).sort()

test('overtaking on the way, once it is known, changes no alarm', () => {
  fc.assert(
    fc.property(
      fc
        .tuple(orderly, counts('heads'), walk)
        .map(([a, b, c]) => inOrder([...calling(a), ...c, ...b.filter(({ value }) => value !== null)])),
      fc.array(fc.integer({ min: 0, max: LATE_AFTER }), { minLength: 400, maxLength: 400 }),
      (news, lags) => {
        const still = shuffled(
          news,
          news.map(() => 0),
        )
        expect(told(play(shuffled(news, lags), options).transitions)).toEqual(told(play(still, options).transitions))
      },
    ),
    { numRuns: 40, endOnFailure: true },
  )
})
