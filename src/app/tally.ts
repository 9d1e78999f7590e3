/** Counts of what came in and what became of it, since the service started. */
import type { Counts } from '../ingest/batch.ts'
import type { RefusalCode } from '../model/errors.ts'
import type { Reading } from '../model/reading.ts'
import { type Duration, type Instant, MINUTE } from '../model/time.ts'
import { createDataQuality, type DataQuality } from './data-quality.ts'
import type { Counters, SourceView } from './service.ts'

export interface Tally {
  /** What the door made of one frame. */
  frame(source: string, counts: Readonly<Counts> & { readonly at: Instant }): void
  refusal(code: RefusalCode): void
  readings(readings: readonly Reading[]): void
  ruleFault(): void
  source(name: string, now: Instant): SourceView['counters']
  quality(site: string, now: Instant): DataQuality
  totals(): Omit<Counters, 'transitions' | 'journalOffset' | 'latency'>
}

interface Told {
  frames: number
  readings: number
  duplicates: number
  refused: number
  heard: Instant
  /** Least lag of each of the last minutes in which something came. */
  readonly lags: { minute: number; least: Duration }[]
}

/** Minutes over which the least lag is taken: a clock's error shows in the quickest message, not in the usual one. */
const LATELY = 5

function noteLag(lags: Told['lags'], { newest, at }: Pick<Counts, 'newest'> & { readonly at: Instant }): void {
  if (newest === Number.NEGATIVE_INFINITY) return
  const minute = Math.floor(at / MINUTE)
  const last = lags.at(-1)
  if (last?.minute === minute) last.least = Math.min(last.least, at - newest)
  else if (lags.push({ minute, least: at - newest }) > LATELY) lags.shift()
}

export function createTally(): Tally {
  const sources = new Map<string, Told>()
  const worth = createDataQuality()
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
        source = { frames: 0, readings: 0, duplicates: 0, refused: 0, heard: counts.at, lags: [] }
        sources.set(name, source)
      }
      source.heard = counts.at
      noteLag(source.lags, counts)
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
      worth.note(judged)
      for (const { timing, quality } of judged) {
        if (timing === 'late') late += 1
        else if (timing === 'early') early += 1
        if (quality === 'bad') bad += 1
      }
    },
    ruleFault() {
      ruleFaults += 1
    },
    source(name, now) {
      const known = sources.get(name)
      if (!known) return { frames: 0, readings: 0, duplicates: 0, refused: 0 }
      const { lags, ...counters } = known
      const lately = lags.filter(({ minute }) => minute > Math.floor(now / MINUTE) - LATELY).map(({ least }) => least)
      return { ...counters, ...(lately.length > 0 && { lag: Math.min(...lately) }) }
    },
    quality: (site, now) => worth.of(site, now),
    totals: () => ({ readings, duplicates, late, early, bad, refused, ruleFaults }),
  }
}
