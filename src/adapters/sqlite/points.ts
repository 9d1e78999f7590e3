/** A file's own numbers for points, so that what it holds never depends on the configuration. */
import type { PointRef } from '../../model/point.ts'
import type { Database } from './database.ts'

/** Append-only: a number, once given, means the same point for ever. */
export const POINTS_SCHEMA = `CREATE TABLE IF NOT EXISTS point (
  id INTEGER PRIMARY KEY, site TEXT NOT NULL, point TEXT NOT NULL, UNIQUE (site, point))`

export interface NumberedPoint {
  readonly id: number
  readonly site: string
  readonly point: string
}

/** The numbered points after `after`, in order. */
export function loadPoints(database: Database, after: number): NumberedPoint[] {
  const rows = database.prepare('SELECT id, site, point FROM point WHERE id > ? ORDER BY id').all(after)
  return rows as unknown as NumberedPoint[]
}

/** Writes new numbers; to be called within the transaction that first uses them. */
export function pointWriter(database: Database): (points: readonly NumberedPoint[]) => void {
  const insert = database.prepare('INSERT OR IGNORE INTO point VALUES (?, ?, ?)')
  return (points) => {
    for (const { id, site, point } of points) insert.run(id, site, point)
  }
}

/** Gives numbers out, and keeps those the file has not seen yet until `saved`. */
export class PointNumbers {
  readonly #sites = new Map<string, Map<string, number>>()
  /** Points of a configuration by their dense index: the hot look-up. */
  readonly #dense: { readonly ref: PointRef; readonly id: number }[] = []
  /** Other points by identity, without touching their strings. */
  readonly #seen = new Map<PointRef, number>()
  #fresh: NumberedPoint[] = []
  #last = 0

  constructor(known: readonly NumberedPoint[]) {
    for (const { id, site, point } of known) {
      this.#site(site).set(point, id)
      this.#last = id
    }
  }

  /** The number of a point, a new one where it has none. */
  of(ref: PointRef): number {
    const { index } = ref as { readonly index?: number }
    if (index !== undefined) {
      const dense = this.#dense[index]
      if (dense?.ref === ref) return dense.id
      const id = this.#number(ref)
      this.#dense[index] = { ref, id }
      return id
    }
    const seen = this.#seen.get(ref)
    if (seen !== undefined) return seen
    const id = this.#number(ref)
    // Callers that make a new object each time must not fill the memory.
    if (this.#seen.size > 2 * this.#last + 1_000) this.#seen.clear()
    this.#seen.set(ref, id)
    return id
  }

  #number(ref: PointRef): number {
    const points = this.#site(ref.siteId)
    let id = points.get(ref.id)
    if (id === undefined) {
      id = ++this.#last
      points.set(ref.id, id)
      this.#fresh.push({ id, site: ref.siteId, point: ref.id })
    }
    return id
  }

  /** The number of a point, `undefined` where it has none. */
  find(ref: PointRef): number | undefined {
    return this.#sites.get(ref.siteId)?.get(ref.id)
  }

  /** Numbers that must be written with the next transaction. */
  fresh(): readonly NumberedPoint[] {
    return this.#fresh.slice()
  }

  /** The file has these now. */
  saved(points: readonly NumberedPoint[]): void {
    this.#fresh = this.#fresh.slice(points.length)
  }

  #site(site: string): Map<string, number> {
    let points = this.#sites.get(site)
    if (!points) {
      points = new Map()
      this.#sites.set(site, points)
    }
    return points
  }
}
