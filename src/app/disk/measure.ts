/** What the file system of the data folder has left, and which part of the folder takes how much. */
import type { Dirent } from 'node:fs'
import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** `other`: accounts, audit log, outbox, attachments and whatever else lies in the folder. */
export const DISK_PARTS = ['journal', 'history', 'store', 'configurations', 'other'] as const
export type DiskPart = (typeof DISK_PARTS)[number]

/** Bytes. */
export interface DiskMeasure {
  /** What this service may still write; what is kept for the system's administrator is not in it. */
  readonly free: number
  /** Free and used together, as `df` counts them. */
  readonly size: number
  readonly parts: Readonly<Record<DiskPart, number>>
}

const FILES: Readonly<Record<string, DiskPart>> = {
  'journal.db': 'journal',
  'history.db': 'history',
  'store.db': 'store',
  configurations: 'configurations',
}

/** Rejects where the folder or its file system cannot be read. */
export async function measureDisk(data: string): Promise<DiskMeasure> {
  const { bsize, blocks, bfree, bavail } = await statfs(data)
  const parts = { journal: 0, history: 0, store: 0, configurations: 0, other: 0 }
  for (const entry of await readdir(data, { withFileTypes: true })) {
    // A database's log and index lie beside it.
    const part = FILES[entry.name.replace(/-(wal|shm)$/, '')] ?? 'other'
    parts[part] += await taken(data, entry)
  }
  return { free: bavail * bsize, size: (blocks - bfree + bavail) * bsize, parts }
}

/** How long a file, or all of a folder, is. */
async function taken(folder: string, entry: Dirent): Promise<number> {
  const path = join(folder, entry.name)
  try {
    if (!entry.isDirectory()) return (await lstat(path)).size
    let sum = 0
    for (const one of await readdir(path, { withFileTypes: true })) sum += await taken(path, one)
    return sum
  } catch (error) {
    // A log that its database has just put away.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
