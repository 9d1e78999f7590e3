/** The thread that owns the outbox's file. */
import type { OutboxCursor } from '../../model/notification.ts'
import type { Instant } from '../../model/time.ts'
import { type Database, openDatabase } from '../sqlite/database.ts'
import { serve } from '../sqlite/serve.ts'
import { type DueQuery, type ItemRow, itemTable } from './item-table.ts'
import { type ListQuery, messageTable, type NewMessage, type NextQuery, type Settlement } from './message-table.ts'
import { OUTBOX_SCHEMA, OUTBOX_VERSION } from './schema.ts'

let database: Database
let items: ReturnType<typeof itemTable>
let messages: ReturnType<typeof messageTable>

const handlers = {
  open({ file }: { file: string }): void {
    database = openDatabase({
      file,
      kind: 'outbox',
      version: OUTBOX_VERSION,
      schema: OUTBOX_SCHEMA,
      synchronous: 'FULL',
    })
    items = itemTable(database)
    messages = messageTable(database)
  },
  cursor: () => items.cursor(),
  take: (step: { items: readonly ItemRow[]; cursor?: OutboxCursor; now: Instant }) => items.take(step),
  due: (query: DueQuery) => items.due(query),
  lastWords: (alarms: readonly string[]) => items.lastWords(alarms),
  deliveries: (alarm: string) => items.deliveries(alarm),
  write: (message: NewMessage) => messages.write(message),
  next: (query: NextQuery) => messages.next(query),
  settle: (result: Settlement) => messages.settle(result),
  resend: (request: { id: string; now: Instant }) => messages.resend(request),
  get: (id: string) => messages.get(id),
  list: (query: ListQuery) => messages.list(query),
  backlog: () => messages.backlog(),
  attempts: (query: { channel: string; since: Instant }) => messages.attempts(query),
  prune: (bounds: { over: Instant; waiting: Instant }) => messages.prune(bounds),
  close: () => database.close(),
}

export type OutboxHandlers = typeof handlers
serve(handlers, () => database)
