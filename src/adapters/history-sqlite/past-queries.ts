/** Sums over whole sites for reports. Ranges include `from` and exclude `to`. */
import type { CardMove, PointSummary } from '../../model/past-readings.ts'
import type { Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'
import { GOOD, NUMBER } from './queries.ts'
import { QUALITY } from './schema.ts'

interface Query {
  readonly site: string
  readonly from: Instant
  readonly to: Instant
}

export function pastQueries(database: Database) {
  const edge = (
    order: 'ASC' | 'DESC',
  ) => `(SELECT ${NUMBER} FROM reading WHERE point = p.id AND ts >= :from AND ts < :to
    AND ${GOOD} ORDER BY ts ${order}, seq ${order} LIMIT 1)`
  const summary = database.prepare(`SELECT p.point, count(*) FILTER (WHERE (flags & ${QUALITY}) = 0) AS good,
      count(*) FILTER (WHERE (flags & ${QUALITY}) = 1) AS uncertain, count(*) FILTER (WHERE (flags & ${QUALITY}) = 2) AS bad,
      min(${NUMBER}) FILTER (WHERE ${GOOD}) AS min, max(${NUMBER}) FILTER (WHERE ${GOOD}) AS max,
      avg(${NUMBER}) FILTER (WHERE ${GOOD}) AS mean, ${edge('ASC')} AS first, ${edge('DESC')} AS last
    FROM point p CROSS JOIN reading r ON r.point = p.id AND r.ts >= :from AND r.ts < :to
    WHERE p.site = :site GROUP BY p.id ORDER BY p.point`)
  const moves = database.prepare(`SELECT card, ts, point, gone FROM (
      SELECT c.card, s.ts, p.point, s.gone, s.point AS number,
        lag(s.point) OVER one AS before, lag(s.gone) OVER one AS away
      FROM card c CROSS JOIN sighting s ON s.card = c.id AND s.ts >= :from AND s.ts < :to
        CROSS JOIN point p ON p.id = s.point
      WHERE c.site = :site WINDOW one AS (PARTITION BY s.card ORDER BY s.ts, s.point))
    WHERE before IS NULL OR before <> number OR away <> gone ORDER BY ts, card, point`)

  return {
    summary: (query: Query) =>
      (summary.all({ ...query }) as Record<string, number | string | null>[]).map(
        (row) =>
          Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as PointSummary,
      ),
    moves: (query: Query): readonly CardMove[] =>
      (moves.all({ ...query }) as { card: string; ts: Instant; point: string; gone: number }[]).map((row) => ({
        ...row,
        gone: row.gone === 1,
      })),
  }
}
