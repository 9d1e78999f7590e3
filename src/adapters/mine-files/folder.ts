/** The watched folder: what lies in it, whether it is all there, and where it goes once it is read. */
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duration, Instant } from '../../model/time.ts'

/** Where a file goes once the journal, or the dead letters, have it. */
export type Shelf = 'done' | 'rejected'

/** What tells one content of a file from the next without reading it. */
export interface Print {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
}

export interface Content extends Print {
  /** Absent where the file is larger than the limit. */
  readonly bytes?: Uint8Array
}

const printOf = ({ ino, size, mtimeMs }: Stats): Print => ({ ino, size, mtimeMs })
const isSame = (a: Print, b: Print) => a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs

/** Makes the shelves. Throws where the folder is not there or may not be written. */
export async function openFolder(folder: string): Promise<void> {
  await readdir(folder)
  for (const shelf of ['done', 'rejected'] satisfies Shelf[]) await mkdir(join(folder, shelf), { recursive: true })
}

/** Names of the files with an extension. Uploads under a temporary name (`.part`, `.tmp`, a leading dot) have another one; links are not followed. */
export async function listFiles(folder: string, extension: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => name.toLowerCase().endsWith(extension.toLowerCase()))
}

/** What the file is now; `undefined` where it has gone. */
export async function look(folder: string, file: string): Promise<Print | undefined> {
  try {
    return printOf(await stat(join(folder, file)))
  } catch (error) {
    return gone(error)
  }
}

/** Reads a file; `undefined` where it has gone, or changed meanwhile: it is still being written. `forbidden`: this user may not. */
export async function readContent(
  folder: string,
  { file, maxSize }: { file: string; maxSize: number },
): Promise<Content | 'forbidden' | undefined> {
  try {
    const handle = await open(join(folder, file), 'r')
    try {
      const before = printOf(await handle.stat())
      if (before.size > maxSize) return before
      const bytes = await handle.readFile()
      const after = printOf(await handle.stat())
      return isSame(before, after) && bytes.byteLength === after.size ? { ...after, bytes } : undefined
    } finally {
      await handle.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return 'forbidden'
    return gone(error)
  }
}

/** Puts a file that was read onto a shelf. `false`: it is no longer what was read, and stays to be read again.
 *  Another content under a name that the shelf has already gets a part of its digest into its name. */
export async function shelve(
  folder: string,
  { file, print, shelf }: { file: string; print: Print; shelf: Shelf },
): Promise<boolean> {
  const from = join(folder, file)
  const now = await look(folder, file)
  if (!now || !isSame(now, print)) return false
  const to = await freeName(join(folder, shelf), { file, from })
  await rename(from, to)
  // Replaced between the look and the move: what was not read must not lie among what was.
  if (isSame(printOf(await stat(to)), print)) return true
  await rename(to, from)
  return false
}

async function freeName(shelf: string, { file, from }: { file: string; from: string }): Promise<string> {
  const plain = join(shelf, file)
  const there = await look(shelf, file)
  if (!there) return plain
  const [ours, theirs] = [await digest(from), await digest(plain)]
  if (ours === theirs) return plain
  const dot = file.lastIndexOf('.')
  return join(shelf, `${file.slice(0, dot)}.${ours.slice(0, 8)}${file.slice(dot)}`)
}

async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Removes what has lain on the shelves for longer than `keep`: the files hold people's names. */
export async function clearShelves(folder: string, { now, keep }: { now: Instant; keep: Duration }): Promise<void> {
  for (const shelf of ['done', 'rejected'] satisfies Shelf[]) {
    for (const file of await readdir(join(folder, shelf))) {
      const path = join(folder, shelf, file)
      const found = await stat(path).catch(gone)
      // A move sets the time of change, not that of the content.
      if (found?.isFile() && now - found.ctimeMs > keep) await unlink(path).catch(gone)
    }
  }
}

function gone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  throw error
}
