/** The thread that owns the history's file. */
import type { Offset } from '../../model/entry.ts'
import type { PointRef } from '../../model/point.ts'
import type { Duration } from '../../model/time.ts'
import { type Database, openDatabase } from '../sqlite/database.ts'
import { loadPoints, type NumberedPoint, pointWriter } from '../sqlite/points.ts'
import { serve } from '../sqlite/serve.ts'
import type { RowBatch } from './batch.ts'
import { HistoryBuffer } from './buffer.ts'
import { cardKey } from './generation.ts'
import { pastQueries } from './past-queries.ts'
import { type PruneStep, pruner } from './prune.ts'
import { historyQueries, type Range } from './queries.ts'
import { HISTORY_SCHEMA, HISTORY_VERSION } from './schema.ts'

let database: Database
let buffer: HistoryBuffer
let writePoints: ReturnType<typeof pointWriter>
let queries: ReturnType<typeof historyQueries>
let past: ReturnType<typeof pastQueries>
let prune: ReturnType<typeof pruner>

const handlers = {
  /** Returns the points the file knows. */
  open({ file }: { file: string }): readonly NumberedPoint[] {
    // What a power cut takes is written again from the journal, for the offset goes with it.
    database = openDatabase({
      file,
      kind: 'history',
      version: HISTORY_VERSION,
      schema: HISTORY_SCHEMA,
      synchronous: 'NORMAL',
    })
    // A page written again and again before the checkpoint goes to its place once; 64 MiB keep the newest of each point.
    database.exec('PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -65536')
    buffer = new HistoryBuffer(database)
    writePoints = pointWriter(database)
    queries = historyQueries(database)
    past = pastQueries(database)
    prune = pruner(database)
    return loadPoints(database, 0)
  },
  /** Takes rows, to be written soon. */
  write({ batch, upTo }: { batch: RowBatch; upTo: Offset | undefined }): void {
    if (batch.points.length) database.transaction(() => writePoints(batch.points))
    buffer.add(batch, upTo)
  },
  series(query: Range & { point: number; every: Duration }) {
    buffer.flushOnly({ point: query.point })
    return queries.series(query)
  },
  raw(query: Range & { point: number; name: PointRef; limit: number }) {
    buffer.flushOnly({ point: query.point })
    return queries.raw(query)
  },
  track(query: Range & { site: string; card: string }) {
    buffer.flushOnly({ card: cardKey(query) })
    return queries.track(query)
  },
  summary(query: Range & { site: string }) {
    buffer.flush()
    return past.summary(query)
  },
  moves(query: Range & { site: string }) {
    buffer.flush()
    return past.moves(query)
  },
  prune(step: PruneStep) {
    if (step.after === 0) buffer.flush()
    return prune(step)
  },
  /** Writes what it can, and says how far the file is complete. After a failure it takes rows again, from there on. */
  offset(): Offset {
    try {
      buffer.flush()
    } catch {
      buffer.restart()
    }
    return (database.meta('offset') as Offset | undefined) ?? 0
  },
  close(): void {
    try {
      buffer.flush()
    } finally {
      database.close()
    }
  },
}

export type HistoryHandlers = typeof handlers
serve(handlers, () => database)
