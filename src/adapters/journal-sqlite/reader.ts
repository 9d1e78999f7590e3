/** Reading a journal's file: by the service that writes it, or beside it, or after it. */
import type { StatementSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import type { Entry, Offset } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { PointRef } from '../../model/point.ts'
import { isCorrupt } from '../sqlite/damage.ts'
import { type Database, openReadOnly } from '../sqlite/database.ts'
import { loadPoints } from '../sqlite/points.ts'
import { checkBody, decodeBody } from './codec.ts'
import { JOURNAL_VERSION } from './format.ts'

/** Entries in a batch, about: small commits are put together, so that reading does not depend on how they were written. */
const BATCH = 4_096

export interface JournalReader {
  /** Entries from `from` on up to the end at the time of the call; ends early, quietly, when the signal aborts.
   *  Throws `journal-damaged` at the first entries that are not what was written. The same point is the same object throughout. */
  read(from: Offset, signal?: AbortSignal): AsyncIterable<readonly Entry[]>
  /** Offset of the last durable entry, 0 where there is none. */
  last(): Offset
  close(): Promise<void>
}

/** Opens an existing journal read-only, whether a service writes it or not; for replay, explain and back-tests. Throws `data-missing`,
 *  `data-newer`, `data-foreign`, `data-damaged`. */
export function openJournalReader({ file }: { file: string }): JournalReader {
  const scan = openScan(file)
  return {
    read: (from, signal) => scan.read({ from, to: scan.last(), ...(signal ? { signal } : {}) }),
    last: () => scan.last(),
    close: async () => scan.close(),
  }
}

export interface Scan {
  last(): Offset
  read(range: { from: Offset; to: Offset; signal?: AbortSignal }): AsyncIterable<readonly Entry[]>
  close(): void
}

interface Row {
  readonly first: Offset
  readonly last: Offset
  readonly body: Uint8Array
}

/** The file behind a journal or a reader. */
export function openScan(file: string): Scan {
  const database: Database = openReadOnly({ file, kind: 'journal', version: JOURNAL_VERSION })
  const newest = database.prepare('SELECT last FROM entries ORDER BY first DESC LIMIT 1')
  const start = database.prepare('SELECT first FROM entries WHERE first <= ? ORDER BY first DESC LIMIT 1')
  const rows = database.prepare('SELECT first, last, body FROM entries WHERE first BETWEEN ? AND ? ORDER BY first')
  const points: PointRef[] = []
  let known = 0

  const pointOf = (id: number): PointRef => {
    const found = points[id]
    if (found) return found
    for (const { id: number, site, point } of loadPoints(database, known)) {
      points[number] = { siteId: site, id: point }
      known = number
    }
    const loaded = points[id]
    if (!loaded) throw new Error(`it names point ${id}, which the journal does not know`)
    return loaded
  }

  /** One batch from the body that begins at `first`. Synchronous, so that no read transaction outlives it. */
  const batch = ({ first, from, to }: { first: Offset; from: Offset; to: Offset }) => {
    const entries: Entry[] = []
    let next = first
    try {
      for (const row of rows.iterate(first, to) as Iterable<unknown> as Iterable<Row>) {
        if (row.first !== next) break
        decode(row, entries)
        next = row.last + 1
        if (entries.length >= BATCH) break
      }
    } catch (cause) {
      if (!isCorrupt(cause)) throw cause
      throw damaged({ file, first: next, why: (cause as Error).message, cause })
    }
    if (next === first) throw damaged({ file, first, why: 'they are missing' })
    const inside = entries.length && (entries[0]!.offset < from || entries.at(-1)!.offset > to)
    return { next, entries: inside ? entries.filter(({ offset }) => offset >= from && offset <= to) : entries }
  }

  const decode = ({ first, last, body }: Row, into: Entry[]) => {
    try {
      const head = checkBody(body)
      if (head.first !== first || head.count !== last - first + 1) throw new Error('they stand in another place')
      decodeBody(body, { into, pointOf })
    } catch (cause) {
      throw damaged({ file, first, last, why: (cause as Error).message, cause })
    }
  }

  /** The first row's, where there is one. */
  const one = (statement: StatementSync, ...values: readonly number[]) => {
    try {
      return statement.get(...values)
    } catch (error) {
      throw database.named(error)
    }
  }

  return {
    last: () => (one(newest)?.last as Offset | undefined) ?? 0,
    async *read({ from, to, signal }) {
      if (from > to) return
      const wanted = Math.max(1, from)
      let first = (one(start, wanted)?.first as Offset | undefined) ?? 1
      while (first <= to && !signal?.aborted) {
        const { next, entries } = batch({ first, from: wanted, to })
        first = next
        yield entries
        // A long read gives way to everything else that is due.
        await turn()
      }
    },
    close: () => database.close(),
  }
}

function damaged({
  file,
  first,
  last,
  why,
  cause,
}: {
  file: string
  first: Offset
  last?: Offset
  why: string
  cause?: unknown
}): DavyError {
  const range = last === undefined ? `from ${first} on` : first === last ? `${first}` : `${first} to ${last}`
  return new DavyError('journal-damaged', {
    message: `the journal's entries ${range} are damaged: ${why}`,
    where: file,
    remedy: 'restore the journal from a backup; the entries before them can still be replayed',
    cause,
  })
}
