/** Replay: lines of readings and commands in, transitions out; no network, no clock. The same input gives the same bytes. */
import { createBatch } from '../ingest/batch.ts'
import { createDoor } from '../ingest/door.ts'
import { readUsualIso } from '../ingest/iso.ts'
import type { Transition } from '../model/alarm.ts'
import type { Entry, NewEntry, Offset } from '../model/entry.ts'
import { REFUSALS } from '../model/errors.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import { EARLIEST, type Instant, LATEST, parseInstant, SECOND } from '../model/time.ts'
import { parseCommand } from './command-line.ts'
import { createFold, type Fold } from './fold.ts'

/** A line that was not taken, and why. `malformed`: it is no reading or command at all. */
export interface Refused {
  readonly line: number
  readonly reason: string
  readonly malformed: boolean
}

export interface Replay {
  /** One line of input, in order; its transitions are appended to `into`. */
  line(text: string, into: Transition[]): Refused | undefined
  /** One parsed reading or command. */
  take(raw: unknown, into: Transition[]): Refused | undefined
  /** Lets the arrival clock run on to `at`, inclusively. */
  until(at: Instant, into: Transition[]): void
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
  const door = createDoor(installation, { remember: 2_000_000 })
  const fold = watch(createFold({ installation, rules, ...(saved && { saved: saved.fold as never }) }))
  const batch = createBatch()
  let offset: Offset = 0
  let clock: Instant = saved?.now ?? 0
  let started = saved !== undefined
  /** The next tick: what arrives in its very instant comes before it. */
  let tick = wholeSecond(clock)
  let count = 0

  function enter(entry: NewEntry, into: Transition[]): ReturnType<Fold['apply']> {
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
      enter({ type: 'tick', at: next }, into)
      clock = next
      tick = next + SECOND
    }
    if (to > clock) clock = to
    tick = Math.max(tick, wholeSecond(clock))
  }

  function arrivalOf(raw: { readonly received?: unknown; readonly ts?: unknown }): Instant {
    const text = raw.received ?? raw.ts
    const at = (typeof text === 'string' ? readUsualIso(text) : undefined) ?? parseInstant(text)
    // A broken clock must not carry everybody else's along.
    return at === undefined || at < EARLIEST || at >= LATEST ? clock : Math.max(clock, at)
  }

  function take(raw: unknown, into: Transition[]): Refused | undefined {
    count += 1
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      return { line: count, reason: 'not an object', malformed: true }
    }
    const fields = raw as { readonly received?: unknown; readonly ts?: unknown; readonly command?: unknown }
    advance(arrivalOf(fields), into)
    if (fields.command !== undefined) {
      const command = parseCommand(raw, clock)
      if (typeof command === 'string') return { line: count, reason: command, malformed: true }
      const refusal = enter({ type: 'command', at: clock, command }, into)?.refusal
      return refusal && { line: count, reason: `${refusal.code}: ${refusal.message}`, malformed: false }
    }
    const outcome = door.admitObject(raw, clock, batch)
    for (const entry of batch.entries) enter(entry, into)
    batch.entries.length = 0
    batch.letters.length = 0
    if (typeof outcome === 'string') return undefined
    return {
      line: count,
      reason: `${outcome.code}: ${outcome.detail} (${REFUSALS[outcome.code].remedy.en})`,
      malformed: false,
    }
  }

  return {
    fold,
    take,
    now: () => clock,
    line(text, into) {
      const trimmed = text.trim()
      if (trimmed === '') {
        count += 1
        return undefined
      }
      let raw: unknown
      try {
        raw = JSON.parse(trimmed)
      } catch (error) {
        count += 1
        return { line: count, reason: `not JSON: ${(error as Error).message}`, malformed: true }
      }
      return take(raw, into)
    },
    until: (at, into) => advance(at, into, true),
  }
}
