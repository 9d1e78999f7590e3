import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../model/json.ts'
import type { Measurement, Value } from '../model/reading.ts'
import type { Installation } from '../model/site.ts'
import { FACE, install, pointOf } from './installation.fixture.ts'
import { createJudge, type Judge } from './judge.ts'

const T = Date.UTC(2026, 4, 1)
const HOUSE = install({ baoyuan: FACE, yuxing: [{ id: 'tank/level', kind: 'tank.level' }] })
const SITE = HOUSE.sites.get('baoyuan')!
const GAS = 'face-101/ch4-t1'

interface Word extends Partial<Omit<Measurement, 'point' | 'value' | 'ts'>> {
  readonly point?: string
  readonly value?: Value | null
  /** Seconds after T. */
  readonly ts?: number
  /** Seconds after T; default: at once. */
  readonly received?: number
}

function say(judge: Judge, { point = GAS, value = 1, ts = 0, received = ts, ...rest }: Word) {
  const ref = { siteId: 'baoyuan', id: point }
  return judge.judge({ point: ref, ts: T + ts * 1_000, value, quality: 'good', ...rest }, T + received * 1_000)
}

const timings = (words: readonly Word[], judge = createJudge(HOUSE)) => words.map((word) => say(judge, word)?.timing)
const worth = (word: Word) => say(createJudge(HOUSE), word)?.quality

test('a reading carries its point, its arrival and all that was measured', () => {
  const reading = say(createJudge(HOUSE), { ts: 1, received: 2, ref: 'r', status: 'warming', stamped: 'arrival' })
  expect(reading).toEqual({
    point: pointOf(HOUSE, GAS),
    ts: T + 1_000,
    value: 1,
    quality: 'good',
    received: T + 2_000,
    timing: 'live',
    ref: 'r',
    status: 'warming',
    stamped: 'arrival',
  })
})

test('a point that is no longer configured is judged no more', () => {
  expect(say(createJudge(HOUSE), { point: 'face-9/ch4' })).toBeUndefined()
  const site = { siteId: 'nowhere', id: GAS }
  expect(createJudge(HOUSE).judge({ point: site, ts: T, value: 1, quality: 'good' }, T)).toBeUndefined()
})

test.each<[string, Word, string]>([
  ['null', { value: null }, 'bad'],
  ['below the range', { value: -0.01 }, 'bad'],
  ['above the range', { value: 10.01 }, 'bad'],
  ['the range’s edges', { value: 10 }, 'good'],
  ['a sentinel', { value: 6.5535 }, 'bad'],
  ['calibrating', { status: 'calibrating' }, 'bad'],
  ['a status nobody knows', { status: 'warming' }, 'good'],
  ['a doubtful claim', { quality: 'uncertain' }, 'uncertain'],
  ['a bad claim', { quality: 'bad' }, 'bad'],
  ['a claim ahead of its time', { ts: 31, received: 0 }, 'uncertain'],
  ['a bad claim ahead of its time', { ts: 31, received: 0, quality: 'bad' }, 'bad'],
  ['a late one', { ts: 0, received: 31 }, 'good'],
])('%s is worth what it should be', (_, word, quality) => {
  expect(worth(word)).toBe(quality)
})

test('a value of another kind than the point’s of today is no value', () => {
  const judge = createJudge(HOUSE)
  const words: [string, Value][] = [
    [GAS, true],
    ['feeders/f-101', 1],
    ['cameras/c-101', 1],
    ['readers/r-101-a', { direction: 'in', card: 'a' }],
    ['gate', { card: 'a' }],
    ['weld-01/session', { card: 'a' }],
  ]
  for (const [point, value] of words)
    expect(say(judge, { point, value })).toMatchObject({ value: null, quality: 'bad' })
})

test('older than the last of its point, or more than 30 s behind arrival, is late; equal is not', () => {
  expect(
    timings([
      { ts: 10 },
      { ts: 10 },
      { ts: 9, received: 10 },
      { ts: 10, received: 40 },
      { ts: 10, received: 40.001 },
      { ts: 41 },
    ]),
  ).toEqual(['live', 'live', 'late', 'live', 'late', 'live'])
})

