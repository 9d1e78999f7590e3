/** Calls a rule as the engine would and writes down what it says and asks for. */
import type { Crew } from '../src/model/crew.ts'
import type { Json } from '../src/model/json.ts'
import type { Point } from '../src/model/point.ts'
import type { Quality, Reading } from '../src/model/reading.ts'
import type { Out, Rule, Scope, Stated } from '../src/model/rule.ts'
import type { Installation } from '../src/model/site.ts'

export interface Recorder {
  readonly stated: Stated[]
  /** Instants at which to be woken, as asked for. */
  readonly wakes: number[]
  /** A good live reading unless told otherwise, arriving as it is measured. */
  read(ts: number, value: Reading['value'], quality?: Quality): void
  wake(now: number): void
  /** The state, by way of JSON. */
  reload(): void
}

/** The first rule item of the installation, for a rule that partitions by point, at its first point. */
export function record(rule: Rule, installation: Installation): Recorder {
  const instance = installation.rules[0]!
  const point = installation.points[0] as Point
  const { site } = point
  const crew: Crew = {
    site,
    member: () => undefined,
    inside: () => [],
    count: () => 0,
    members: () => [][Symbol.iterator](),
  }
  const scope: Scope<unknown> = {
    site,
    instance,
    params: instance.params,
    point,
    points: [point],
    areas: [],
    crew,
    welding: { machine: () => undefined, permits: () => [] },
    began: 0,
    instances: installation.rules,
  }
  const stated: Stated[] = []
  const wakes: number[] = []
  const out = (now: number): Out => ({
    now,
    settled: now,
    condition: (condition) => stated.push(condition),
    wakeAt: (at) => wakes.push(at),
  })
  let state = rule.begin(scope, out(0))
  return {
    stated,
    wakes,
    read(ts, value, quality = 'good') {
      rule.reading!(state, { point, ts, value, quality, received: ts, timing: 'live' }, out(ts))
    },
    wake: (now) => rule.wake!(state, out(now)),
    reload() {
      state = rule.load(JSON.parse(JSON.stringify(rule.save(state))) as Json, scope)
    },
  }
}
