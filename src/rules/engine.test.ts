import { expect, test } from 'vitest'
import type { Condition } from '../model/alarm.ts'
import { POINT_KINDS, type Point } from '../model/point.ts'
import type { Reading } from '../model/reading.ts'
import type { Out, Rule, RuleInstance } from '../model/rule.ts'
import { ALL_DAY } from '../model/shift.ts'
import type { Installation, Site } from '../model/site.ts'
import { createEngine, type Engine } from './engine.ts'

const site = {
  index: 0,
  id: 'baoyuan',
  kind: 'coal-mine',
  status: 'producing',
  timezone: 'Asia/Shanghai',
  lateAfter: 30_000,
  shifts: ALL_DAY,
  areas: new Map(),
  points: new Map(),
  people: new Map(),
  cards: new Map(),
} as unknown as Site & { points: Map<string, Point> }
const points: Point[] = ['a', 'b'].map((id, index) => ({
  index,
  id,
  siteId: site.id,
  site,
  kind: 'gas.ch4',
  shape: POINT_KINDS['gas.ch4'].shape,
  attributes: {},
}))
for (const point of points) site.points.set(point.id, point)

const text = { zh: '', en: '' }

function rule(more: Partial<Rule<unknown, { n: number }>>): Rule {
  return {
    name: 'probe',
    title: text,
    key: 'point',
    watches: ['gas.ch4'],
    matches: 'points',
    partition: 'point',
    defaults: { raiseAfter: 0, clearAfter: 0, severity: 'minor' },
    params: {} as never,
    begin: () => ({ n: 0 }),
    save: (state) => state as never,
    load: (saved) => saved as never,
    ...more,
  } as Rule
}

function instance(id: string, name: string, hash = id): RuleInstance {
  return {
    index: 0,
    id,
    rule: name,
    regulation: { id: 'pack', title: text },
    match: {},
    severity: 'minor',
    raiseAfter: 0,
    clearAfter: 0,
    params: {},
    hash,
    lineage: hash,
  }
}

function engine(rules: readonly Rule[], options: { now?: number; saved?: never; hash?: string } = {}): Engine {
  const installation: Installation = {
    hash: 'h',
    graph: 'g',
    sites: new Map([[site.id, site]]),
    points,
    regulations: [],
    rules: rules.map(({ name }) => instance(`i-${name}`, name, options.hash)),
  }
  const { now = 0, saved } = options
  return createEngine({
    installation,
    rules: new Map(rules.map((r) => [r.name, r])),
    settled: (_, at) => at,
    began: 0,
    now,
    ...(saved !== undefined && { saved }),
  })
}

function reading(point: Point, received: number, value = 1): Reading {
  return { point, ts: received, received, value, quality: 'good', timing: 'live' }
}

const speak = (out: Out, key: string) => out.condition({ key, truth: 'active', at: out.now, text, evidence: [] })
const keys = (conditions: readonly Condition[]) => conditions.map(({ instance, key }) => `${instance.id}:${key}`)

const MINUTE = 60_000
const json = (running: Engine) => JSON.parse(JSON.stringify(running.save())) as never

/** Says that its point is over while the value is above 1; throws at 13. */
const brittle = () =>
  rule({
    name: 'bad',
    reading(_, { point, value, ts: at }, out) {
      if (value === 13) throw new Error('divided by a goat')
      const truth = (value as number) > 1 ? 'active' : 'inactive'
      out.condition({ key: point.id, truth, at, text, evidence: [] })
    },
  })

test('a rule that throws becomes a critical alarm, what it had said is unknown, and the others go on', () => {
  const good = rule({ name: 'good', reading: (_, { point }, out) => speak(out, point.id) })
  const running = engine([brittle(), good])
  const said: Condition[] = []
  const read = (at: number, value: number) => running.reading(reading(points[0]!, at, value), said)
  read(1, 2)
  read(2, 13)
  // It is down until the next tick: nothing is judged by it, and the alarm stands.
  read(3, 0)
  expect(keys(said)).toEqual(['i-bad:a', 'i-good:a', 'rule-fault:i-bad', 'i-bad:a', 'i-good:a', 'i-good:a'])
  expect(said[2]).toMatchObject({ severity: 'critical', truth: 'active', at: 2 })
  expect(said[2]!.text.en).toMatch(/divided by a goat; unknown until then: a$/)
  expect(said[3]).toMatchObject({ truth: 'unknown', at: 2 })
})

test('what failed begins anew at a tick; the fault ends once it has run for ten minutes', () => {
  const running = engine([brittle()])
  running.reading(reading(points[0]!, 1, 2), [])
  running.reading(reading(points[0]!, 2, 13), [])
  expect(running.due()).toBe(1_002)
  const after: Condition[] = []
  running.tick(2_000, after)
  running.reading(reading(points[0]!, 2_500, 2), after)
  expect(keys(after)).toEqual(['i-bad:a'])
  running.tick(2_000 + 10 * MINUTE - 1, after)
  expect(after).toHaveLength(1)
  running.tick(2_000 + 10 * MINUTE, after)
  // Found again since, the alarm goes on: only the fault ends.
  expect(after.slice(1).map(({ key, truth }) => `${key} ${truth}`)).toEqual(['i-bad inactive'])
})

