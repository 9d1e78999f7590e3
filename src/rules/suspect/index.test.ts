/** The cases of `suspect`, and that neither the order of arrival across points nor a snapshot changes what it says. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import type { Json } from '../../model/json.ts'
import type { Quality, Reading } from '../../model/reading.ts'
import type { Out, Scope, Stated } from '../../model/rule.ts'
import { MINUTE } from '../../model/time.ts'
import { RULES } from '../index.ts'
import { suspect } from './index.ts'
import type { SuspectParams } from './params.ts'

testCases('suspect')

const installation = inlineInstallation({
  file: 'suspect',
  known: RULES,
  site: {
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: ['a', 'b', 'c'].map((id) => ({ id, kind: 'gas.ch4', area: 'face' })),
  },
  rules: [{ id: 'suspect', rule: 'suspect', window: '6m', learn: '6m', memory: '30m' }],
})
const [instance] = installation.rules
const { points } = installation
const site = points[0]!.site
const scope = {
  site,
  instance,
  params: instance!.params,
  points,
  areas: [],
  began: 0,
} as unknown as Scope<SuspectParams>

type Sample = readonly [point: number, ts: number, value: number | null, quality: Quality]

/** Minute by minute: what is said of it arrives in that order, then the tick. */
function judge(minutes: readonly (readonly Sample[])[], reload: (minute: number) => boolean = () => false): Stated[] {
  const stated: Stated[] = []
  const out = (now: number): Out => ({
    now,
    settled: now,
    condition: (condition) => stated.push(condition),
    wakeAt: () => {},
  })
  let state = suspect.begin(scope, out(0))
  for (const [minute, samples] of minutes.entries()) {
    for (const [i, ts, value, quality] of samples) {
      const reading = { point: points[i]!, ts, value, quality, received: ts, timing: 'live' } as Reading
      suspect.reading!(state, reading, out(ts))
    }
    suspect.wake!(state, out((minute + 1) * MINUTE))
    if (reload(minute)) state = suspect.load(JSON.parse(JSON.stringify(suspect.save(state))) as Json, scope)
  }
  return stated
}

/** Three points that move, one of which stops for a while, with some bad and doubtful values in between. */
const story = fc
  .record({
    stops: fc.integer({ min: 10, max: 25 }),
    moves: fc.integer({ min: 26, max: 60 }),
    noise: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 30, maxLength: 30 }),
    spoilt: fc.integer({ min: 0, max: 16 }),
    quality: fc.constantFrom<Quality>('uncertain', 'bad'),
  })
  .map(({ stops, moves, noise, spoilt, quality }) =>
    Array.from({ length: 70 }, (_, minute) =>
      points.flatMap((__, i) =>
        [0, 20, 40].map((second, k): Sample => {
          const n = minute * 9 + i * 3 + k
          const still = i === 0 && minute >= stops && minute < moves
          const value = still ? 0.4 : 0.3 + (k % 2) * 0.08 + noise[n % noise.length]! / 100
          return [i, minute * MINUTE + second * 1_000, value, n % 17 === spoilt ? quality : 'good']
        }),
      ),
    ),
  )

test('points that overtake each other on the way, and snapshots, change nothing', () => {
  fc.assert(
    fc.property(story, fc.func(fc.boolean()), (minutes, reload) => {
      const plain = judge(minutes)
      const turned = minutes.map((samples) => [...samples].sort((a, b) => b[0] - a[0] || a[1] - b[1]))
      expect(judge(turned)).toEqual(plain)
      const strip = (all: Stated[]) => JSON.stringify(all.map(({ evidence: _, ...rest }) => rest))
      expect(strip(judge(minutes, reload))).toBe(strip(plain))
    }),
  )
})

test('only the one that stops is ever suspect, and no longer than it stands', () => {
  let raised = 0
  fc.assert(
    fc.property(story, (minutes) => {
      const stated = judge(minutes)
      for (const { key } of stated) expect(key).toBe('a')
      if (stated.length > 0) {
        raised += 1
        expect(stated.at(-1)!.truth).toBe('inactive')
      }
    }),
  )
  expect(raised).toBeGreaterThan(10)
})

test('bad readings of a point that was never good survive a snapshot', () => {
  const state = suspect.begin(scope, {} as Out)
  const out = { now: 0, settled: 0, condition() {}, wakeAt() {} }
  const bad = { point: points[0]!, ts: 0, value: null, quality: 'bad', received: 0, timing: 'live' } as Reading
  suspect.reading!(state, bad, out)
  const saved = JSON.parse(JSON.stringify(suspect.save(state))) as Json
  expect(suspect.save(suspect.load(saved, scope))).toEqual(suspect.save(state))
  expect(JSON.stringify(saved)).toContain('[null,null,0,1]')
})
