/** Users, their sessions and the sources' tokens: a small SQLite file of its own, readable by its owner only. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isCorrupt } from '../../adapters/sqlite/damage.ts'
import { DavyError } from '../../model/errors.ts'
import type { Instant } from '../../model/time.ts'
import type { Role } from './permissions.ts'

export interface Account {
  readonly user: string
  readonly role: Role
  /** `source` only. */
  readonly site?: string
  /** Absent: signs in by token only. */
  readonly password?: string
  readonly created: Instant
}

export interface StoredSession {
  /** SHA-256 of the token. */
  readonly hash: string
  readonly user: string
  /** Absent: a source's token, which does not expire. */
  readonly expires?: Instant
}

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  create table if not exists account (
    user text primary key, role text not null, site text, password text, created integer not null) strict;
  create table if not exists session (
    hash text primary key, user text not null references account(user) on delete cascade, expires integer) strict;
`

/** Whether somebody was ever let in to a data folder; beside its writer, or without one. Throws `data-damaged`. */
export function hasAccounts(data: string): boolean {
  const file = join(data, 'auth.sqlite')
  if (!existsSync(file)) return false
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return db.prepare('select 1 from account limit 1').get() !== undefined
  } catch (cause) {
    throw named(cause, file)
  } finally {
    db.close()
  }
}

function named(cause: unknown, file: string): unknown {
  if (!isCorrupt(cause)) return cause
  return new DavyError('data-damaged', {
    message: `the accounts are damaged: ${(cause as Error).message}`,
    where: file,
    remedy: 'restore it from a backup, or move it away: the next start then makes the first administrator anew',
    cause,
  })
}

/** Owns `auth.sqlite` of the data folder; `data-damaged` where that is no longer one. Calls are synchronous and small. */
export class Accounts {
  readonly #db: DatabaseSync

  constructor(data: string) {
    mkdirSync(data, { recursive: true })
    const file = join(data, 'auth.sqlite')
    // SQLite gives its side files the mode of the file itself.
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
    const db = new DatabaseSync(file)
    try {
      db.exec(SCHEMA)
    } catch (cause) {
      db.close()
      throw named(cause, file)
    }
    this.#db = db
  }

  get(user: string): Account | undefined {
    const row = this.#db.prepare('select * from account where user = ?').get(user)
    return row && accountOf(row)
  }

  list(): Account[] {
    return this.#db.prepare('select * from account order by user').all().map(accountOf)
  }

  /** False where the name is taken. */
  add({ user, role, site, password, created }: Account): boolean {
    const insert =
      'insert into account (user, role, site, password, created) values (?, ?, ?, ?, ?) on conflict do nothing'
    return this.#db.prepare(insert).run(user, role, site ?? null, password ?? null, created).changes === 1
  }

  /** Removes the user and every session of theirs. */
  remove(user: string): void {
    this.#db.prepare('delete from account where user = ?').run(user)
  }

  session(hash: string): StoredSession | undefined {
    const row = this.#db.prepare('select user, expires from session where hash = ?').get(hash)
    if (!row) return undefined
    const user = String(row.user)
    return row.expires === null ? { hash, user } : { hash, user, expires: Number(row.expires) }
  }

  /** Adds the session, or moves its end. */
  putSession({ hash, user, expires }: StoredSession): void {
    const upsert =
      'insert into session (hash, user, expires) values (?, ?, ?) on conflict (hash) do update set expires = excluded.expires'
    this.#db.prepare(upsert).run(hash, user, expires ?? null)
  }

  removeSession(hash: string): void {
    this.#db.prepare('delete from session where hash = ?').run(hash)
  }

  purge(now: Instant): void {
    this.#db.prepare('delete from session where expires <= ?').run(now)
  }

  close(): void {
    this.#db.close()
  }
}

function accountOf(row: Record<string, unknown>): Account {
  return {
    user: String(row.user),
    role: row.role as Role,
    ...(row.site !== null && { site: String(row.site) }),
    ...(row.password !== null && { password: String(row.password) }),
    created: Number(row.created),
  }
}
