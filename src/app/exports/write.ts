/** Puts a file where others collect: under a temporary name first, whole and on disk before it has its own. */
import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Throws where the folder cannot be written. */
export async function writeWhole(folder: string, { file, bytes }: { file: string; bytes: Uint8Array }): Promise<void> {
  const unfinished = join(folder, `.${file}.part`)
  const handle = await open(unfinished, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(unfinished, join(folder, file))
}

/** How many files wait to be collected. */
export async function countWaiting(folder: string): Promise<number> {
  return (await readdir(folder)).length
}
