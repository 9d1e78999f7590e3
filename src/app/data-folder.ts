/** What the data folder's disk refuses at the start, in words: full, read-only, not ours. */
import { DavyError } from '../model/errors.ts'

const FULL = 'free space on the disk, or name another --data folder; nothing that was acknowledged is lost'
const CLOSED = 'name a folder that the service may make and write'

/** How the system and SQLite say it, in their own words, and what to do. */
const SIGNS: readonly (readonly [sign: RegExp, message: string, remedy: string])[] = [
  [/ENOSPC|EDQUOT|EFBIG|database or disk is full/, 'the disk is full', FULL],
  [/EROFS|EACCES|EPERM|readonly database/, 'the data folder cannot be written', CLOSED],
  [/ENOTDIR|EEXIST|EISDIR|ELOOP|ENAMETOOLONG/, 'there is no such folder, and none can be made', CLOSED],
  [/unable to open database file|disk I\/O error|\bEIO\b/, 'the disk does not take what is written', FULL],
]

/** `data-unusable` for what the disk is to blame for; anything else as it is. */
export function blameDisk(error: unknown, data: string): unknown {
  if (error instanceof DavyError && error.code !== 'journal-write') return error
  const words =
    error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : String(error)
  const found = SIGNS.find(([sign]) => sign.test(words))
  if (!found) return error
  const [, message, remedy] = found
  const said = error instanceof Error ? error.message : String(error)
  return new DavyError('data-unusable', { message: `${message}: ${said}`, where: data, remedy, cause: error })
}
