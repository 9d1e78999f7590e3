/** The journal on the local disk: SQLite in WAL mode with `synchronous=FULL`, one blob a group commit, committed in a thread of its own. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Entry, NewEntry, Offset } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { Journal } from '../../model/ports.ts'
import { PointNumbers } from '../sqlite/points.ts'
import { openThread, type Thread } from '../sqlite/thread.ts'
import { Group } from './group.ts'
import { openScan, type Scan } from './reader.ts'
import type { JournalHandlers } from './worker.ts'

export { type JournalReader, openJournalReader } from './reader.ts'

/** Opens or creates the journal; `data-in-use` where another process (or this one) has it open, `data-newer` where its format is newer.
 *  An append that cannot be written rejects with `journal-write`, and so do all that were waiting behind it: nothing is durable
 *  out of order. A later append is tried afresh, from the offset after the last durable one. */
export async function openJournal({ file }: { file: string }): Promise<Journal> {
  const { thread, opened } = await openThread<JournalHandlers>(new URL('./worker.ts', import.meta.url), { file })
  try {
    return new SqliteJournal({ file, thread, points: new PointNumbers(opened.points), last: opened.last })
  } catch (error) {
    await thread.close()
    throw error
  }
}

interface Waiting {
  readonly last: Offset
  resolve(last: Offset): void
  reject(error: unknown): void
}

class SqliteJournal implements Journal {
  readonly #file: string
  readonly #thread: Thread<JournalHandlers>
  readonly #points: PointNumbers
  readonly #scan: Scan
  readonly #group: Group
  #durable: Offset
  #waiting: Waiting[] = []
  /** The commit that is due or under way. */
  #commit: Promise<void> | undefined
  #closed: Promise<void> | undefined

  constructor({
    file,
    thread,
    points,
    last,
  }: {
    file: string
    thread: Thread<JournalHandlers>
    points: PointNumbers
    last: Offset
  }) {
    this.#file = file
    this.#thread = thread
    this.#points = points
    this.#durable = last
    this.#group = new Group({ last, pointNumber: (point) => points.of(point) })
    this.#scan = openScan(file)
  }

  append(entries: readonly NewEntry[]): Promise<Offset> {
    if (this.#closed) return Promise.reject(this.#error('journal-closed', { message: 'the journal is closed' }))
    try {
      this.#group.add(entries)
    } catch (cause) {
      return Promise.reject(
        this.#error('journal-entry', { message: `an entry cannot be encoded: ${(cause as Error).message}`, cause }),
      )
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ last: this.#group.last, resolve, reject })
      this.#commit ??= this.#run()
    })
  }

  read(from: Offset, signal?: AbortSignal): AsyncIterable<readonly Entry[]> {
    return this.#scan.read({ from, to: this.#durable, ...(signal ? { signal } : {}) })
  }

  last(): Offset {
    return this.#durable
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#commit
      this.#scan.close()
      await this.#thread.close()
    })()
    return this.#closed
  }

  /** Commits until nothing waits. */
  async #run(): Promise<void> {
    // Everything that this turn of the event loop still brings goes into one commit: the messages of many sockets,
    // the next batch of callers just served.
    for (await turn(); this.#waiting.length; await turn()) {
      const waiting = this.#waiting
      this.#waiting = []
      const { last } = this.#group
      const points = this.#points.fresh()
      const bodies = this.#group.take()
      const transfer = bodies.map(({ body }) => body.buffer)
      try {
        if (bodies.length) await this.#thread.call('commit', { argument: { bodies, points }, transfer })
      } catch (cause) {
        this.#refuse([...waiting, ...this.#waiting], cause)
        continue
      }
      this.#points.saved(points)
      this.#durable = last
      for (const { last, resolve } of waiting) resolve(last)
    }
    this.#commit = undefined
  }

  /** What waited behind a failed commit has offsets that no longer follow, so it fails with it. */
  #refuse(waiting: readonly Waiting[], cause: unknown): void {
    this.#waiting = []
    this.#group.restart(this.#durable)
    const error = this.#error('journal-write', {
      message: `the journal could not be written: ${(cause as Error).message}`,
      remedy:
        (cause instanceof DavyError && cause.remedy) ||
        'free space on the disk, or mend it; nothing refused was acknowledged',
      cause,
    })
    for (const { reject } of waiting) reject(error)
  }

  #error(code: string, { message, remedy, cause }: { message: string; remedy?: string; cause?: unknown }): DavyError {
    return new DavyError(code, { message, where: this.#file, ...(remedy === undefined ? {} : { remedy }), cause })
  }
}
