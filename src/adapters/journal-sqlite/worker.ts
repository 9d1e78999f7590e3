/** The thread that commits: a slow disk holds up nobody but those who wait for it. */
import type { Offset } from '../../model/entry.ts'
import type { Instant } from '../../model/time.ts'
import { type Database, openDatabase } from '../sqlite/database.ts'
import { loadPoints, type NumberedPoint, pointWriter } from '../sqlite/points.ts'
import { serve } from '../sqlite/serve.ts'
import { JOURNAL_SCHEMA, JOURNAL_VERSION } from './format.ts'

export interface SealedBody {
  readonly first: Offset
  readonly last: Offset
  readonly at: Instant
  readonly body: Uint8Array<ArrayBuffer>
}

let database: Database
let commit: (group: Group) => void

interface Group {
  readonly bodies: readonly SealedBody[]
  readonly points: readonly NumberedPoint[]
}

const handlers = {
  /** Opens or creates the file; returns the last offset in it and the points it knows. */
  open({ file }: { file: string }): { last: Offset; points: readonly NumberedPoint[] } {
    database = openDatabase({
      file,
      kind: 'journal',
      version: JOURNAL_VERSION,
      schema: JOURNAL_SCHEMA,
      synchronous: 'FULL',
    })
    const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)')
    const writePoints = pointWriter(database)
    commit = ({ bodies, points }) => {
      database.transaction(() => {
        writePoints(points)
        for (const { first, last, at, body } of bodies) insert.run(first, last, at, body)
      })
    }
    const newest = database.prepare('SELECT last FROM entries ORDER BY first DESC LIMIT 1').get()
    return { last: (newest?.last as Offset | undefined) ?? 0, points: loadPoints(database, 0) }
  },
  /** Durable when it returns. */
  commit(group: Group): void {
    commit(group)
  },
  close(): void {
    database.close()
  },
}

export type JournalHandlers = typeof handlers
serve(handlers, () => database)
