/** Replay: lines of readings and commands in, transitions out; no network, no clock. The same input gives the same bytes. */
import type { Transition } from '../model/alarm.ts'
import type { Entry, NewEntry, Offset } from '../model/entry.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import { type Instant, SECOND } from '../model/time.ts'
import { createFold, type Fold } from './fold.ts'
import { createIntake, type Refused } from './intake/intake.ts'

export interface Replay {
  /** One line of input, in order; its transitions are appended to `into`. */
  line(text: string, into: Transition[]): Refused | undefined
  /** One parsed reading or command. */
  take(raw: unknown, into: Transition[]): Refused | undefined
  /** An entry that another intake made of a line; why the fold refuses it, a command only. */
  enter(entry: NewEntry, into: Transition[]): string | undefined
  /** Lets the arrival clock run on to `at`: with the ticks before it or, inclusively, the one at it too. */
  until(at: Instant, into: Transition[], inclusive?: boolean): void
  readonly fold: Fold
  /** The arrival clock. */
  now(): Instant
}

export interface ReplayOptions {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  /** Goes on from another replay's `fold.save()`. */
  readonly saved?: { readonly fold: unknown; readonly now: Instant }
  /** Looks on at the fold, for a trace. */
  readonly watch?: (fold: Fold) => Fold
}

/** The first whole second at or after an instant; infinity stays. */
const wholeSecond = (at: Instant): Instant => Math.ceil(at / SECOND) * SECOND

export function createReplay({ installation, rules, saved, watch = (fold) => fold }: ReplayOptions): Replay {
  const fold = watch(createFold({ installation, rules, ...(saved && { saved: saved.fold as never }) }))
  let offset: Offset = 0
  let clock: Instant = saved?.now ?? 0
  let started = saved !== undefined
  /** The next tick: what arrives in its very instant comes before it. */
  let tick = wholeSecond(clock)
  const intake = createIntake(installation, clock)
  const taken: NewEntry[] = []

  function apply(entry: NewEntry, into: Transition[]): ReturnType<Fold['apply']> {
    offset += 1
    const placed = entry as { -readonly [field in keyof Entry]: Entry[field] }
    placed.offset = offset
    return fold.apply(placed as Entry, into)
  }

  /** Ticks at every whole second before `to`; those at which nothing is due would be idle and are left out. */
  function advance(to: Instant, into: Transition[], inclusive = false): void {
    if (!started) {
      clock = to
      tick = wholeSecond(to)
      started = true
      return
    }
    // Most lines come in a second that has begun: no tick can come before them.
    while (inclusive ? tick <= to : tick < to) {
      const due = fold.due()
      const next = due > tick ? wholeSecond(due) : tick
      if (inclusive ? next > to : next >= to) break
      apply({ type: 'tick', at: next }, into)
      clock = next
      tick = next + SECOND
    }
    if (to > clock) clock = to
    tick = Math.max(tick, wholeSecond(clock))
  }

  function enter(entry: NewEntry, into: Transition[]): string | undefined {
    advance(entry.at, into)
    const refusal = apply(entry, into)?.refusal
    return refusal && `${refusal.code}: ${refusal.message}`
  }

  /** Enters what a line became. */
  function follow(refused: Refused | undefined, into: Transition[]): Refused | undefined {
    if (taken.length === 0) {
      if (intake.now() > 0) advance(intake.now(), into)
      return refused
    }
    const reason = enter(taken.pop()!, into)
    return reason === undefined ? refused : { line: intake.count(), reason, malformed: false }
  }

  return {
    fold,
    enter,
    now: () => clock,
    take: (raw, into) => follow(intake.take(raw, taken), into),
    line: (text, into) => follow(intake.line(text, taken), into),
    until: (at, into, inclusive = true) => advance(at, into, inclusive),
  }
}
