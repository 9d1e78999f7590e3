/** Plays a case through the real door and fold, in virtual time with a tick at every second. */
import { createBatch } from '../../ingest/batch.ts'
import { createDoor } from '../../ingest/door.ts'
import type { Transition } from '../../model/alarm.ts'
import type { Entry, NewEntry } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { type Instant, SECOND } from '../../model/time.ts'
import { parseCommand } from '../command-line.ts'
import { createFold, type Fold } from '../fold.ts'
import type { Stimulus } from './stimuli.ts'

export interface PlayOptions {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  /** The journal begins here, with a tick. */
  readonly start: Instant
  readonly until: Instant
  /** Before every entry, save the fold, write it as JSON, and go on from what that gives. */
  readonly resume?: boolean
}

/** What was not taken, beside the transitions: a case must not pass because its input was refused. */
export interface Played {
  readonly transitions: readonly Transition[]
  readonly refused: readonly string[]
}

export function play(stimuli: readonly Stimulus[], options: PlayOptions): Played {
  const { installation, rules, start, until, resume = false } = options
  const door = createDoor(installation)
  const batch = createBatch()
  const transitions: Transition[] = []
  const refused: string[] = []
  let fold: Fold = createFold({ installation, rules })
  let offset = 0
  let clock = start
  let tick = (Math.floor(start / SECOND) + 1) * SECOND

  function enter(entry: NewEntry): void {
    if (resume && fold.engine()) {
      const saved = JSON.parse(JSON.stringify(fold.save())) as Json
      fold = createFold({ installation, rules, saved })
    }
    offset += 1
    const applied = fold.apply({ ...entry, offset } as Entry, transitions)
    if (applied?.refusal) refused.push(`${applied.refusal.code}: ${applied.refusal.message}`)
  }

  /** Ticks follow every entry of their second; those at which nothing is due would be idle and are left out. */
  function run(to: Instant, inclusive: boolean): void {
    for (;;) {
      const next = Math.max(tick, Math.ceil(fold.due() / SECOND) * SECOND)
      if (inclusive ? next > to : next >= to) break
      enter({ type: 'tick', at: next })
      clock = next
      tick = next + SECOND
    }
    clock = Math.max(clock, to)
    // What arrived in the very instant of a tick came before it: that tick is still to come.
    tick = Math.max(tick, Math.ceil(clock / SECOND) * SECOND)
  }

  enter({ type: 'tick', at: start })
  for (const { at, line } of stimuli) {
    run(at, false)
    if (line.command !== undefined) {
      const command = parseCommand(line, at)
      if (typeof command === 'string') refused.push(command)
      else enter({ type: 'command', at, command })
      continue
    }
    const outcome = door.admitObject(line, at, batch)
    if (typeof outcome !== 'string') refused.push(`${outcome.code}: ${outcome.detail}`)
    for (const entry of batch.entries.splice(0)) enter(entry)
  }
  run(until, true)
  return { transitions, refused }
}
