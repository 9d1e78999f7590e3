/** Retrospective judgement (事后研判): a backlog through the same rules in the order in which it happened, apart from what is live. */
import { createDesk } from '../alerts/desk.ts'
import type { Lookback } from '../alerts/retrospect.ts'
import type { Condition, Transition } from '../model/alarm.ts'
import type { Reading } from '../model/reading.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation, Site } from '../model/site.ts'
import { SECOND } from '../model/time.ts'
import { createEngine } from '../rules/engine.ts'

export interface Hindsight {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly site: Site
  /** In order of event time. */
  readonly readings: readonly Reading[]
}

/** Pure. Rules that speak of absence are left out: a backlog cannot tell what was not sent. */
export function lookBack({ installation, rules, site, readings }: Hindsight): readonly Lookback[] {
  const first = readings[0]
  if (!first) return []
  const present = new Map([...rules].filter(([, rule]) => !rule.absence))
  const engine = createEngine({
    installation: { ...installation, sites: new Map([[site.id, site]]) },
    rules: present,
    settled: (_, now) => now,
    began: first.ts,
    now: first.ts,
  })
  const desk = createDesk({ settled: (_, now) => now })
  const conditions: Condition[] = []
  const transitions: Transition[] = []
  let clock = first.ts

  function hand(): void {
    for (const condition of conditions) desk.state(condition, { now: clock, offset: 0 }, transitions)
    conditions.length = 0
  }

  engine.begun(conditions)
  hand()
  for (const reading of readings) {
    let tick = (Math.floor(clock / SECOND) + 1) * SECOND
    for (;;) {
      const due = Math.min(engine.due(), desk.due())
      if (due > tick) tick = Number.isFinite(due) ? Math.ceil(due / SECOND) * SECOND : Number.POSITIVE_INFINITY
      if (tick >= reading.ts) break
      clock = tick
      engine.tick(tick, conditions)
      hand()
      desk.tick({ now: tick, offset: 0 }, transitions)
      tick += SECOND
    }
    clock = reading.ts
    engine.reading({ ...reading, received: reading.ts, timing: 'live' }, conditions)
    hand()
  }

  const found: { -readonly [field in keyof Lookback]: Lookback[field] }[] = []
  const open = new Map<string, (typeof found)[number]>()
  for (const transition of transitions) {
    const episode = `${transition.alarm}/${transition.episode}`
    if (transition.cause === 'raised') {
      const one = { raised: transition, until: clock, version: desk.find(transition.alarm)!.version }
      found.push(one)
      open.set(episode, one)
    } else if (transition.cause === 'cleared') {
      const one = open.get(episode)
      if (one) one.until = transition.at
    }
  }
  return found.sort((a, b) => a.raised.at - b.raised.at || (a.raised.alarm < b.raised.alarm ? -1 : 1))
}
