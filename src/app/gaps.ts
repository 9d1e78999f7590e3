/** Gaps that sources have still to fill from what their peers remember, on disk: what is heard live meanwhile must not hide them. */
import { open, readFile, rename } from 'node:fs/promises'
import type { Instant } from '../model/time.ts'

export interface Gaps {
  /** Up to when a point was heard before its gap; `undefined` where it has none. */
  before(site: string, point: string): Instant | undefined
  /** Notes gaps by point, and those that are no more (`undefined`). Resolves once on disk. */
  note(site: string, marks: ReadonlyMap<string, Instant | undefined>): Promise<void>
}

/** Takes up what is in the file; one that is not there, or cannot be read as such, holds none. `lost` is told of the latter. */
export async function openGaps({ file, lost }: { file: string; lost(reason: string): void }): Promise<Gaps> {
  const gaps = await readGaps(file, lost)
  let writing = Promise.resolve()
  /** A write that has not begun stands for all that is noted until it does. */
  let next: Promise<void> | undefined

  function write(): Promise<void> {
    next ??= writing.then(async () => {
      next = undefined
      const sites = [...gaps].map(([site, marks]) => [site, Object.fromEntries(marks)])
      await replace(file, JSON.stringify(Object.fromEntries(sites)))
    })
    writing = next.catch(() => {})
    return next
  }

  return {
    before: (site, point) => gaps.get(site)?.get(point),
    async note(site, marks) {
      const own = gaps.get(site) ?? new Map<string, Instant>()
      let changed = false
      for (const [point, mark] of marks) {
        if (own.get(point) === mark) continue
        changed = true
        if (mark === undefined) own.delete(point)
        else own.set(point, mark)
      }
      if (!changed) return
      gaps.set(site, own)
      await write()
    },
  }
}

async function readGaps(file: string, lost: (reason: string) => void): Promise<Map<string, Map<string, Instant>>> {
  const gaps = new Map<string, Map<string, Instant>>()
  try {
    const sites = JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, unknown>>
    for (const [site, marks] of Object.entries(sites)) {
      const known = Object.entries(marks).filter((mark): mark is [string, Instant] => Number.isSafeInteger(mark[1]))
      gaps.set(site, new Map(known))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') lost(String(error))
  }
  return gaps
}

/** Whole or not at all. */
async function replace(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}
