/** A watched folder of mine files as a `Source`: oldest first, a few at once, each moved away once it is journaled. */
import { type FSWatcher, watch } from 'node:fs'
import { SourceLost } from '../../model/errors.ts'
import type { AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import { type Duration, formatDuration, HOUR, type Instant } from '../../model/time.ts'
import { clearShelves, openFolder } from './folder.ts'
import { recallCards } from './recall.ts'
import { Round } from './round.ts'
import type { Cards } from './snapshot.ts'
import { Told } from './told.ts'
import type { Watched } from './watched.ts'

export class MineFilesSource implements Source {
  readonly name: string
  readonly #watched: Watched
  readonly #context: AdapterContext
  readonly #told = new Told()
  #link: Link
  /** When the last whole file was read, or the folder was opened. */
  #heard: Instant

  constructor(watched: Watched, context: AdapterContext & { readonly name: string }) {
    this.name = context.name
    this.#watched = watched
    this.#context = context
    this.#heard = context.now()
    this.#link = { state: 'down', since: this.#heard, reason: 'not opened', peer: watched.folder }
  }

  /** A folder that nothing comes into is not called up: silence is not calm. */
  link(): Link {
    if (this.#link.state !== 'up') return this.#link
    const quiet = this.#context.now() - this.#heard
    const { quietAfter } = this.#watched
    if (quiet >= quietAfter) {
      const reason = `no file for ${formatDuration(quietAfter)} or more`
      return { ...this.#link, state: 'down', since: this.#heard + quietAfter, reason }
    }
    const strangers = this.#told.count(this.#context.sites?.())
    return strangers > 0 ? { ...this.#link, reason: `codes without a point: ${strangers}` } : this.#link
  }

  async *open(signal: AbortSignal): AsyncGenerator<readonly Frame[], void, undefined> {
    if (signal.aborted) return
    const { folder, every, keep } = this.#watched
    this.#report('connecting')
    const bell = createBell()
    signal.addEventListener('abort', bell.ring)
    let watcher: FSWatcher | undefined
    let round: Round | undefined
    let lost: unknown
    try {
      await openFolder(folder)
      watcher = watchFolder(folder, bell.ring)
      const cards: Map<string, Cards> = await recallCards(this.#watched, this.#context)
      round = new Round(this.#watched, { context: this.#context, told: this.#told, cards, ring: bell.ring })
      this.#heard = this.#context.now()
      this.#report('up')
      let cleared = Number.NEGATIVE_INFINITY
      while (!signal.aborted) {
        if (this.#context.now() - cleared >= HOUR) {
          cleared = this.#context.now()
          // Not waited for: shelves may be long, and files are waiting.
          void clearShelves(folder, { now: cleared, keep }).catch((error: unknown) =>
            this.#context.log('warn', `${this.name}: shelves cannot be cleared: ${reasonOf(error)}`),
          )
        }
        const frames = await round.next()
        if (signal.aborted) return
        if (frames === undefined) await bell.wait(every)
        else {
          this.#heard = this.#context.now()
          if (frames.length > 0) yield frames
        }
      }
    } catch (error) {
      lost = error
    } finally {
      signal.removeEventListener('abort', bell.ring)
      watcher?.close()
      await round?.close()
      this.#report('down', lost === undefined || signal.aborted ? 'closed' : reasonOf(lost))
    }
    if (signal.aborted) return
    throw new SourceLost(`folder ${folder}: ${this.#link.reason}`, { where: this.name, cause: lost })
  }

  #report(state: LinkState, reason?: string): void {
    const since = state === this.#link.state ? this.#link.since : this.#context.now()
    const { peer } = this.#link
    this.#link = reason === undefined ? { state, since, peer } : { state, since, peer, reason }
  }
}

interface Bell {
  /** Ends a wait, now or the next one. */
  readonly ring: () => void
  wait(most: Duration): Promise<void>
}

function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(most) {
      if (!rung) {
        let timer: ReturnType<typeof setTimeout> | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, most)
        })
        clearTimeout(timer)
        wake = undefined
      }
      rung = false
    },
  }
}

/** Only wakes us early: not every file system tells, so the folder is looked into by time as well. */
function watchFolder(folder: string, ring: () => void): FSWatcher | undefined {
  try {
    return watch(folder, ring).on('error', ring)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
