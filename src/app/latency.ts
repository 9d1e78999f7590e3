/** Response stamps: how long the last minute's batches took from measurement to publication. */
import { type Duration, type Instant, MINUTE } from '../model/time.ts'

export const LEGS = ['arrival', 'journal', 'judgement', 'publication'] as const
export type Leg = (typeof LEGS)[number]

export interface Latency {
  note(leg: Leg, took: Duration): void
  /** `{leg}.p50`, `{leg}.p99`, milliseconds, over the last minute; legs without samples are left out. */
  quantiles(): Readonly<Record<string, number>>
}

/** Samples kept a leg; at 200 batches a second, a minute's worth. */
const ROOM = 12_000

export function createLatency(now: () => Instant): Latency {
  const samples = new Map<Leg, { at: Instant; took: Duration }[]>()
  return {
    note(leg, took) {
      let list = samples.get(leg)
      if (!list) {
        list = []
        samples.set(leg, list)
      }
      list.push({ at: now(), took })
      if (list.length > ROOM) list.splice(0, ROOM / 2)
    },
    quantiles() {
      const found: Record<string, number> = {}
      const since = now() - MINUTE
      for (const [leg, list] of samples) {
        const sorted = list
          .filter(({ at }) => at >= since)
          .map(({ took }) => took)
          .sort((a, b) => a - b)
        if (sorted.length === 0) continue
        for (const q of [0.5, 0.99]) {
          found[`${leg}.p${q * 100}`] = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!
        }
      }
      return found
    },
  }
}