test('an early reading does not make the honest ones after it late; nor do late ones turn time back', () => {
  expect(
    timings([{ ts: 0 }, { ts: 3600, received: 1 }, { ts: 2 }, { ts: 1, received: 3 }, { ts: 1.5, received: 4 }]),
  ).toEqual(['live', 'early', 'live', 'late', 'late'])
  expect(
    timings([
      { ts: 30, received: 0 },
      { ts: 30.001, received: 0 },
    ]),
  ).toEqual(['live', 'early'])
})

test('a card is one subject across readers and gates; other cards, and points, are others', () => {
  const card = (id: string): Value => ({ card: id })
  expect(
    timings([
      { point: 'readers/r-101-a', value: card('a'), ts: 10 },
      { point: 'readers/r-101-b', value: card('a'), ts: 9, received: 10 },
      { point: 'readers/r-101-a', value: card('b'), ts: 5, received: 10 },
      { point: 'gate', value: { direction: 'out', card: 'a', person: 'p' }, ts: 9, received: 10 },
      { point: 'gate', value: { direction: 'out', person: 'p' }, ts: 9, received: 10 },
      { point: 'gate', value: { direction: 'out', person: 'p' }, ts: 8, received: 10 },
      { point: 'gate', value: { direction: 'out', person: 'a' }, ts: 8, received: 10 },
      { point: 'gate', value: { direction: 'in' }, ts: 7, received: 10 },
      { point: 'gate', value: { direction: 'in' }, ts: 6, received: 10 },
      { point: 'readers/r-101-a', value: null, ts: 1, received: 10 },
      { value: 1, ts: 1, received: 10 },
    ]),
  ).toEqual(['live', 'late', 'live', 'late', 'live', 'late', 'live', 'live', 'late', 'live', 'live'])
})

test('settled is now less twice the lag seen lately, at most lateAfter', () => {
  const judge = createJudge(HOUSE)
  const behind = (seconds: number) => (T + seconds * 1_000 - judge.settled(SITE, T + seconds * 1_000)) / 1_000
  expect(behind(0)).toBe(0)
  say(judge, { ts: 0, received: 4 })
  expect(behind(4)).toBe(8)
  say(judge, { ts: 10, received: 11 })
  expect(behind(299)).toBe(8)
  say(judge, { ts: 310, received: 311 })
  expect(behind(599)).toBe(8)
  expect(behind(600)).toBe(2)
  expect(behind(899)).toBe(2)
  expect(behind(900)).toBe(0)
  say(judge, { ts: 900, received: 920 })
  expect(behind(920)).toBe(30)
  expect(judge.settled(HOUSE.sites.get('yuxing')!, T)).toBe(T)
})

test('bad, late, early and arrival-stamped readings teach nothing of disorder', () => {
  const judge = createJudge(HOUSE)
  say(judge, { ts: 0, received: 5, value: null })
  say(judge, { ts: 1, received: 5, stamped: 'arrival' })
  say(judge, { ts: 90, received: 5 })
  say(judge, { ts: 5, received: 50 })
  expect(judge.settled(SITE, T + 50_000)).toBe(T + 50_000)
})

test('the report counts by site and names the clocks that run ahead until they run true', () => {
  const judge = createJudge(HOUSE)
  say(judge, { ts: 100, received: 0 })
  say(judge, { ts: 200, received: 1 })
  say(judge, { point: 'feeders/f-101', ts: 0, received: 60, value: null })
  expect(judge.report(SITE)).toEqual({
    late: 1,
    early: 2,
    bad: 1,
    ahead: new Map([[GAS, { by: 199_000, received: T + 1_000 }]]),
  })
  say(judge, { ts: 61 })
  expect(judge.report(SITE).ahead.size).toBe(0)
  expect(judge.report(HOUSE.sites.get('yuxing')!)).toMatchObject({ late: 0, early: 0, bad: 0 })
})

