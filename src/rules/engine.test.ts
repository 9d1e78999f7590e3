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
  }
}

function engine(rules: readonly Rule[], options: { now?: number; saved?: never; hash?: string } = {}): Engine {
  const installation: Installation = {
    hash: 'h',
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

test('a rule that throws becomes a critical alarm, begins anew, and the others go on', () => {
  const bad = rule({
    name: 'bad',
    reading(state) {
      state.n += 1
      if (state.n === 2) throw new Error('divided by a goat')
    },
  })
  const good = rule({ name: 'good', reading: (_, { point }, out) => speak(out, point.id) })
  const running = engine([bad, good])
  const said: Condition[] = []
  running.reading(reading(points[0]!, 1), said)
  running.reading(reading(points[0]!, 2), said)
  running.reading(reading(points[0]!, 3), said)
  expect(keys(said)).toEqual(['i-good:a', 'rule-fault:i-bad', 'i-good:a', 'i-good:a'])
  expect(said[1]).toMatchObject({ severity: 'critical', truth: 'active', at: 2 })
  expect(said[1]!.text.en).toContain('divided by a goat')

  const after: Condition[] = []
  running.tick(2 + 10 * 60_000 - 1, after)
  expect(after).toEqual([])
  running.tick(2 + 10 * 60_000, after)
  expect(after[0]).toMatchObject({ key: 'i-bad', truth: 'inactive' })
})

test('a rule that cannot even begin stays down and its alarm up', () => {
  const dead = rule({
    name: 'dead',
    begin() {
      throw new Error('no params')
    },
    reading() {
      throw new Error('must not be called')
    },
  })
  const running = engine([dead])
  const said: Condition[] = []
  running.begun(said)
  expect(keys(said)).toEqual(['rule-fault:i-dead', 'rule-fault:i-dead'])
  running.begun(said)
  running.reading(reading(points[0]!, 1), said)
  running.tick(1_000, said)
  // Nothing has been running for ten minutes: the alarm must not end by itself.
  running.tick(11 * 60_000, said)
  expect(said).toHaveLength(2)
  expect(running.due()).toBe(Number.POSITIVE_INFINITY)
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
