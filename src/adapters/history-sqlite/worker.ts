/** The thread that owns the history's file. */
import type { Offset } from '../../model/entry.ts'
import type { PointRef } from '../../model/point.ts'
import type { Duration } from '../../model/time.ts'
import { type Database, openDatabase } from '../sqlite/database.ts'
import { loadPoints, type NumberedPoint } from '../sqlite/points.ts'
import { serve } from '../sqlite/serve.ts'
import type { RowBatch } from './batch.ts'
import { type PruneStep, pruner } from './prune.ts'
import { historyQueries, type Range } from './queries.ts'
import { HISTORY_SCHEMA, HISTORY_VERSION } from './schema.ts'
import { historyWriter } from './write.ts'

let database: Database
let write: ReturnType<typeof historyWriter>
let queries: ReturnType<typeof historyQueries>
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
    database.exec('PRAGMA cache_size = -65536')
    write = historyWriter(database)
    queries = historyQueries(database)
    prune = pruner(database)
    return loadPoints(database, 0)
  },
  write: ({ batch, upTo }: { batch: RowBatch; upTo: Offset | undefined }) => write(batch, upTo),
  series: (query: Range & { point: number; every: Duration }) => queries.series(query),
  raw: (query: Range & { point: number; name: PointRef; limit: number }) => queries.raw(query),
  track: (query: Range & { site: string; card: string }) => queries.track(query),
  prune: (step: PruneStep) => prune(step),
  offset: () => (database.meta('offset') as Offset | undefined) ?? 0,
  close: () => database.close(),
}

export type HistoryHandlers = typeof handlers
serve(handlers)