const cards: fc.Arbitrary<Value> = fc.record({ card: fc.constantFrom('a', 'b', '__proto__') })
const passages: fc.Arbitrary<Value> = fc.record(
  { direction: fc.constantFrom('in', 'out'), person: fc.constantFrom('a', 'p'), card: fc.constantFrom('a', 'b') },
  { requiredKeys: ['direction'] },
) as fc.Arbitrary<Value>
const spoken = fc.oneof(
  fc.tuple(fc.constant(GAS), fc.constantFrom<Value | null>(1, 11, null)),
  fc.tuple(fc.constantFrom('readers/r-101-a', 'readers/r-101-b'), cards),
  fc.tuple(fc.constant('gate'), passages),
)
/** Words with arrivals that never run backwards, in steps long enough to leave subjects and buckets behind. */
const words = fc
  .array(fc.tuple(spoken, fc.integer({ min: -70, max: 40 }), fc.constantFrom(0, 0, 1, 5, 20, 31, 300), fc.boolean()), {
    maxLength: 40,
  })
  .map((steps) => {
    let received = 0
    return steps.map(([[point, value], lead, step, untimed]): Word => {
      received += step
      return { point, value, ts: received + lead, received, ...(untimed && { stamped: 'arrival' }) }
    })
  })

function hear(judge: Judge, heard: readonly Word[]) {
  return heard.map((word) => {
    const reading = say(judge, word)
    return { ...reading, point: reading?.point.id, settled: judge.settled(SITE, T + (word.received ?? 0) * 1_000) }
  })
}

function restored(saved: Json, house: Installation = HOUSE): Judge {
  const judge = createJudge(house)
  judge.load(JSON.parse(JSON.stringify(saved)))
  return judge
}

test('saving and loading at any place changes nothing, under another numbering of the points too', () => {
  const renumbered = install({ yuxing: [{ id: 'tank/level', kind: 'tank.level' }], baoyuan: FACE.toReversed() })
  fc.assert(
    fc.property(words, fc.nat({ max: 40 }), fc.boolean(), (all, place, renumber) => {
      const straight = createJudge(HOUSE)
      const expected = hear(straight, all)
      const before = createJudge(HOUSE)
      const head = hear(before, all.slice(0, place))
      const resumed = restored(before.save())
      expect([...head, ...hear(resumed, all.slice(place))]).toEqual(expected)
      expect(JSON.stringify(resumed.save())).toBe(JSON.stringify(straight.save()))
      if (!renumber) return
      const moved = restored(before.save(), renumbered)
      const site = renumbered.sites.get('baoyuan')!
      const timing = all.slice(place).map((word) => say(moved, word)?.timing)
      expect(timing).toEqual(expected.slice(place).map((reading) => reading.timing))
      expect(moved.report(site)).toEqual(straight.report(SITE))
    }),
    { numRuns: 1_000 },
  )
})

test('the state of a site does not grow with the cards that came and went', () => {
  const judge = createJudge(HOUSE)
  for (let i = 0; i < 20_000; i++) say(judge, { point: 'readers/r-101-a', value: { card: `c-${i}` }, ts: i })
  expect(JSON.stringify(judge.save()).length).toBeLessThan(2_000)
  expect(
    timings([{ point: 'readers/r-101-a', value: { card: 'c-19990' }, ts: 19_989, received: 20_000 }], judge),
  ).toEqual(['late'])
})

test('points that are gone from the configuration are gone from a loaded state', () => {
  const judge = createJudge(HOUSE)
  say(judge, { ts: 90, received: 0 })
  say(judge, { ts: 1 })
  say(judge, { ts: 90, received: 1 })
  const smaller = install({ baoyuan: FACE.slice(1) })
  expect(JSON.stringify(restored(judge.save(), smaller).save())).not.toContain(GAS)
  expect(restored(judge.save(), install({})).save()).toMatchObject({ sites: [] })
})
