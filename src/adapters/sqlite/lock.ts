/** One writer a file: a lock of the operating system, so that a killed process leaves nothing to clean up. */
import { DatabaseSync } from 'node:sqlite'
import { DavyError } from '../../model/errors.ts'

/** SQLITE_BUSY, SQLITE_LOCKED. */
const BUSY: ReadonlySet<number> = new Set([5, 6])

export interface Lock {
  release(): void
}

/** Takes the lock of `file` or throws `data-in-use`, naming the process that `holder` finds. The empty `.lock` file beside it stays. */
export function lock({ file, holder }: { file: string; holder: () => number | undefined }): Lock {
  // An open write transaction on an empty database is held by file locks, which die with their process and also
  // keep out a second opener within this one; nothing is ever written, so nothing can be damaged.
  const guard = new DatabaseSync(`${file}.lock`, { timeout: 0 })
  try {
    guard.exec('BEGIN IMMEDIATE')
  } catch (cause) {
    guard.close()
    // A full or read-only disk holds nobody's lock.
    if (!BUSY.has((cause as { errcode?: number }).errcode! & 0xff)) throw cause
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
