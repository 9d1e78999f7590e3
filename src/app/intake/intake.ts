/** Intake (接收): lines of a file to journal entries with their arrival, as the door and the arrival clock of a service would have made them. No fold. */
import { createBatch } from '../../ingest/batch.ts'
import { createDoor } from '../../ingest/door.ts'
import { readUsualIso } from '../../ingest/iso.ts'
import type { NewEntry } from '../../model/entry.ts'
import { REFUSALS } from '../../model/errors.ts'
import type { Installation } from '../../model/site.ts'
import { EARLIEST, type Instant, LATEST, parseInstant } from '../../model/time.ts'
import { parseCommand } from '../command-line.ts'

/** A line that was not taken, and why. `malformed`: it is no reading or command at all. */
export interface Refused {
  readonly line: number
  readonly reason: string
  readonly malformed: boolean
}

export interface Intake {
  /** One line of input, in order; what it says is appended to `into`. */
  line(text: string, into: NewEntry[]): Refused | undefined
  /** One parsed reading or command. */
  take(raw: unknown, into: NewEntry[]): Refused | undefined
  /** The arrival clock: the latest arrival that any line named, refused ones too. */
  now(): Instant
  /** Lines so far. */
  count(): number
}

/** `clock`: where the arrival clock stands before the first line. */
export function createIntake(installation: Installation, clock: Instant = 0): Intake {
  const door = createDoor(installation, { remember: 2_000_000 })
  const batch = createBatch()
  let count = 0

  function arrive({ received, ts }: { readonly received?: unknown; readonly ts?: unknown }): void {
    const text = received ?? ts
    const at = (typeof text === 'string' ? readUsualIso(text) : undefined) ?? parseInstant(text)
    // A broken clock must not carry everybody else's along.
    if (at !== undefined && at > clock && at >= EARLIEST && at < LATEST) clock = at
  }

  function take(raw: unknown, into: NewEntry[]): Refused | undefined {
    count += 1
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      return { line: count, reason: 'not an object', malformed: true }
    }
    const fields = raw as { readonly received?: unknown; readonly ts?: unknown; readonly command?: unknown }
    arrive(fields)
    if (fields.command !== undefined) {
      const command = parseCommand(raw, clock)
      if (typeof command === 'string') return { line: count, reason: command, malformed: true }
      into.push({ type: 'command', at: clock, command })
      return undefined
    }
    const outcome = door.admitObject(raw, clock, batch)
    for (const entry of batch.entries) into.push(entry)
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
    take,
    now: () => clock,
    count: () => count,
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
  }
}
