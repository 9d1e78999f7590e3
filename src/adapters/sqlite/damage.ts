/** What SQLite says of a file that is broken, and the words for it. */
import { DavyError } from '../../model/errors.ts'

/** What a file of the data folder holds, and what to do where it is damaged. */
const REMEDIES = {
  journal: 'restore it from a backup',
  store: 'move it away: it is built anew from the journal',
  history: 'move it away: it is built anew from the journal',
  outbox: 'move it away: notifications of what happens from then on are sent; what it still held is told no more',
} as const
export type FileKind = keyof typeof REMEDIES

/** Which file it is. */
export interface DataFile {
  readonly file: string
  readonly kind: FileKind
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** SQLite's own primary result code, where the error is one of its. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  return typeof code === 'number' ? code & 0xff : undefined
}

/** Whether SQLite found its file's structure broken. */
export function isCorrupt(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB
}

/** `data-damaged`, with what to do, for what a broken file made SQLite throw; anything else as it is. */
export function nameDamage(error: unknown, of: DataFile): unknown {
  return isCorrupt(error) ? damaged(error as Error, of) : error
}

/** A row's text as what was written there. Throws `data-damaged` where it is no longer that. */
export function parseBody<T>(body: string, of: DataFile): T {
  try {
    return JSON.parse(body) as T
  } catch (cause) {
    throw damaged(cause as Error, of)
  }
}

function damaged(cause: Error, { file, kind }: DataFile): DavyError {
  return new DavyError('data-damaged', {
    message: `the ${kind} is damaged: ${cause.message}`,
    where: file,
    remedy: REMEDIES[kind],
    cause,
  })
}
