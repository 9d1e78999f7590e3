/** What the history is asked: series, raw rows and tracks. Ranges include `from` and exclude `to`. */
import type { PointRef } from '../../model/point.ts'
import type { HistoryRow, SeriesBucket, TrackStep } from '../../model/ports.ts'
import type { Duration, Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'
import { QUALITIES, QUALITY, STAMPED, TIMING_SHIFT, TIMINGS } from './schema.ts'

/** Rows in one answer at most. */
const MOST_ROWS = 100_000

/** A value as a number: switches count as 0 and 1, anything else not at all. */
export const NUMBER = `CASE typeof(value) WHEN 'text' THEN CASE value WHEN 'true' THEN 1 WHEN 'false' THEN 0 END ELSE value END`
/** A good reading that is a number. */
export const GOOD = `(flags & ${QUALITY}) = 0 AND ${NUMBER} IS NOT NULL`

const SERIES = `WITH bucket AS (
    SELECT CAST((ts - :from) / :every AS INTEGER) AS place, count(*) AS count, max(flags & ${QUALITY}) AS worst,
      min(${NUMBER}) FILTER (WHERE ${GOOD}) AS min, max(${NUMBER}) FILTER (WHERE ${GOOD}) AS max,
      max(ts) FILTER (WHERE ${GOOD}) AS newest
    FROM reading WHERE point = :point AND ts >= :from AND ts < :to GROUP BY place)
  SELECT place, count, worst, min, max,
    (SELECT ${NUMBER} FROM reading WHERE point = :point AND ts = newest AND ${GOOD} ORDER BY seq DESC LIMIT 1) AS last
  FROM bucket ORDER BY place`

export interface Range {
  readonly from: Instant
  readonly to: Instant
}

type Row = Record<string, number | string | null>

export function historyQueries(database: Database) {
  const series = database.prepare(SERIES)
  const raw = database.prepare('SELECT * FROM reading WHERE point = ? AND ts >= ? AND ts < ? ORDER BY ts, seq LIMIT ?')
  const track = database.prepare(`SELECT s.ts, s.gone, p.id, p.site, p.point FROM card c
    CROSS JOIN sighting s ON s.card = c.id AND s.ts >= ? AND s.ts < ? CROSS JOIN point p ON p.id = s.point
    WHERE c.site = ? AND c.card = ? ORDER BY s.ts, s.point`)

  return {
    /** Only buckets that hold readings; a bucket begins at `from` plus a multiple of `every`. */
    series({ point, from, to, every }: Range & { point: number; every: Duration }): readonly SeriesBucket[] {
      return (series.all({ point, from, to, every }) as Row[]).map(({ place, count, worst, min, max, last }) => ({
        ts: from + (place as number) * every,
        ...(min === null ? {} : { min: min as number, max: max as number, last: last as number }),
        count: count as number,
        worst: QUALITIES[worst as number]!,
      }))
    },
    /** Oldest first. */
    raw({ point, name, from, to, limit }: Range & { point: number; name: PointRef; limit: number }): HistoryRow[] {
      const most = Math.min(Math.max(1, Math.floor(limit)), MOST_ROWS)
      return (raw.all(point, from, to, most) as Row[]).map((row) => rowOf(row, name))
    },
    /** Consecutive sightings by one reader are one step, until another reader sees the card or it is gone. */
    track({ site, card, from, to }: Range & { site: string; card: string }): readonly TrackStep[] {
      const steps: { point: PointRef; ts: Instant; until: Instant; readings: number }[] = []
      let reader: number | undefined
      for (const row of track.iterate(from, to, site, card) as Iterable<unknown> as Iterable<Row>) {
        const ts = row.ts as Instant
        const step = steps.at(-1)
        if (step && row.id === reader) {
          step.until = ts
          step.readings++
        } else {
          steps.push({ point: { siteId: row.site as string, id: row.point as string }, ts, until: ts, readings: 1 })
        }
        reader = row.gone ? undefined : (row.id as number)
      }
      return steps
    },
  }
}

function rowOf({ ts, value, flags, lag, status, ref }: Row, point: PointRef): HistoryRow {
  const bits = flags as number
  return {
    point,
    ts: ts as Instant,
    value: typeof value === 'string' ? JSON.parse(value) : (value as number),
    quality: QUALITIES[bits & QUALITY]!,
    received: (ts as Instant) + (lag as Duration),
    timing: TIMINGS[(bits >> TIMING_SHIFT) & 0b11]!,
    ...(status === null ? {} : { status: status as string }),
    ...(ref === null ? {} : { ref: ref as string }),
    ...(bits & STAMPED ? { stamped: 'arrival' } : {}),
  }
}