test('an alarm from before the failure that is not found again ends with the fault, and says why', () => {
  const running = engine([brittle()])
  running.reading(reading(points[0]!, 1, 2), [])
  running.reading(reading(points[0]!, 2, 13), [])
  const after: Condition[] = []
  running.tick(2_000, after)
  running.tick(2_000 + 10 * MINUTE, after)
  expect(after.map(({ key, truth }) => `${key} ${truth}`)).toEqual(['a inactive', 'i-bad inactive'])
  expect(after[0]).toMatchObject({ elapsed: true })
  expect(after[0]!.text.en).toContain('look on the spot')
})

test('what keeps failing is begun anew ever more seldom, never given up, and its alarm stays up', () => {
  let tries = 0
  const dead = rule({
    name: 'dead',
    partition: 'site',
    begin() {
      tries += 1
      if (tries < 12) throw new Error('no params')
      return { n: 0 }
    },
  })
  const running = engine([dead])
  const said: Condition[] = []
  running.begun(said)
  const waits: number[] = []
  let now = 0
  for (let i = 0; i < 11; i++) {
    const due = running.due()
    waits.push((due - now) / 1_000)
    now = due
    running.tick(now, said)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  expect(new Set(said.map(({ truth }) => truth))).toEqual(new Set(['active']))
  running.tick(now + 10 * MINUTE, said)
  expect(said.at(-1)).toMatchObject({ key: 'i-dead', truth: 'inactive' })
})

test('a snapshot in the middle of a failure goes on with it; a mended item begins at once', () => {
  const before = engine([brittle()])
  before.reading(reading(points[0]!, 1, 2), [])
  before.reading(reading(points[0]!, 2, 13), [])
  const resumed = engine([brittle()], { now: 3, saved: json(before) })
  expect(json(resumed)).toEqual(json(before))
  const said: Condition[] = []
  resumed.reading(reading(points[0]!, 4, 2), said)
  expect(said).toEqual([])
  expect(resumed.due()).toBe(1_002)
  resumed.tick(2_000, said)
  resumed.tick(2_000 + 10 * MINUTE, said)
  expect(said.map(({ key, truth }) => `${key} ${truth}`)).toEqual(['a inactive', 'i-bad inactive'])

  const mended = engine([brittle()], { now: 3, saved: json(before), hash: 'v2' })
  mended.reading(reading(points[0]!, 4, 2), said)
  expect(said.at(-1)).toMatchObject({ key: 'a', truth: 'active' })
})

test('the fault of a rule that is withdrawn ends with time, across a snapshot', () => {
  const bad = rule({
    name: 'bad',
    reading() {
      throw new Error('goat')
    },
  })
  const running = engine([bad])
  running.reading(reading(points[0]!, 1), [])
  const saved = JSON.parse(JSON.stringify(running.save())) as never
  const without = engine([], { now: 2, saved })
  const said: Condition[] = []
  without.tick(11 * 60_000, said)
  expect(said.map(({ key, truth }) => `${key} ${truth}`)).toEqual(['i-bad inactive'])
})

test('wake-ups fire at ticks only, in order of instant and then of instance, once', () => {
  const sleeper = (name: string, at: number) =>
    rule({
      name,
      partition: 'site',
      begin(_, out) {
        out.wakeAt(at)
        out.wakeAt(at + 500)
        return { n: 0 }
      },
      wake: (_, out) => speak(out, `${name}@${out.now}`),
    })
  const running = engine([sleeper('late', 30), sleeper('first', 20), sleeper('same', 30)])
  expect(running.due()).toBe(20)
  const said: Condition[] = []
  running.reading(reading(points[0]!, 100), said)
  expect(said).toEqual([])
  running.tick(40, said)
  expect(keys(said)).toEqual(['i-first:first@40', 'i-late:late@40', 'i-same:same@40'])
  running.tick(10_000, said)
  expect(said).toHaveLength(3)
  expect(running.due()).toBe(Number.POSITIVE_INFINITY)
})

test('asking for the present again means the next tick, not for ever', () => {
  const eager = rule({
    name: 'eager',
    partition: 'site',
    begin(_, out) {
      out.wakeAt(0)
      return { n: 0 }
    },
    wake(state, out) {
      state.n += 1
      out.wakeAt(out.now)
      speak(out, String(state.n))
    },
  })
  const running = engine([eager])
  const said: Condition[] = []
  running.tick(10, said)
  running.tick(20, said)
  expect(keys(said)).toEqual(['i-eager:1', 'i-eager:2'])
})

test('state goes on where the instance is unchanged and begins anew where it is not', () => {
  const counter = rule({
    name: 'counter',
    reading(state, { point }, out) {
      state.n += 1
      out.wakeAt(5_000)
      speak(out, `${point.id}${state.n}`)
    },
    wake: (state, out) => speak(out, `wake${state.n}`),
  })
  const before = engine([counter], { hash: 'v1' })
  before.reading(reading(points[1]!, 1), [])
  const saved = JSON.parse(JSON.stringify(before.save())) as never

  const same: Condition[] = []
  const kept = engine([counter], { hash: 'v1', saved, now: 1 })
  kept.reading(reading(points[1]!, 2), same)
  kept.tick(5_000, same)
  expect(keys(same)).toEqual(['i-counter:b2', 'i-counter:wake2'])

  const changed: Condition[] = []
  const anew = engine([counter], { hash: 'v2', saved, now: 1 })
  anew.reading(reading(points[1]!, 2), changed)
  expect(keys(changed)).toEqual(['i-counter:b1'])
})
