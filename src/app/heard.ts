/** Up to when each point has been heard, by what the journal holds: from there a source may read what its peer remembers. */
import type { Measurement } from '../model/reading.ts'
import { findPoint, type Installation } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import type { Gaps } from './gaps.ts'

const NEVER = Number.NEGATIVE_INFINITY

export interface Heard {
  /** Hears a journaled reading. A bad one is no word of the place: what is missing before it may still be had. */
  note(reading: Pick<Measurement, 'point' | 'ts' | 'quality'>): void
  /** Event time of the newest word, late ones included, or of the last before a gap; `undefined` where there was none. */
  upTo(site: string, point: string): Instant | undefined
  /** Goes on under another configuration. */
  reload(next: Installation): void
}

/** Nothing heard yet. */
export function createHeard(installation: Installation, gaps: Pick<Gaps, 'before'>): Heard {
  let current = installation
  let newest = new Float64Array(current.points.length).fill(NEVER)

  return {
    note({ point: ref, ts, quality }) {
      if (quality === 'bad') return
      const own = current.points[(ref as { readonly index?: number }).index ?? -1]
      const point = own === ref ? own : findPoint(current, ref)
      if (point && ts > newest[point.index]!) newest[point.index] = ts
    },
    upTo(siteId, id) {
      const point = findPoint(current, { siteId, id })
      const before = point && gaps.before(siteId, id)
      if (before !== undefined) return before
      const ts = point ? newest[point.index]! : NEVER
      return ts === NEVER ? undefined : ts
    },
    reload(next) {
      const moved = new Float64Array(next.points.length).fill(NEVER)
      for (const { siteId, id, index } of current.points) {
        const point = findPoint(next, { siteId, id })
        if (point) moved[point.index] = newest[index]!
      }
      current = next
      newest = moved
    },
  }
}
