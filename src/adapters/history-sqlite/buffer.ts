/** What the history has taken and not yet written: two generations, one that gathers and one that is being written. */
import type { Offset } from '../../model/entry.ts'
import type { Duration } from '../../model/time.ts'
import type { Database } from '../sqlite/database.ts'
import type { RowBatch } from './batch.ts'
import { Generation } from './generation.ts'
import { historyWriter, writePiece } from './write.ts'

/** Rows gathered before they are written. Ten thousand points then have two dozen each, most of a page. */
const GATHERED = 250_000
/** Or after this long. */
const AGE: Duration = 5_000
/** Rows in one transaction: the longest that a chart waits behind writing. */
const PIECE = 20_000

export class HistoryBuffer {
  readonly #database: Database
  readonly #writer: ReturnType<typeof historyWriter>
  #gathering = new Generation()
  #writing: Generation | undefined
  #timer: NodeJS.Timeout | undefined
  #failure: unknown

  constructor(database: Database) {
    this.#database = database
    this.#writer = historyWriter(database)
  }

  /** Takes a batch; throws the error of an earlier writing, and takes nothing until `restart`. */
  add(batch: RowBatch, upTo: Offset | undefined): void {
    if (this.#failure) throw this.#failure
    this.#gathering.add(batch, upTo)
    if (this.#gathering.size >= GATHERED) this.#begin()
    else this.#timer ??= setTimeout(() => this.#begin(), AGE)
  }

  /** Writes everything now; throws where it cannot. */
  flush(): void {
    this.#begin()
    while (this.#writing) this.#piece()
    if (this.#failure) throw this.#failure
  }

  /** Forgets a failure, and what could not be written with it. */
  restart(): void {
    this.#failure = undefined
  }

  /** Writes what waits of one point, or of one card, so that a query finds it; it does not advance the offset. */
  flushOnly({ point, card }: { point?: number; card?: string }): void {
    for (const generation of [this.#writing, this.#gathering]) {
      const rows = point === undefined ? undefined : generation?.rows.get(point)
      const seen = card === undefined ? undefined : generation?.seen.get(card)
      if (!generation || !(rows || seen)) continue
      this.#database.transaction(() => {
        if (rows) this.#writer.rows(rows)
        if (seen) this.#writer.seen(seen)
      })
      if (point !== undefined) generation.rows.delete(point)
      if (card !== undefined) generation.seen.delete(card)
    }
  }

  #begin(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // Two full generations are enough: whoever brings more waits for the older one.
    while (this.#writing) this.#piece()
    if (this.#failure || (this.#gathering.size === 0 && this.#gathering.upTo === undefined)) return
    this.#writing = this.#gathering
    this.#writing.sort()
    this.#gathering = new Generation()
    setImmediate(() => this.#next())
  }

  /** A piece at a time, so that questions get their turn in between. */
  #next(): void {
    if (!this.#writing) return
    this.#piece()
    if (this.#writing) setImmediate(() => this.#next())
  }

  #piece(): void {
    try {
      const done = writePiece(this.#writing!, { database: this.#database, writer: this.#writer, piece: PIECE })
      if (done) this.#writing = undefined
    } catch (error) {
      this.#failure = error
      this.#writing = undefined
      this.#gathering = new Generation()
    }
  }
}
