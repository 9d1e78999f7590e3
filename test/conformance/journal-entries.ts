/** Entries to try journals with, and ways to look at what they hold. */
import type { Entry, NewEntry, Offset } from '../../src/model/entry.ts'
import type { PointRef } from '../../src/model/point.ts'
import type { Journal } from '../../src/model/ports.ts'

export const START = Date.UTC(2026, 4, 1)
export const points: PointRef[] = Array.from({ length: 20 }, (_, i) => ({
  siteId: i % 2 ? '宝源' : 'works',
  id: `p/${i}`,
}))

/** The n-th of a run of readings, told apart by `ref`. */
export function nth(n: number, run = 'r'): NewEntry {
  const reading = { point: points[n % 20]!, ts: START + n, value: n / 8, quality: 'good', ref: `${run}-${n}` } as const
  return { type: 'reading', at: START + n, reading }
}

/** `count` of them from `first` on. */
export function run(count: number, first = 1): NewEntry[] {
  return Array.from({ length: count }, (_, i) => nth(first + i))
}

/** Everything a journal holds from an offset on. */
export async function all(journal: Pick<Journal, 'read'>, from: Offset = 1): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of journal.read(from)) entries.push(...batch)
  return entries
}

/** What `nth` left in an entry; `undefined` for other entries. */
export function refOf(entry: Entry): string | undefined {
  return entry.type === 'reading' ? entry.reading.ref : undefined
}
