/** The journal in memory: for replay and tests, where nothing has to outlive the process. */
import type { Entry, NewEntry, Offset } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { Journal } from '../../model/ports.ts'

const BATCH = 4_096

/** An empty journal. It keeps the very entries it is given, so their points stay the same objects. */
export function openMemoryJournal(): Journal {
  const entries: Entry[] = []
  let closed = false

  async function* read(from: Offset, { to, signal }: { to: Offset; signal: AbortSignal | undefined }) {
    for (let next = Math.max(1, from); next <= to && !signal?.aborted; next += BATCH) {
      yield entries.slice(next - 1, Math.min(to, next + BATCH - 1))
    }
  }
  return {
    async append(added: readonly NewEntry[]) {
      if (closed) throw new DavyError('journal-closed', { message: 'the journal is closed' })
      for (const entry of added) entries.push({ ...entry, offset: entries.length + 1 })
      return entries.length
    },
    read: (from, signal) => read(from, { to: entries.length, signal }),
    last: () => entries.length,
    async close() {
      closed = true
    },
  }
}
