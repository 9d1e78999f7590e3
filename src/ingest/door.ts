/** The door before the journal: frames in, entries and dead letters out. Pure but for what it remembers. */
import type { Entry, NewEntry } from '../model/entry.ts'
import type { Measurement } from '../model/reading.ts'
import { findPoint, type Installation } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import type { Arriving, Batch, Counts } from './batch.ts'
import { decode } from './decode.ts'
import { letterOfElement, letterOfFrame } from './letter.ts'
import { measure } from './measure.ts'
import { createMemory } from './memory.ts'
import { describe, type Refusal, refuse } from './refusal.ts'
import { createResolver, identify, type Raw, siteOf, type Target } from './resolve.ts'

export interface DoorOptions {
  /** Largest payload in bytes; default 1 MiB. */
  readonly maxPayload?: number
  /** Identities a generation; two are kept. Default 500 000. */
  readonly remember?: number
}

export type Outcome = 'accepted' | 'duplicate' | Refusal

export interface Door {
  /** Takes in a frame and returns what became of its readings; never throws. `at` is the arrival clock. */
  admit(frame: Arriving, at: Instant, batch: Batch): Readonly<Counts>
  /** The same for one parsed reading with `site` and `point`. A refusal is the caller's to report: no dead letter is made. */
  admitObject(raw: unknown, at: Instant, batch: Batch): Outcome
  /** Remembers what the journal holds, oldest first; as many as two generations hold are enough. */
  recall(reading: Measurement): void
  /** Forgets entries that did not reach the journal, so that they are no duplicates when the source sends them again. */
  forget(entries: readonly NewEntry[]): void
  /** Goes on under another configuration. */
  reload(installation: Installation): void
}

/** Longest array taken. */
const LONGEST_BATCH = 10_000

interface Visit {
  readonly target: Target
  readonly at: Instant
  readonly arrived: Instant
  readonly batch: Batch
}

/** One door an installation; the app's sequencer is its only caller. */
export function createDoor(
  installation: Installation,
  { maxPayload = 1024 * 1024, remember = 500_000 }: DoorOptions = {},
): Door {
  let current = installation
  let resolve = createResolver(current)
  const memory = createMemory(remember)

  function take(raw: unknown, { target, at, arrived, batch }: Visit): Outcome {
    if (!isObject(raw)) return count(batch, refuse('payload-not-reading', `${describe(raw)} is no reading`))
    const point = identify(raw, target)
    if ('code' in point) return count(batch, point)
    const reading = measure(raw, { point, at, arrived })
    if ('code' in reading) return count(batch, reading)
    if (!memory.add(reading)) return count(batch, 'duplicate')
    // With room for the offset that the sequencer gives it: adding a field later would cost more than the entry.
    const entry: Entry = { type: 'reading', at, reading, offset: 0 }
    batch.entries.push(entry)
    if (reading.ts > batch.newest) batch.newest = reading.ts
    return count(batch, 'accepted')
  }

  function takeAll(frame: Arriving, { items, visit }: { items: readonly unknown[]; visit: Visit }): void {
    const { target, at, batch } = visit
    for (let index = 0; index < items.length; index++) {
      const raw = items[index]
      const outcome = take(raw, visit)
      if (typeof outcome !== 'string')
        batch.letters.push(letterOfElement(frame, { ...outcome, raw, index, target, at }))
    }
  }

  /** Goes through the stages; a refusal is of the frame as a whole. */
  function enter(frame: Arriving, at: Instant, batch: Batch): Refusal | undefined {
    if (frame.payload.byteLength > maxPayload) {
      return count(batch, refuse('payload-too-large', `more than ${maxPayload} bytes`))
    }
    if (frame.refused) return count(batch, refuse(frame.refused, frame.detail ?? `refused by ${frame.source}`))
    const target = resolve(frame.topic)
    if ('code' in target) return count(batch, target)
    const decoded = decode(frame.payload)
    if ('code' in decoded) return count(batch, decoded)
    const { json } = decoded
    const visit: Visit = { target, at, arrived: frame.arrived ?? at, batch }
    if (!Array.isArray(json)) {
      const outcome = take(json, visit)
      return typeof outcome === 'string' ? undefined : outcome
    }
    if (json.length > LONGEST_BATCH) {
      return count(batch, refuse('payload-too-large', `${json.length} readings, more than ${LONGEST_BATCH}`))
    }
    takeAll(frame, { items: json, visit })
    return undefined
  }

  return {
    admit(frame, at, batch) {
      const { accepted, duplicates, refused } = batch
      batch.newest = Number.NEGATIVE_INFINITY
      const refusal = enter(frame, at, batch)
      if (refusal) {
        const cut = refusal.code === 'payload-not-json' || frame.payload.byteLength > maxPayload
        batch.letters.push(letterOfFrame(frame, { ...refusal, at, cut }))
      }
      return {
        accepted: batch.accepted - accepted,
        duplicates: batch.duplicates - duplicates,
        refused: batch.refused - refused,
        newest: batch.newest,
      }
    },
    admitObject(raw, at, batch) {
      if (!isObject(raw)) return count(batch, refuse('payload-not-reading', `${describe(raw)} is no reading`))
      const site = siteOf(current, raw.site)
      return 'code' in site ? count(batch, site) : take(raw, { target: { site }, at, arrived: at, batch })
    },
    recall(reading) {
      const point = findPoint(current, reading.point)
      if (point) memory.add({ ...reading, point })
    },
    forget(entries) {
      for (const entry of entries) {
        const point = entry.type === 'reading' && findPoint(current, entry.reading.point)
        if (point) memory.remove({ ...entry.reading, point })
      }
    },
    reload(next) {
      current = next
      resolve = createResolver(next)
      memory.rehouse(next)
    },
  }
}

function count<T extends Outcome>(batch: Counts, outcome: T): T {
  if (outcome === 'accepted') batch.accepted += 1
  else if (outcome === 'duplicate') batch.duplicates += 1
  else batch.refused += 1
  return outcome
}

function isObject(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}
