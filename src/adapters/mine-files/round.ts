/** From opening a folder to leaving it: which file is next, what it means, and which ones wait for the journal. */
import type { RefusalCode } from '../../model/errors.ts'
import type { AdapterContext, Frame } from '../../model/ports.ts'
import type { Site } from '../../model/site.ts'
import { MINUTE } from '../../model/time.ts'
import { decodeFile, type FileRefusal, type MineFile } from './decode.ts'
import { type FileName, nameOrder, parseName } from './file-name.ts'
import { type Content, listFiles, look, type Print, readContent, type Shelf, shelve } from './folder.ts'
import { framesOf } from './frames.ts'
import { interpret } from './interpret.ts'
import { readTime } from './local-time.ts'
import type { Meaning } from './meaning.ts'
import type { Cards } from './snapshot.ts'
import type { Told } from './told.ts'
import type { Watched } from './watched.ts'

/** A header further ahead of our clock than this is refused. */
const AHEAD = 5 * MINUTE
/** Refusals that may be over once the rest of the file has come. */
const UNFINISHED: ReadonlySet<RefusalCode> = new Set(['file-incomplete', 'file-encoding'])

export interface RoundParts {
  readonly context: AdapterContext
  readonly told: Told
  /** By mine code. */
  readonly cards: Map<string, Cards>
  /** Wakes who waits for `next`. */
  readonly ring: () => void
}

/** A file by its name, or why its name is none. */
interface Queued {
  readonly file: string
  readonly name: FileName | string
}

export class Round {
  readonly #watched: Watched
  readonly #parts: RoundParts
  #queue: Queued[] = []
  /** Files whose frames are on their way to the journal. */
  readonly #open = new Set<string>()
  /** Files that are not all there, since when they have been as they are. */
  readonly #growing = new Map<string, Print & { readonly since: number }>()
  #moves = new Set<Promise<void>>()
  #failed: unknown
  #closed = false

  constructor(watched: Watched, parts: RoundParts) {
    this.#watched = watched
    this.#parts = parts
  }

