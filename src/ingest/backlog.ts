/** Late readings of each site, kept until its backlog is in, to be judged again in the order in which they happened. */
import type { Json } from '../model/json.ts'
import type { Quality, Reading, Value } from '../model/reading.ts'
import { findPoint, type Installation, type Site } from '../model/site.ts'
import { type Instant, MINUTE } from '../model/time.ts'

/** A backlog is in when no late reading has come for this long. */
const QUIET = MINUTE
/** One that never ends is judged as far as it has come. */
const LONGEST = 10 * MINUTE
/** Readings kept a site; beyond it, what has come is judged at the next tick. */
const ROOM = 300_000

export interface Backlog {
  add(reading: Reading): void
  /** The earliest instant at which a backlog may be in; infinity while there is none. */
  due(): Instant
  /** Backlogs that are in, the one that has waited longest first, each in order of event time. What is not asked for stays. */
  take(now: Instant): Iterable<{ readonly site: Site; readonly readings: readonly Reading[] }>
  save(): Json
}

interface Kept {
  readonly site: Site
  readings: Reading[]
  first: Instant
  last: Instant
}

type Row = readonly [
  point: string,
  ts: Instant,
  value: Value | null,
  quality: Quality,
  received: Instant,
  ref: string | null,
]
type Saved = readonly (readonly [site: string, first: Instant, last: Instant, rows: readonly Row[]])[]

export function createBacklog(installation: Installation, saved?: Json): Backlog {
  const sites = new Map<string, Kept>()
  for (const [id, first, last, rows] of (saved as unknown as Saved | undefined) ?? []) {
    const site = installation.sites.get(id)
    if (!site) continue
    const readings = rows.flatMap(([pointId, ts, value, quality, received, ref]): Reading[] => {
      const point = findPoint(installation, { siteId: id, id: pointId })
      return point ? [{ point, ts, value, quality, received, timing: 'late', ...(ref !== null && { ref }) }] : []
    })
    sites.set(id, { site, readings, first, last })
  }

  const end = ({ first, last, readings }: Kept) =>
    readings.length >= ROOM ? last : Math.min(last + QUIET, first + LONGEST)

  return {
    add(reading) {
      // A bad reading proves nothing, then or now.
      if (reading.quality === 'bad') return
      const { site, siteId } = reading.point
      let kept = sites.get(siteId)
      if (!kept) {
        kept = { site, readings: [], first: reading.received, last: reading.received }
        sites.set(siteId, kept)
      }
      kept.last = reading.received
      if (kept.readings.length < ROOM) kept.readings.push(reading)
    },
    due() {
      let due = Number.POSITIVE_INFINITY
      for (const kept of sites.values()) due = Math.min(due, end(kept))
      return due
    },
    *take(now) {
      const ready = [...sites.values()].filter((kept) => end(kept) <= now)
      ready.sort((a, b) => end(a) - end(b) || (a.site.id < b.site.id ? -1 : 1))
      for (const { site, readings } of ready) {
        sites.delete(site.id)
        // Stable: readings of one instant keep their order of arrival.
        yield { site, readings: readings.sort((a, b) => a.ts - b.ts) }
      }
    },
    save: () =>
      [...sites.values()].map(({ site, first, last, readings }) => [
        site.id,
        first,
        last,
        readings.map(({ point, ts, value, quality, received, ref }) => [
          point.id,
          ts,
          value,
          quality,
          received,
          ref ?? null,
        ]),
      ]) as unknown as Json,
  }
}
