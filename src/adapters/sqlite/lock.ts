/** One writer a file: a lock of the operating system, so that a killed process leaves nothing to clean up. */
import { DatabaseSync } from 'node:sqlite'
import { DavyError } from '../../model/errors.ts'
import { isCorrupt, sqliteCode } from './damage.ts'

/** SQLITE_BUSY, SQLITE_LOCKED. */
const BUSY: ReadonlySet<number> = new Set([5, 6])

export interface Lock {
  release(): void
}

/** Takes the lock of `file` or throws `data-in-use`, naming the process that `holder` finds; `data-damaged` where
 *  something else was written into its own file. The empty `.lock` file beside it stays. */
export function lock({ file, holder }: { file: string; holder: () => number | undefined }): Lock {
  // An open write transaction on an empty database is held by file locks, which die with their process and also
  // keep out a second opener within this one; nothing is ever written, so nothing can be damaged.
  const guard = new DatabaseSync(`${file}.lock`, { timeout: 0 })
  try {
    guard.exec('BEGIN IMMEDIATE')
  } catch (cause) {
    guard.close()
    if (isCorrupt(cause)) {
      throw new DavyError('data-damaged', {
        message: `the lock is damaged: ${(cause as Error).message}`,
        where: `${file}.lock`,
        remedy: 'see that no other Davylamp uses this --data folder, and remove the file: it holds nothing',
        cause,
      })
    }
    // A full or read-only disk holds nobody's lock.
    if (!BUSY.has(sqliteCode(cause)!)) throw cause
    const pid = holder()
    throw new DavyError('data-in-use', {
      message: `${file} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}`,
      where: file,
      remedy: 'stop that process, or give this one another --data folder',
      cause,
    })
  }
  return {
    release() {
      if (guard.isOpen) guard.close()
    },
  }
}
