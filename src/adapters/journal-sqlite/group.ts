/** What was appended since the last commit, encoded already: the next commit. */
import type { NewEntry, Offset } from '../../model/entry.ts'
import type { PointRef } from '../../model/point.ts'
import { BodyWriter } from './codec.ts'
import type { SealedBody } from './worker.ts'

/** Entries in one body at most: what a reader decodes at a time, and what one damaged byte can cost. */
const BODY_ENTRIES = 5_000

export class Group {
  readonly #pointNumber: (point: PointRef) => number
  #bodies: BodyWriter[] = []
  #last: Offset
  /** Of the body before: the next will be about as large. */
  #capacity = 4_096

  constructor({ last, pointNumber }: { last: Offset; pointNumber: (point: PointRef) => number }) {
    this.#last = last
    this.#pointNumber = pointNumber
  }

  /** Offset of the entry added last. */
  get last(): Offset {
    return this.#last
  }

  get empty(): boolean {
    return this.#bodies.length === 0
  }

  /** Takes all of them or, where one cannot be encoded, throws and takes none. */
  add(entries: readonly NewEntry[]): void {
    const bodies = this.#bodies.length
    const current = this.#bodies.at(-1)
    const mark = current?.mark()
    const last = this.#last
    try {
      let body = current
      for (const entry of entries) {
        if (!body || body.count === BODY_ENTRIES) body = this.#begin(entry)
        body.write(entry)
        this.#last++
      }
    } catch (error) {
      this.#bodies.length = bodies
      if (mark) current?.rewind(mark)
      this.#last = last
      throw error
    }
  }

  /** Hands the bodies over, finished, and begins anew after them. */
  take(): SealedBody[] {
    const sealed = this.#bodies.map((writer) => {
      const body = writer.seal()
      this.#capacity = Math.max(512, Math.ceil(body.length * 1.25))
      return { first: writer.first, last: writer.first + writer.count - 1, at: writer.begun, body }
    })
    this.#bodies = []
    return sealed
  }

  /** Forgets what was added; the next entry follows `last`. */
  restart(last: Offset): void {
    this.#bodies = []
    this.#last = last
  }

  #begin({ at }: NewEntry): BodyWriter {
    const body = new BodyWriter({ first: this.#last + 1, at, capacity: this.#capacity }, this.#pointNumber)
    this.#bodies.push(body)
    return body
  }
}
