/** The one door to SQLite: opens, checks whose file it is, and gives prepared statements and transactions. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { DavyError } from '../../model/errors.ts'
import { type DataFile, type FileKind, nameDamage } from './damage.ts'
import { type Lock, lock } from './lock.ts'

/** What a file holds, stored in it as SQLite's application id. */
const KINDS: Readonly<Record<FileKind, number>> = {
  journal: 0x44_41_56_01,
  store: 0x44_41_56_02,
  history: 0x44_41_56_03,
  outbox: 0x44_41_56_10,
}

/** Milliseconds to wait for another connection's short write before giving up. */
const PATIENCE = 5_000

export interface Opening extends DataFile {
  /** The newest format this program knows. */
  readonly version: number
}

/** A file that only this process writes. Calls are synchronous: for worker threads, or for short reads. */
export interface Database {
  prepare(sql: string): StatementSync
  exec(sql: string): void
  /** All of it or nothing: commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: () => T): T
  /** A number or text kept beside the tables; `undefined` where it was never set. */
  meta(key: string): string | number | undefined
  setMeta(key: string, value: SQLInputValue): void
  /** `data-damaged` for what the broken file made SQLite throw later on; anything else as it is. */
  named(error: unknown): unknown
  close(): void
}

/** Opens for writing, creating folder, file and tables; refuses a file another process writes (`data-in-use`), a newer
 *  format (`data-newer`) and a file of another kind (`data-foreign`). `FULL` survives power loss, `NORMAL` may lose the newest commits. */
export function openDatabase({
  file,
  kind,
  version,
  schema,
  synchronous,
}: Opening & { readonly schema: string; readonly synchronous: 'FULL' | 'NORMAL' }): Database {
  mkdirSync(dirname(file), { recursive: true })
  const held = lock({ file, holder: () => holderOf(file) })
  let raw: DatabaseSync | undefined
  try {
    raw = new DatabaseSync(file, { timeout: PATIENCE })
    check(raw, { file, kind, version })
    raw.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 4000`)
    raw.exec(`BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
      ${schema};
      INSERT OR REPLACE INTO meta VALUES ('holder', ${process.pid});
      PRAGMA application_id = ${KINDS[kind]};
      PRAGMA user_version = ${version};
      COMMIT`)
    return wrap(raw, { file, kind, held })
  } catch (cause) {
    raw?.close()
    held.release()
    throw named(cause, { file, kind })
  }
}

/** Opens an existing file beside its writer, or without one; `data-missing` where there is none. */
export function openReadOnly({ file, kind, version }: Opening): Database {
  let raw: DatabaseSync | undefined
  try {
    raw = new DatabaseSync(file, { readOnly: true, timeout: PATIENCE })
    if (!check(raw, { file, kind, version })) throw missing(file)
    return wrap(raw, { file, kind })
  } catch (cause) {
    raw?.close()
    if (existsSync(file)) throw named(cause, { file, kind })
    throw missing(file)
  }
}

/** Whether the file has been written before; throws where it is not ours to read. */
function check(raw: DatabaseSync, { file, kind, version }: Opening): boolean {
  const pragma = (name: string) => Object.values(raw.prepare(`PRAGMA ${name}`).get() ?? {})[0] as number
  const id = pragma('application_id')
  if (id === 0 && pragma('schema_version') === 0) return false
  if (id !== KINDS[kind]) {
    throw new DavyError('data-foreign', {
      message: `${file} is not a ${kind} file`,
      where: file,
      remedy: 'point --data at the folder Davylamp wrote',
    })
  }
  const found = pragma('user_version')
  if (found > version) {
    throw new DavyError('data-newer', {
      message: `${file} was written by a newer Davylamp: its format is ${found}, this program knows up to ${version}`,
      where: file,
      remedy: 'start the newer version, or restore a backup made by this one',
    })
  }
  return true
}

function wrap(raw: DatabaseSync, { held, ...of }: DataFile & { readonly held?: Lock }): Database {
  let read: StatementSync | undefined
  let write: StatementSync | undefined
  return {
    prepare: (sql) => raw.prepare(sql),
    exec: (sql) => raw.exec(sql),
    transaction(work) {
      raw.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        raw.exec('COMMIT')
        return result
      } catch (error) {
        // A full disk makes SQLite roll back by itself, and then there is nothing left to roll back.
        if (raw.isTransaction) raw.exec('ROLLBACK')
        throw error
      }
    },
    meta(key) {
      read ??= raw.prepare('SELECT value FROM meta WHERE key = ?')
      return read.get(key)?.value as string | number | undefined
    },
    setMeta(key, value) {
      write ??= raw.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
      write.run(key, value)
    },
    named: (error) => nameDamage(error, of),
    close() {
      if (raw.isOpen) raw.close()
      held?.release()
    },
  }
}

/** The process that wrote the file last, to name it in a refusal. */
function holderOf(file: string): number | undefined {
  try {
    const raw = new DatabaseSync(file, { readOnly: true, timeout: 100 })
    try {
      return raw.prepare("SELECT value FROM meta WHERE key = 'holder'").get()?.value as number | undefined
    } finally {
      raw.close()
    }
  } catch {
    return undefined
  }
}

function missing(file: string): DavyError {
  return new DavyError('data-missing', { message: `there is no ${file}`, where: file, remedy: 'check --data' })
}

/** What kept a file from being opened, in words; what the disk is to blame for as it is, where the file may be yet to be made. */
function named(cause: unknown, { file, kind }: DataFile): unknown {
  if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return nameDamage(cause, { file, kind })
  return new DavyError('data-foreign', {
    message: `it is a folder, not a ${kind} file`,
    where: file,
    remedy: 'point --data at the folder Davylamp wrote',
    cause,
  })
}
