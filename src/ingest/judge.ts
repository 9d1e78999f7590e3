/** The judge after the journal: what a measurement is worth, and where it stands between the two clocks. A fold: it knows nothing but what it was shown. */
import type { Json } from '../model/json.ts'
import type { Point, PointRef } from '../model/point.ts'
import type { Measurement, Reading, Timing } from '../model/reading.ts'
import { findPoint, type Installation, type Site } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import { lagAt, observe } from './disorder.ts'
import {
  type Ahead,
  createStanding,
  loadStanding,
  type SavedStanding,
  type Standing,
  saveStanding,
} from './standing.ts'
import { bookOf, isLate, nameOf, sweep } from './subjects.ts'
import { readable, worthOf } from './worth.ts'

export interface ClockReport {
  readonly late: number
  readonly early: number
  readonly bad: number
  /** Points whose clock runs ahead now, by id. */
  readonly ahead: ReadonlyMap<string, Ahead>
}

export interface Judge {
  /** Judges the next reading of the journal; `received` never runs backwards. `undefined`: the point is no longer configured. */
  judge(measurement: Measurement, received: Instant): Reading | undefined
  /** Event time up to which the site's news is complete: `now` less twice the disorder seen lately, at most `lateAfter`. */
  settled(site: Site, now: Instant): Instant
  report(site: Site): ClockReport
  /** All it knows, by names; the same state gives the same JSON. */
  save(): Json
  /** Replaces what it knows. Sites and points that are no longer configured are forgotten. */
  load(saved: Json): void
}

type Saved = {
  readonly clock: Instant
  readonly sites: readonly (SavedStanding & {
    readonly site: string
    readonly points: readonly (readonly [string, Instant])[]
  })[]
}

const NEVER = Number.NEGATIVE_INFINITY
/** Journal entries share few references; a reader that makes new ones must not fill the memory. */
const REFS_A_POINT = 4

/** One judge a configuration: after a reload, a new one loads what the old one saved. */
export function createJudge(installation: Installation): Judge {
  const { points, sites } = installation
  const standings: Standing[] = []
  for (const site of sites.values()) standings[site.index] = createStanding()
  /** Event time of the last live word of each point that is its own subject. */
  const lasts = new Float64Array(points.length).fill(NEVER)
  const resolved = new Map<PointRef, Point>()
  let clock: Instant = 0

  function resolve(ref: PointRef): Point | undefined {
    // The door gives the installation's own points: no look-up.
    const own = points[(ref as Partial<Point>).index ?? -1]
    if (own === ref) return own
    const known = resolved.get(ref)
    if (known) return known
    const point = findPoint(installation, ref)
    if (!point) return undefined
    if (resolved.size >= REFS_A_POINT * points.length) resolved.clear()
    resolved.set(ref, point)
    return point
  }

  return {
    judge(measurement, received) {
      const point = resolve(measurement.point)
      if (!point) return undefined
      if (received > clock) clock = received
      const { lateAfter } = point.site
      const standing = standings[point.site.index]!
      const { ts } = measurement
      const value = readable(point, measurement.value)
      let quality = value === null ? 'bad' : worthOf(point, measurement)

      const name = nameOf(point, value)
      const book = name === undefined ? undefined : bookOf(standing.subjects, value!)
      const last = book ? book.get(name!) : lasts[point.index]!
      let timing: Timing = 'live'
      if (isLate(ts, { last: last ?? NEVER, received, lateAfter })) {
        timing = 'late'
        standing.late += 1
      } else if (ts - received > lateAfter) {
        // An early reading leaves its subject where it was, or every honest one after it would be late.
        timing = 'early'
        standing.early += 1
        standing.ahead.set(point.id, { by: ts - received, received })
        if (quality === 'good') quality = 'uncertain'
      } else {
        if (book) {
          book.set(name!, ts)
          if (last === undefined) sweep(standing.subjects, clock - lateAfter)
        } else lasts[point.index] = ts
        if (standing.ahead.size > 0) standing.ahead.delete(point.id)
      }
      if (quality === 'bad') standing.bad += 1

      const reading = readingOf(measurement, { point, ts, value, quality, received, timing })
      if (timing === 'live' && quality !== 'bad' && measurement.stamped === undefined) {
        observe(standing.disorder, reading)
      }
      return reading
    },
    settled(site, now) {
      return now - Math.min(site.lateAfter, 2 * lagAt(standings[site.index]!.disorder, now))
    },
    report(site) {
      const { late, early, bad, ahead } = standings[site.index]!
      return { late, early, bad, ahead }
    },
    save() {
      const saved: Saved = {
        clock,
        sites: [...sites.values()]
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .map((site) => {
            const stale = clock - site.lateAfter
            return {
              site: site.id,
              ...saveStanding(standings[site.index]!, stale),
              points: [...site.points.values()]
                .map((point): [string, Instant] => [point.id, lasts[point.index]!])
                .filter(([, ts]) => ts > stale)
                .sort(([a], [b]) => (a < b ? -1 : 1)),
            }
          }),
      }
      return saved
    },
    load(json) {
      const saved = json as unknown as Saved
      clock = saved.clock
      lasts.fill(NEVER)
      for (const site of sites.values()) standings[site.index] = createStanding()
      for (const { site: id, points: heard, ...standing } of saved.sites) {
        const site = sites.get(id)
        if (!site) continue
        standings[site.index] = loadStanding({
          ...standing,
          ahead: standing.ahead.filter(([point]) => site.points.has(point)),
        })
        for (const [name, ts] of heard) {
          const point = site.points.get(name)
          if (point) lasts[point.index] = ts
        }
      }
    },
  }
}

type Judged = Pick<Reading, 'point' | 'ts' | 'value' | 'quality' | 'received' | 'timing'>

/** Optional fields come after the others, in one order, so that rules see few forms of object. */
function readingOf({ ref, status, stamped }: Measurement, judged: Judged): Reading {
  if (ref === undefined && status === undefined && stamped === undefined) return judged
  const reading: { -readonly [K in keyof Reading]: Reading[K] } = judged
  if (ref !== undefined) reading.ref = ref
  if (status !== undefined) reading.status = status
  if (stamped !== undefined) reading.stamped = stamped
  return reading
}
