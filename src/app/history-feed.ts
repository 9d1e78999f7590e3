/** Feeds the history from the fold, and catches it up from the journal where it fell behind. */
import { createJudge } from '../ingest/judge.ts'
import type { Offset } from '../model/entry.ts'
import type { History, HistoryRow, Journal } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { Installation } from '../model/site.ts'
import type { Log } from './log.ts'

export interface HistoryFeed {
  /** Entries up to `offset` will not be added: what the history lacks of them is read from the journal. */
  skip(offset: Offset): void
  /** Readings up to and including an entry. Never blocks: what does not fit is read from the journal later. */
  add(readings: readonly Reading[], upTo: Offset): void
  /** Rows taken but not yet written. */
  waiting(): number
  /** Resolves when the history holds everything that was added. */
  drain(): Promise<void>
}

const ROOM = 200_000

export function createHistoryFeed(options: {
  readonly history: History
  readonly journal: Journal
  readonly installation: () => Installation
  readonly log: Log
  /** Rows kept in memory before the history is left behind. */
  readonly room?: number
}): HistoryFeed {
  const { history, journal, installation, log, room = ROOM } = options
  let rows: HistoryRow[] = []
  let upTo: Offset = 0
  let behind = false
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    while (rows.length > 0 || behind) {
      if (behind) {
        behind = false
        await catchUp(history, { journal, installation: installation(), upTo })
        continue
      }
      const batch = rows
      rows = []
      await history.write(batch, upTo)
    }
  }

  function start(): void {
    writing ??= write()
      .catch((error: unknown) => {
        // What was not written is in the journal: the next readings make it catch up from there.
        rows = []
        behind = true
        log.error(`history: ${String(error)}`)
      })
      .finally(() => {
        writing = undefined
      })
  }

  return {
    skip(offset) {
      if (offset <= upTo) return
      upTo = offset
      behind = true
      start()
    },
    add(readings, offset) {
      upTo = offset
      if (readings.length === 0) return
      if (behind) return start()
      if (rows.length + readings.length > room) {
        rows = []
        behind = true
        log.warn('history: too slow for what arrives; catching up from the journal')
      } else {
        for (const reading of readings) rows.push(reading)
      }
      start()
    },
    waiting: () => rows.length,
    async drain() {
      while (writing) await writing
    },
  }
}

/** Judges the journal's readings once more and writes those the history lacks. */
export async function catchUp(
  history: History,
  { journal, installation, upTo }: { journal: Journal; installation: Installation; upTo: Offset },
): Promise<number> {
  const from = (await history.offset()) + 1
  if (from > upTo) return 0
  const judge = createJudge(installation)
  let written = 0
  for await (const entries of journal.read(from)) {
    const rows: HistoryRow[] = []
    let last = 0
    for (const entry of entries) {
      if (entry.offset > upTo) break
      last = entry.offset
      if (entry.type !== 'reading') continue
      const reading = judge.judge(entry.reading, entry.at)
      if (reading) rows.push(reading)
    }
    if (last > 0) await history.write(rows, last)
    written += rows.length
    if (last === 0 || last >= upTo) break
  }
  return written
}
