/** Readings for charts and tracks in SQLite, written by a thread of its own; lost or damaged, it is rebuilt from the journal. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Offset } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { PastReadings } from '../../model/past-readings.ts'
import { type History, type HistoryRow, MOST_BUCKETS } from '../../model/ports.ts'
import type { Instant } from '../../model/time.ts'
import { PointNumbers } from '../sqlite/points.ts'
import { openThread, type Thread } from '../sqlite/thread.ts'
import { packRows } from './batch.ts'
import type { PruneStep } from './prune.ts'
import type { HistoryHandlers } from './worker.ts'

/** Rows packed and sent at a time: the longest that the fold waits behind packing. */
const CHUNK = 5_000

export interface PrunableHistory extends History, PastReadings {
  /** Takes out everything measured before an instant; resolves with the number of rows. Writes go on meanwhile. */
  prune(before: Instant): Promise<number>
  /** Rows not yet handed to the thread. */
  waiting(): number
}

/** Opens or creates the history; `data-in-use` where it is open already, `data-newer` where its format is newer.
 *  A written row is found by queries at once and is on disk within seconds; `offset()` says up to where everything is,
 *  after writing all that waited. `queue` bounds the rows waiting to be written (default 200 000): a write beyond it is refused with `history-behind`.
 *  After a refused or failed write all later ones are refused too, so that the offset never passes over a gap, until
 *  `offset()` is asked: from there on the history is to be fed again. */
export async function openHistory({
  file,
  queue = 200_000,
}: {
  readonly file: string
  readonly queue?: number
}): Promise<PrunableHistory> {
  const module = new URL('./worker.ts', import.meta.url)
  const { thread, opened } = await openThread<HistoryHandlers>(module, { file })
  return new SqliteHistory({ thread, points: new PointNumbers(opened), queue })
}

class SqliteHistory implements PrunableHistory {
  readonly #thread: Thread<HistoryHandlers>
  readonly #points: PointNumbers
  readonly #queue: number
  #waiting = 0
  #refused: DavyError | undefined
  /** The write that the next one follows. */
  #tail: Promise<unknown> = Promise.resolve()

  constructor({ thread, points, queue }: { thread: Thread<HistoryHandlers>; points: PointNumbers; queue: number }) {
    this.#thread = thread
    this.#points = points
    this.#queue = queue
  }

  write(rows: readonly HistoryRow[], upTo: Offset): Promise<void> {
    if (!this.#refused && this.#waiting > 0 && this.#waiting + rows.length > this.#queue) {
      this.#refused = new DavyError('history-behind', {
        message: `the history is ${this.#waiting} readings behind`,
        remedy: 'feed it again from its offset; the journal has everything',
      })
    }
    if (this.#refused) return Promise.reject(this.#refused)
    this.#waiting += rows.length
    const written = this.#tail
      .then(() => this.#write(rows, upTo))
      .finally(() => {
        this.#waiting -= rows.length
      })
    this.#tail = written.catch(() => {})
    return written
  }

  async series({ point, from, to, every }: Parameters<History['series']>[0]) {
    const buckets = Math.ceil((to - from) / every)
    if (!(every > 0) || !(buckets <= MOST_BUCKETS)) {
      const least = Math.ceil((to - from) / MOST_BUCKETS)
      throw new DavyError('series-too-long', {
        message: `a series of ${every > 0 ? buckets : 'endless'} buckets; at most ${MOST_BUCKETS} are given`,
        remedy: `ask for every ${Math.max(1, least)}ms or more, or for a shorter range`,
      })
    }
    const number = this.#points.find(point)
    return number === undefined ? [] : this.#thread.call('series', { argument: { point: number, from, to, every } })
  }

  async raw({ point: { siteId, id }, from, to, limit }: Parameters<History['raw']>[0]) {
    const name = { siteId, id }
    const point = this.#points.find(name)
    return point === undefined ? [] : this.#thread.call('raw', { argument: { point, name, from, to, limit } })
  }

  track(query: Parameters<History['track']>[0]) {
    return this.#thread.call('track', { argument: query })
  }

  summary(query: Parameters<PastReadings['summary']>[0]) {
    return this.#thread.call('summary', { argument: query })
  }

  moves(query: Parameters<PastReadings['moves']>[0]) {
    return this.#thread.call('moves', { argument: query })
  }

  async offset(): Promise<Offset> {
    await this.#tail
    this.#refused = undefined
    return this.#thread.call('offset')
  }

  async prune(before: Instant): Promise<number> {
    let removed = 0
    let step: PruneStep | undefined = { before, table: 'reading', after: 0 }
    while (step) {
      const piece: { removed: number; next?: PruneStep } = await this.#thread.call('prune', { argument: step })
      removed += piece.removed
      step = piece.next
    }
    return removed
  }

  waiting(): number {
    return this.#waiting
  }

  async close(): Promise<void> {
    await this.#tail
    await this.#thread.close()
  }

  async #write(rows: readonly HistoryRow[], upTo: Offset): Promise<void> {
    if (this.#refused && this.#refused.code !== 'history-behind') throw this.#refused
    for (let first = 0; first === 0 || first < rows.length; first += CHUNK) {
      // Packing a long batch must not hold up the fold.
      if (first > 0) await turn()
      const packed = packRows(rows.slice(first, first + CHUNK), (point) => this.#points.of(point))
      const points = this.#points.fresh()
      const { point, ts, received, value, flags } = packed
      try {
        await this.#thread.call('write', {
          // A batch counts as written with its last row; a part of it may be written twice, which changes nothing.
          argument: { batch: { ...packed, points }, upTo: first + CHUNK >= rows.length ? upTo : undefined },
          transfer: [point.buffer, ts.buffer, received.buffer, value.buffer, flags.buffer],
        })
      } catch (cause) {
        this.#refused = new DavyError('history-write', {
          message: `the history could not be written: ${(cause as Error).message}`,
          remedy: 'free space on the disk; what is missing is written again from the journal',
          cause,
        })
        throw this.#refused
      }
      this.#points.saved(points)
    }
  }
}
