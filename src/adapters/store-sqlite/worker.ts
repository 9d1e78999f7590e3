/** The thread that owns the store's file. */
import type { DeadLetter } from '../../model/errors.ts'
import type { HazardStep } from '../../model/hazard.ts'
import type { HazardQuery } from '../../model/hazard-store.ts'
import type { AlarmQuery, FoldedAlarms } from '../../model/ports.ts'
import { type Database, openDatabase } from '../sqlite/database.ts'
import { serve } from '../sqlite/serve.ts'
import { alarmTable, type TransitionRow } from './alarm-table.ts'
import { hazardTable } from './hazard-table.ts'
import { type LetterBounds, type LetterQuery, letterTable } from './letter-table.ts'
import { STORE_SCHEMA, STORE_VERSION } from './schema.ts'
import { type SnapshotText, snapshotTable } from './snapshot-table.ts'

let database: Database
let alarms: ReturnType<typeof alarmTable>
let hazards: ReturnType<typeof hazardTable>
let letters: ReturnType<typeof letterTable>
let snapshots: ReturnType<typeof snapshotTable>

const handlers = {
  open({ file, bounds }: { file: string; bounds: LetterBounds }): void {
    database = openDatabase({ file, kind: 'store', version: STORE_VERSION, schema: STORE_SCHEMA, synchronous: 'FULL' })
    alarms = alarmTable(database)
    hazards = hazardTable(database)
    letters = letterTable(database, bounds)
    snapshots = snapshotTable(database)
  },
  saveSnapshot: (snapshot: SnapshotText) => snapshots.save(snapshot),
  latestSnapshot: () => snapshots.latest(),
  putLetters: (put: readonly DeadLetter[]) => letters.put(put),
  listLetters: (query: LetterQuery) => letters.list(query),
  getLetter: (id: number) => letters.get(id),
  markReplayed: (id: number) => letters.markReplayed(id),
  countLetters: () => letters.counts(),
  putAlarms: (rows: readonly TransitionRow[]) => alarms.put(rows),
  listAlarms: (query: AlarmQuery) => alarms.list(query),
  timeline: (alarm: string) => alarms.timeline(alarm),
  beginning: (prefix: string) => alarms.beginning(prefix),
  since: (query: { seq: number; limit: number }) => alarms.since(query),
  reconcileAlarms: (folded: FoldedAlarms) => alarms.reconcile(folded),
  retellAlarms: (ids: readonly string[]) => alarms.retell(ids),
  lastAlarm: () => alarms.last(),
  alarmOffset: () => alarms.offset(),
  putHazards: (steps: readonly HazardStep[]) => hazards.put(steps),
  listHazards: (query: HazardQuery) => hazards.list(query),
  getHazard: (hazard: string) => hazards.get(hazard),
  hazardSteps: (hazard: string) => hazards.steps(hazard),
  knownHazards: (query: { site: string; external: readonly string[] }) => hazards.known(query),
  countHazards: () => hazards.counts(),
  hazardsBetween: (query: { site: string; from: number; to: number }) => hazards.between(query),
  close: () => database.close(),
}

export type StoreHandlers = typeof handlers
serve(handlers, () => database)
