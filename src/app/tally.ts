/** Counts of what came in and what became of it, since the service started. */
import type { Counts } from '../ingest/batch.ts'
import type { RefusalCode } from '../model/errors.ts'
import type { Reading } from '../model/reading.ts'
import type { Counters, SourceView } from './service.ts'

export interface Tally {
  /** What the door made of one frame. */
  frame(source: string, counts: Readonly<Pick<Counts, 'accepted' | 'duplicates' | 'refused'>>): void
  refusal(code: RefusalCode): void
  readings(readings: readonly Reading[]): void
  ruleFault(): void
  source(name: string): SourceView['counters']
  totals(): Omit<Counters, 'transitions' | 'journalOffset' | 'latency'>
}

export function createTally(): Tally {
  const sources = new Map<string, { frames: number; readings: number; duplicates: number; refused: number }>()
  const refused: Partial<Record<RefusalCode, number>> = {}
  let duplicates = 0
  let readings = 0
  let late = 0
  let early = 0
  let bad = 0
  let ruleFaults = 0

  return {
    frame(name, counts) {
      let source = sources.get(name)
      if (!source) {
        source = { frames: 0, readings: 0, duplicates: 0, refused: 0 }
        sources.set(name, source)
      }
      source.frames += 1
      source.readings += counts.accepted
      source.duplicates += counts.duplicates
      source.refused += counts.refused
      duplicates += counts.duplicates
    },
    refusal(code) {
      refused[code] = (refused[code] ?? 0) + 1
    },
    readings(judged) {
      readings += judged.length
      for (const { timing, quality } of judged) {
        if (timing === 'late') late += 1
        else if (timing === 'early') early += 1
        if (quality === 'bad') bad += 1
      }
    },
    ruleFault() {
      ruleFaults += 1
    },
    source: (name) => sources.get(name) ?? { frames: 0, readings: 0, duplicates: 0, refused: 0 },
    totals: () => ({ readings, duplicates, late, early, bad, refused, ruleFaults }),
  }
}
