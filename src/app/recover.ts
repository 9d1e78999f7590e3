/** Brings the fold back to where the journal ends: the newest snapshot, then the tail behind it, each part under the configuration it was judged by. */
import type { Door } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { Entry, Offset } from '../model/entry.ts'
import type { HazardStep } from '../model/hazard.ts'
import type { Json } from '../model/json.ts'
import type { Journal, Snapshots } from '../model/ports.ts'
import type { Measurement, Reading } from '../model/reading.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import { createFold, type Fold, isOurs } from './fold.ts'

export interface Recovered {
  /** Under the configuration of today. */
  readonly fold: Fold
  readonly replayed: number
  /** Set where the whole journal was judged again because another version judged it before: arrival of its first entry. */
  readonly anew?: Instant
}

export interface RecoverOptions {
  readonly journal: Journal
  readonly snapshots: Snapshots
  /** The configuration of today. */
  readonly installation: Installation
  /** The configuration of that hash, if it was kept. */
  readonly configurationOf?: (hash: string) => Promise<Installation | undefined>
  readonly rules: ReadonlyMap<string, Rule>
  readonly door: Door
  /** How many of the journal's last readings the door needs to know duplicates by. */
  readonly remember: number
  /** Those readings, and the tail's, oldest first. */
  readonly onRecalled?: (reading: Measurement) => void
  /** Told once where the tail begins: what comes before is not given again. */
  readonly onTail?: (from: Offset) => void
  /** Told, and waited for, before the whole journal is judged again because another version judged it before: up to that entry all of
   *  it has gone to the stores. */
  readonly onAnew?: (upTo: Offset) => Promise<void>
  /** The configuration under which the readings that follow are judged. */
  readonly onInstallation?: (installation: Installation) => void
  /** What the page knew when the snapshot was taken (`view`): readings before the tail are not given again. */
  readonly onView?: (saved: Json) => void
  readonly onReadings?: (readings: readonly Reading[], upTo: Offset) => void
  /** What the tail gives again: sinks may not have had it before the crash. Waited for, so that a long journal fits. */
  readonly onTransitions?: (transitions: readonly Transition[]) => Promise<unknown>
  readonly onHazards?: (steps: readonly HazardStep[]) => Promise<unknown>
  readonly onProgress?: (done: Offset, of: Offset) => void
  readonly warn?: (message: string) => void
}

/** Transitions handed on at once. */
const PORTION = 1_000

/** Judges the tail as it was judged live, so that it gives the same transitions under the same ids. */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { journal, snapshots, rules, door, remember, onReadings, onTransitions, onProgress, warn = () => {} } = options
  const end = journal.last()
  let snapshot = await snapshots.latest()
  // A snapshot ahead of its journal belongs to another one: the journal is the truth.
  if (snapshot && snapshot.offset > end) snapshot = undefined
  // Another version's state may be read as something else: the journal is folded again from its beginning.
  let anew: Instant | undefined
  const others = snapshot !== undefined && !isOurs(snapshot.state)
  if (snapshot && others) {
    warn(`the snapshot after entry ${snapshot.offset} was saved by another version: the whole journal is judged again`)
    await options.onAnew?.(snapshot.offset)
    snapshot = undefined
  }
  const missing = new Set<string>()

  async function configurationOf(hash: string): Promise<Installation> {
    const { installation } = options
    if (hash === installation.hash) return installation
    const kept = await options.configurationOf?.(hash)
    if (kept) return kept
    if (!missing.has(hash)) warn(`configuration ${hash} was not kept: what was judged by it is judged by today's`)
    missing.add(hash)
    return installation
  }

  const first = snapshot ? await configurationOf(snapshot.hash) : options.installation
  let fold = createFold({ installation: first, rules, ...(snapshot && { saved: snapshot.state }) })
  options.onInstallation?.(first)
  const { view } = (snapshot?.state ?? {}) as { readonly view?: Json }
  if (view !== undefined) options.onView?.(view)
  const from = (snapshot?.offset ?? 0) + 1
  options.onTail?.(from)

  function change(next: Installation): void {
    if (next === fold.installation) return
    const begun = fold.engine() !== undefined
    const saved = begun ? (JSON.parse(JSON.stringify(fold.save())) as Json) : undefined
    fold = createFold({ installation: next, rules, ...(saved !== undefined && { saved }) })
    options.onInstallation?.(next)
  }

  function apply(entry: Entry, transitions: Transition[]): Reading | undefined {
    try {
      const applied = fold.apply(entry, transitions)
      if (applied?.hazards) hazards.push(...applied.hazards)
      return applied?.reading
    } catch (error) {
      // As live: one entry that cannot be judged must not keep the others from being.
      warn(`entry ${entry.offset} cannot be judged: ${String(error)}`)
      return undefined
    }
  }

  let replayed = 0
  let transitions: Transition[] = []
  let readings: Reading[] = []
  let hazards: HazardStep[] = []
  for await (const entries of journal.read(Math.max(1, Math.min(from, end - remember)))) {
    if (others) anew ??= entries[0]?.at
    for (const entry of entries) {
      if (entry.type === 'reading') {
        door.recall(entry.reading)
        options.onRecalled?.(entry.reading)
      }
      if (entry.offset < from) continue
      if (entry.type === 'config') {
        // Readings carry points of their configuration: those before the change go out first.
        if (readings.length > 0) onReadings?.(readings, entry.offset - 1)
        readings = []
        change(await configurationOf(entry.hash))
      }
      const reading = apply(entry, transitions)
      if (reading) readings.push(reading)
      replayed += 1
      if (transitions.length >= PORTION) {
        await onTransitions?.(transitions)
        transitions = []
      }
    }
    const last = entries.at(-1)?.offset ?? 0
    if (last >= from) onReadings?.(readings, last)
    readings = []
    if (hazards.length > 0) await options.onHazards?.(hazards)
    hazards = []
    onProgress?.(last, end)
  }
  if (transitions.length > 0) await onTransitions?.(transitions)
  change(options.installation)
  return { fold, replayed, ...(anew !== undefined && { anew }) }
}
