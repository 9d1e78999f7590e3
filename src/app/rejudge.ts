/** Judges a stretch of the past: readings in the order in which they happened, through an engine and a desk of their own. */
import { createDesk } from '../alerts/desk.ts'
import type { Lookback } from '../alerts/retrospect.ts'
import type { Condition, Transition } from '../model/alarm.ts'
import type { PermitCommand } from '../model/command.ts'
import type { Reading } from '../model/reading.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation, Site } from '../model/site.ts'
import { type Instant, SECOND } from '../model/time.ts'
import { createEngine } from '../rules/engine.ts'

export interface Stretch {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly site: Site
  /** Readings from before it say what was so then. */
  readonly from: Instant
  /** In order of event time. */
  readonly readings: readonly Reading[]
  /** What has held its delay by then is found, though nothing more was said. Left out: the last reading's time. */
  readonly until?: Instant
  readonly permits?: readonly { readonly at: Instant; readonly command: PermitCommand }[]
}

type Found = { -readonly [field in keyof Lookback]: Lookback[field] }

/** Pure: every rise, in order of time. */
export function rejudge({
  installation,
  rules,
  site,
  from,
  readings,
  until,
  permits = [],
}: Stretch): readonly Lookback[] {
  const engine = createEngine({
    installation: { ...installation, sites: new Map([[site.id, site]]) },
    rules,
    settled: (_, now) => now,
    began: from,
    now: from,
  })
  const desk = createDesk({ settled: (_, now) => now })
  const conditions: Condition[] = []
  const transitions: Transition[] = []
  let clock = from

  function hand(): void {
    for (const condition of conditions) desk.state(condition, { now: clock, offset: 0 }, transitions)
    conditions.length = 0
  }

  /** Ticks up to an instant, itself not included; those at which nothing is due are left out. */
  function runTo(at: Instant): void {
    let tick = (Math.floor(clock / SECOND) + 1) * SECOND
    for (;;) {
      const due = Math.min(engine.due(), desk.due())
      if (due > tick) tick = Number.isFinite(due) ? Math.ceil(due / SECOND) * SECOND : Number.POSITIVE_INFINITY
      if (tick >= at) break
      clock = tick
      engine.tick(tick, conditions)
      hand()
      desk.tick({ now: tick, offset: 0 }, transitions)
      tick += SECOND
    }
    clock = Math.max(clock, at)
  }

  engine.begun(conditions)
  hand()
  let given = 0
  function permitTo(at: Instant): void {
    for (; given < permits.length && permits[given]!.at <= at; given++) {
      runTo(permits[given]!.at)
      engine.permit(permits[given]!.command, clock, conditions)
      hand()
    }
  }
  for (const reading of readings) {
    permitTo(reading.ts)
    runTo(reading.ts)
    engine.reading({ ...reading, received: clock, timing: 'live' }, conditions)
    hand()
  }
  if (until !== undefined) {
    permitTo(until)
    runTo(until)
  }
  return risesOf(transitions, { clock, ruleOf: (alarm) => desk.find(alarm)! })
}

function risesOf(
  transitions: readonly Transition[],
  { clock, ruleOf }: { clock: Instant; ruleOf: (alarm: string) => Pick<Lookback, 'version' | 'lineage'> },
): readonly Lookback[] {
  const found: Found[] = []
  const open = new Map<string, Found>()
  for (const transition of transitions) {
    if (transition.cause === 'raised') {
      const { version, lineage } = ruleOf(transition.alarm)
      const one = { raised: transition, until: clock, version, lineage }
      found.push(one)
      open.set(transition.alarm, one)
    } else if (transition.cause === 'cleared') {
      const one = open.get(transition.alarm)
      if (one) one.until = transition.at
    }
  }
  return found.sort((a, b) => a.raised.at - b.raised.at || (a.raised.alarm < b.raised.alarm ? -1 : 1))
}
