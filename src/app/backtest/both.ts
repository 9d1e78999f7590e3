/** Folds one journal twice in one reading: as it was judged, and as another configuration judges it. */
import type { Transition } from '../../model/alarm.ts'
import type { Entry, Offset } from '../../model/entry.ts'
import type { Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { createRefold, type Refold } from '../evidence/refold.ts'
import { type AlarmEpisode, createEpisodes } from './episodes.ts'

export interface BothOptions {
  readonly journal: { read(from: Offset, signal?: AbortSignal): AsyncIterable<readonly Entry[]>; last(): Offset }
  readonly rules: ReadonlyMap<string, Rule>
  /** What was in force under a hash. */
  readonly was: (hash: string) => Promise<Installation | undefined>
  /** What is tried instead of it. It must answer with the hash it was asked for. */
  readonly would: (hash: string) => Promise<Installation | undefined>
  /** The arrival clock: what came in later was not known. */
  readonly to: Instant
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: Offset, of: Offset) => void) | undefined
}

export interface Both {
  readonly was: readonly AlarmEpisode[]
  readonly would: readonly AlarmEpisode[]
  /** The last configuration of the range; absent for an empty journal. */
  readonly installation?: Installation
}

/** Reads from the journal's beginning, because what is so at any time rests on all before. Throws `configuration-lost`. Ends early when aborted. */
export async function foldBoth({ journal, rules, was, would, to, signal, onProgress }: BothOptions): Promise<Both> {
  const before = sideOf(createRefold({ rules, configurationOf: was }))
  const after = sideOf(createRefold({ rules, configurationOf: would }))
  const last = journal.last()
  reading: for await (const batch of journal.read(1, signal)) {
    for (const entry of batch) {
      if (entry.at > to) break reading
      // Only a change of configuration has to wait for files.
      if (entry.type === 'config') {
        await before.change(entry)
        await after.change(entry)
      } else {
        before.apply(entry)
        after.apply(entry)
      }
    }
    onProgress?.(batch.at(-1)?.offset ?? 0, last)
  }
  // What came in after the range does not have to be read.
  if (!signal?.aborted) onProgress?.(last, last)
  const installation = before.refold.fold()?.installation
  return { was: before.episodes(), would: after.episodes(), ...(installation && { installation }) }
}

function sideOf(refold: Refold) {
  const episodes = createEpisodes()
  const transitions: Transition[] = []
  const collect = () => {
    if (transitions.length === 0) return
    episodes.take(transitions)
    transitions.length = 0
  }
  return {
    refold,
    episodes: () => episodes.list(),
    apply(entry: Entry) {
      refold.fold()?.apply(entry, transitions)
      collect()
    },
    async change(entry: Entry) {
      await refold.apply(entry, transitions)
      collect()
    },
  }
}
