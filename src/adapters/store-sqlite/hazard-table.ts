/** The list of hazards' tables, as the storage thread works on them. */
import type { SQLInputValue } from 'node:sqlite'
import type { HazardStep } from '../../model/hazard.ts'
import type { HazardCount, HazardQuery } from '../../model/hazard-store.ts'
import type { Instant } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'
import { cursorAfter, readCursor } from './alarm-list.ts'

const DEFAULT_LIMIT = 100
const MOST = 1_000

/** The hazard as its newest step left it, and every step. Times are integer milliseconds. */
export const HAZARD_SCHEMA = `
CREATE TABLE IF NOT EXISTS hazard (
  id INTEGER PRIMARY KEY, hazard TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, site TEXT NOT NULL,
  external TEXT, state TEXT NOT NULL, grade TEXT NOT NULL, overdue INTEGER NOT NULL, supervised INTEGER NOT NULL,
  opened INTEGER NOT NULL, closed INTEGER, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS hazard_by_time ON hazard (opened);
CREATE INDEX IF NOT EXISTS hazard_by_site ON hazard (site, opened);
CREATE INDEX IF NOT EXISTS hazard_by_state ON hazard (state, opened);
CREATE INDEX IF NOT EXISTS hazard_by_external ON hazard (site, external) WHERE external IS NOT NULL;
CREATE TABLE IF NOT EXISTS hazard_step (
  id TEXT PRIMARY KEY, hazard TEXT NOT NULL, revision INTEGER NOT NULL, site TEXT NOT NULL, cause TEXT NOT NULL,
  at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS hazard_step_by_hazard ON hazard_step (hazard, revision);
CREATE INDEX IF NOT EXISTS hazard_step_by_site ON hazard_step (site, at)`

export function hazardTable(database: Database) {
  const keep = database.prepare('INSERT INTO hazard_step VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const write = database.prepare(`INSERT INTO hazard
    (hazard, revision, site, external, state, grade, overdue, supervised, opened, closed, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hazard) DO UPDATE SET revision = excluded.revision,
    state = excluded.state, grade = excluded.grade, overdue = excluded.overdue, supervised = excluded.supervised,
    opened = excluded.opened, closed = excluded.closed, body = excluded.body WHERE excluded.revision > revision`)
  const one = database.prepare('SELECT body FROM hazard WHERE hazard = ?')
  const steps = database.prepare('SELECT body FROM hazard_step WHERE hazard = ? ORDER BY revision')
  const known = database.prepare(`SELECT external FROM hazard WHERE site = ?
    AND external IN (SELECT value FROM json_each(?))`)
  const counts = database.prepare(`SELECT site, grade, state, count(*) AS count, sum(overdue) AS overdue,
    sum(supervised) AS supervised, coalesce(sum(closed - opened), 0) AS open
    FROM hazard GROUP BY site, grade, state ORDER BY site, grade, state`)
  const between = database.prepare(`SELECT count(*) FILTER (WHERE cause = 'opened') AS opened,
    count(*) FILTER (WHERE cause = 'close') AS closed, count(*) FILTER (WHERE cause = 'overdue') AS overdue
    FROM hazard_step WHERE site = ? AND at >= ? AND at < ?`)

  return {
    put(given: readonly HazardStep[]): void {
      database.transaction(() => {
        for (const step of given) {
          const { hazard, revision, site, external, state, grade, overdue, supervision, opened, closed } = step.hazard
          keep.run(step.id, hazard, revision, site, step.cause, step.at, JSON.stringify(step))
          const flags = [overdue ? 1 : 0, supervision ? 1 : 0] as const
          const body = JSON.stringify(step.hazard)
          const own = [hazard, revision, site, external ?? null, state, grade] as const
          write.run(...own, ...flags, opened, closed ?? null, body)
        }
      })
    },
    list(query: HazardQuery): { bodies: readonly string[]; next?: string } {
      const limit = Math.min(Math.max(1, Math.floor(query.limit ?? DEFAULT_LIMIT)), MOST)
      const { sql, values } = where(query)
      const rows = database
        .prepare(`SELECT id, opened, body FROM hazard ${sql} ORDER BY opened DESC, id DESC LIMIT ${limit + 1}`)
        .all(...values) as unknown as { id: number; opened: Instant; body: string }[]
      const bodies = rows.slice(0, limit).map(({ body }) => body)
      if (rows.length <= limit) return { bodies }
      const { opened, id } = rows[limit - 1]!
      return { bodies, next: cursorAfter({ raised: opened, id }) }
    },
    get: (hazard: string) => one.get(hazard)?.body as string | undefined,
    steps: (hazard: string) => steps.all(hazard).map(({ body }) => body as string),
    known: ({ site, external }: { site: string; external: readonly string[] }) =>
      known.all(site, JSON.stringify(external)).map((row) => row.external as string),
    counts: () => counts.all() as unknown as readonly HazardCount[],
    between: ({ site, from, to }: { site: string; from: Instant; to: Instant }) =>
      between.get(site, from, to) as unknown as { opened: number; closed: number; overdue: number },
  }
}

function where({ state, sites, grade, overdue, cursor }: HazardQuery): { sql: string; values: SQLInputValue[] } {
  const conditions: string[] = []
  const values: SQLInputValue[] = []
  const among = (column: string, words: readonly string[] | undefined) => {
    if (!words) return
    conditions.push(`${column} IN (SELECT value FROM json_each(?))`)
    values.push(JSON.stringify(words))
  }
  among('state', state)
  among('site', sites)
  among('grade', grade)
  if (overdue !== undefined) {
    conditions.push('overdue = ?')
    values.push(overdue ? 1 : 0)
  }
  if (cursor !== undefined) {
    conditions.push('(opened, id) < (?, ?)')
    values.push(...readCursor(cursor))
  }
  return { sql: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values }
}
