/** A thread that reads the store's file beside its writer, for questions that take long. */
import type { KpiQuery } from '../../model/alarm-kpi.ts'
import { type Database, openReadOnly } from '../sqlite/database.ts'
import { serve } from '../sqlite/serve.ts'
import { figuresOf } from './kpi-queries.ts'
import { STORE_VERSION } from './schema.ts'

let database: Database

const handlers = {
  open({ file }: { file: string }): void {
    database = openReadOnly({ file, kind: 'store', version: STORE_VERSION })
  },
  figures: (query: KpiQuery) => figuresOf(database, query),
  close: () => database.close(),
}

export type KpiHandlers = typeof handlers
serve(handlers, () => database)
