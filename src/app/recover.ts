/** Brings the fold back to where the journal ends: the newest snapshot, then the tail behind it. */
import type { Door } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { Offset } from '../model/entry.ts'
import type { Journal, Snapshots } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import { createFold, type Fold } from './fold.ts'

export interface Recovered {
  readonly fold: Fold
  /** What the tail gives again: sinks may not have had it before the crash. */
  readonly transitions: readonly Transition[]
  readonly replayed: number
  /** Where the tail began. */
  readonly from: Offset
}

export interface RecoverOptions {
  readonly journal: Journal
  readonly snapshots: Snapshots
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly door: Door
  /** How many of the journal's last readings the door needs to know duplicates by. */
  readonly remember: number
  readonly onReadings?: (readings: readonly Reading[], upTo: Offset) => void
  readonly onProgress?: (done: Offset, of: Offset) => void
}

export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { journal, snapshots, installation, rules, door, remember, onReadings, onProgress } = options
  const end = journal.last()
  let snapshot = await snapshots.latest()
  // A snapshot ahead of its journal belongs to another one: the journal is the truth.
  if (snapshot && snapshot.offset > end) snapshot = undefined
  const fold = createFold({ installation, rules, ...(snapshot && { saved: snapshot.state }) })
  const from = (snapshot?.offset ?? 0) + 1
  const transitions: Transition[] = []
  let replayed = 0
  for await (const entries of journal.read(Math.max(1, Math.min(from, end - remember)))) {
    const readings: Reading[] = []
    for (const entry of entries) {
      if (entry.type === 'reading') door.recall(entry.reading)
      if (entry.offset < from) continue
      const applied = fold.apply(entry, transitions)
      if (applied?.reading) readings.push(applied.reading)
      replayed += 1
    }
    const last = entries.at(-1)?.offset ?? 0
    if (last >= from) onReadings?.(readings, last)
    onProgress?.(last, end)
  }
  return { fold, transitions, replayed, from }
}