  /** The frames of the next whole file; none where it had nothing to journal; `undefined`: nothing to do for now. Throws where the folder is lost. */
  async next(): Promise<Frame[] | undefined> {
    if (this.#failed !== undefined) throw this.#failed
    if (this.#open.size >= this.#watched.atOnce) return undefined
    if (this.#queue.length === 0) this.#queue = await this.#list()
    for (let queued = this.#queue.shift(); queued; queued = this.#queue.shift()) {
      const frames = await this.#read(queued)
      if (frames) return frames
    }
    return undefined
  }

  /** What is not settled by now stays where it is, and comes again. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#moves)
  }

  async #list(): Promise<Queued[]> {
    const { folder, dialect } = this.#watched
    const files = await listFiles(folder, dialect.extension)
    const there = new Set(files)
    for (const file of this.#growing.keys()) if (!there.has(file)) this.#growing.delete(file)
    const queued = files
      .filter((file) => !this.#open.has(file))
      .map((file): Queued => ({ file, name: parseName(file, dialect) }))
    return queued.sort(({ name: a }, { name: b }) => {
      if (typeof a === 'string' || typeof b === 'string')
        return Number(typeof a !== 'string') - Number(typeof b !== 'string')
      return nameOrder(a, b)
    })
  }

  /** `undefined`: the file is left alone for now. */
  async #read({ file, name }: Queued): Promise<Frame[] | undefined> {
    const { folder, maxSize } = this.#watched
    const patience = await this.#patience(file)
    if (patience === 'wait') return undefined
    const content = await readContent(folder, { file, maxSize })
    if (content === 'forbidden') {
      // It stays, and is looked at again; whoever put it there may give it away, and the others must not wait for that.
      const [fresh] = this.#parts.told.notices([`${file} may not be read by the user of this service`])
      if (fresh !== undefined) this.#parts.context.log('warn', fresh, { file })
      return undefined
    }
    if (!content) return undefined
    const made = this.#understand({ file, name }, content)
    if ('code' in made) {
      if (UNFINISHED.has(made.code) && patience !== 'over') {
        this.#wait(file, content)
        return undefined
      }
      const site = typeof name === 'string' ? undefined : this.#watched.mines.get(name.mine)?.site
      return this.#send({
        file,
        content,
        topic: topicOf(site ?? 'unknown'),
        readings: [],
        refused: [made],
        strange: false,
      })
    }
    const { site, meaning } = made
    const refused = [...meaning.refused, ...this.#parts.told.strangers(site, meaning.strangers)]
    for (const notice of this.#parts.told.notices(meaning.notices)) {
      this.#parts.context.log('warn', notice, { file, site: site.id })
    }
    const { readings } = meaning
    return this.#send({
      file,
      content,
      topic: topicOf(site.id),
      readings,
      refused,
      strange: meaning.strangers.size > 0,
    })
  }

  /** Whether an unfinished file is still as it was (`wait`), may have been finished (`look`), or has had its time (`over`). */
  async #patience(file: string): Promise<'wait' | 'look' | 'over'> {
    const before = this.#growing.get(file)
    if (!before) return 'look'
    const now = await look(this.#watched.folder, file)
    if (!now || now.size !== before.size || now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) return 'look'
    return this.#parts.context.now() - before.since >= this.#watched.incompleteAfter ? 'over' : 'wait'
  }

  #wait(file: string, { ino, size, mtimeMs }: Content): void {
    this.#growing.set(file, { ino, size, mtimeMs, since: this.#parts.context.now() })
  }

  #understand(
    { file, name }: Queued,
    { bytes, size }: Content,
  ): FileRefusal | { readonly site: Site; readonly meaning: Meaning } {
    const { mines, maxSize, dialect } = this.#watched
    if (!bytes) return { code: 'file-too-large', detail: `${file}: ${size} bytes, more than ${maxSize}`, text: '' }
    if (typeof name === 'string') return { code: 'file-name', detail: `${file}: ${name}`, text: textOf(bytes) }
    const decoded = decodeFile(bytes, { name, dialect })
    if ('code' in decoded) return decoded
    const mine = mines.get(name.mine)
    const site = mine && this.#parts.context.sites?.().get(mine.site)
    if (!site) {
      const what = mine
        ? `site ${mine.site} of mine ${name.mine} is not configured`
        : `mine ${name.mine} is not configured`
      return { code: 'file-mine', detail: `${file}: record 0: field 1 (mine): ${what}`, text: textOf(bytes) }
    }
    const ahead = this.#ahead(decoded, site)
    if (ahead)
      return {
        code: 'file-ahead',
        detail: `${file}: record 0: field ${decoded.header.length} (time): ${ahead}`,
        text: textOf(bytes),
      }
    const cards = this.#parts.cards.get(name.mine) ?? new Map()
    this.#parts.cards.set(name.mine, cards)
    return { site, meaning: interpret(decoded, { site, gate: mine.gate, cards }) }
  }

  #ahead({ time }: MineFile, { timezone }: Site): string | undefined {
    const ahead = readTime(time, timezone)! - this.#parts.context.now()
    return ahead > AHEAD ? `${time} is ${Math.round(ahead / MINUTE)} minutes ahead` : undefined
  }

  #send({ file, content, topic, readings, refused, strange }: Sent): Frame[] {
    this.#growing.delete(file)
    this.#open.add(file)
    const settled = (outcome: 'journaled' | 'rejected') => {
      if (!this.#closed) this.#move({ file, content, shelf: outcome === 'journaled' ? 'done' : 'rejected' })
    }
    const frames = framesOf(topic, { readings, refused }, settled)
    if (frames.length === 0) settled(strange ? 'rejected' : 'journaled')
    return frames
  }

  #move({ file, content, shelf }: { file: string; content: Content; shelf: Shelf }): void {
    const move = shelve(this.#watched.folder, { file, print: content, shelf })
      .catch((error: unknown) => {
        this.#failed ??= error
      })
      .then(() => {
        this.#open.delete(file)
        this.#moves.delete(move)
        this.#parts.ring()
      })
    this.#moves.add(move)
  }
}

interface Sent extends Pick<Meaning, 'readings' | 'refused'> {
  readonly file: string
  readonly content: Content
  readonly topic: string
  /** Some of its codes have no point. */
  readonly strange: boolean
}

const topicOf = (site: string) => `davy/v1/${site}`

/** A refused file as far as it can be shown. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 64 * 1024))
}
