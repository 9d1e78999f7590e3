/** The sequencer: the one writer of the journal. It alone looks at the clock, gives everything its place, and judges it once it is on disk. */
import { type Batch, type Counts, createBatch } from '../ingest/batch.ts'
import type { Door } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { Command } from '../model/command.ts'
import type { Entry, NewEntry, Offset } from '../model/entry.ts'
import type { DeadLetter } from '../model/errors.ts'
import type { DeadLetters, Frame, Journal, StreamedTransition } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { Fold } from './fold.ts'

/** What waits for its place in the journal. */
type Item =
  | { readonly type: 'frame'; readonly source: string; readonly frame: Frame }
  | { readonly type: 'objects'; readonly admit: Admit; readonly done: () => void }
  | { readonly type: 'tick' }
  | { readonly type: 'command'; readonly command: Command; readonly done: (outcome: CommandOutcome) => void }
  | {
      readonly type: 'swap'
      readonly hash: string
      readonly swap: () => { fold: Fold; door: Door }
      readonly done: () => void
    }

/** Puts something through the door that is in force at its place in the journal. */
export type Admit = (door: Door, at: Instant, batch: Batch) => void

export interface CommandOutcome {
  /** Its transitions, once they are stored. */
  readonly transitions: readonly StreamedTransition[]
  readonly refusal?: { readonly code: string; readonly message: string }
}

/** A judged batch on its way out. */
export interface Judged {
  readonly transitions: readonly Transition[]
  readonly readings: readonly Reading[]
  /** The last entry it contains. */
  readonly offset: Offset
  /** When it was stamped, and when it was on disk. */
  readonly arrived: Instant
  readonly journaled: Instant
}

export interface Sequencer {
  /** Takes frames in order; resolves when there is room for more. */
  offer(source: string, frames: readonly Frame[]): Promise<void> | undefined
  /** Runs `admit` against the door at the readings' place; resolves once durable. */
  take(admit: Admit): Promise<void>
  tick(): void
  command(command: Command): Promise<CommandOutcome>
  /** Changes the configuration between two entries. */
  swap(hash: string, swap: () => { fold: Fold; door: Door }): Promise<void>
  /** Journals which configuration is in force. */
  configure(hash: string): Promise<void>
  fold(): Fold
  /** Resolves when everything offered so far is judged. */
  drain(): Promise<void>
  /** Offset of the last judged entry. */
  offset(): Offset
}

export interface SequencerOptions {
  readonly clock: Clock
  readonly journal: Journal
  readonly letters: DeadLetters
  readonly fold: Fold
  readonly door: Door
  readonly onJudged: (judged: Judged) => Promise<readonly StreamedTransition[]>
  /** What the door made of a source's frame. */
  readonly onCounted: (source: string, counts: Readonly<Counts>) => void
  /** Each dead letter of a batch, once it is kept. */
  readonly onRefused: (letter: DeadLetter) => void
  /** The journal cannot be written: nothing more may be acknowledged. */
  readonly onFatal: (error: unknown) => void
}

/** Frames that may wait before sources are held back. */
const ROOM = 20_000
/** Frames in one group commit. */
const GROUP = 5_000
/** Commits under way while the next batch is read. */
const AHEAD = 2

export function createSequencer(options: SequencerOptions): Sequencer {
  const { clock, journal, letters, onJudged, onCounted, onRefused, onFatal } = options
  let { fold, door } = options
  let queue: Item[] = []
  let scheduled = false
  let underway = 0
  let tail: Promise<void> = Promise.resolve()
  let judged = journal.last()
  let assigned = judged
  let arrival: Instant = 0
  let dead = false
  let roomy: (() => void)[] = []

  function push(item: Item): void {
    queue.push(item)
    schedule()
  }

  function schedule(): void {
    if (scheduled || dead || underway >= AHEAD) return
    scheduled = true
    // One turn of the event loop gathers what arrives together.
    setImmediate(run)
  }

  function run(): void {
    scheduled = false
    if (dead || queue.length === 0 || underway >= AHEAD) return
    const swapAt = queue.findIndex((item) => item.type === 'swap')
    // A change of configuration is a batch of its own: what stands behind it waits for the next one.
    const size = Math.min(queue.length, GROUP, swapAt < 0 ? GROUP : Math.max(swapAt, 1))
    const items = size === queue.length ? queue : queue.slice(0, size)
    queue = size === queue.length ? [] : queue.slice(size)
    arrival = Math.max(arrival, clock.now())
    commit(items, arrival)
    if (queue.length < ROOM) {
      const waiting = roomy
      roomy = []
      for (const resume of waiting) resume()
    }
    if (queue.length > 0) schedule()
  }

  /** Admits a batch, then journals, settles and judges it, in the order of the calls. */
  function commit(items: readonly Item[], at: Instant): void {
    const batch = createBatch()
    const { entries, letters: refused } = batch
    const rejected = new Set<Item>()
    const commands = new Map<number, (outcome: CommandOutcome) => void>()
    const first = items[0]!
    if (first.type === 'swap') {
      entries.push({ type: 'config', at, hash: first.hash })
    } else {
      for (const item of items) {
        switch (item.type) {
          case 'frame': {
            const { topic, payload, refused } = item.frame
            const arriving = { source: item.source, topic, payload }
            const counts = door.admit(refused ? { ...arriving, refused } : arriving, at, batch)
            if (counts.refused > 0 && counts.accepted + counts.duplicates === 0) rejected.add(item)
            onCounted(item.source, counts)
            break
          }
          case 'objects':
            item.admit(door, at, batch)
            break
          case 'tick':
            entries.push({ type: 'tick', at })
            break
          case 'command':
            commands.set(entries.length, item.done)
            entries.push({ type: 'command', at, command: item.command })
        }
      }
    }
    const base = assigned
    assigned += entries.length
    underway += 1
    const durable = Promise.all([
      entries.length > 0 ? journal.append(entries) : undefined,
      refused.length > 0 ? letters.put(refused) : undefined,
    ])
    tail = tail.then(async () => {
      if (dead) return
      try {
        await durable
      } catch (error) {
        dead = true
        onFatal(error)
        return
      }
      const journaled = clock.now()
      for (const letter of refused) onRefused(letter)
      for (const item of items) {
        if (item.type === 'frame') item.frame.settle(rejected.has(item) ? 'rejected' : 'journaled')
      }
      if (first.type === 'swap') ({ fold, door } = first.swap())
      underway -= 1
      schedule()
      apply(entries, { base, at, journaled, commands })
      for (const item of items) if (item.type === 'objects' || item.type === 'swap') item.done()
    })
  }

  function apply(
    entries: readonly NewEntry[],
    {
      base,
      at,
      journaled,
      commands,
    }: { base: Offset; at: Instant; journaled: Instant; commands: Map<number, (o: CommandOutcome) => void> },
  ): void {
    const transitions: Transition[] = []
    const readings: Reading[] = []
    const answers: ((streamed: readonly StreamedTransition[]) => void)[] = []
    for (let i = 0; i < entries.length; i++) {
      const before = transitions.length
      const applied = fold.apply({ ...entries[i]!, offset: base + i + 1 } as Entry, transitions)
      if (applied?.reading) readings.push(applied.reading)
      const done = commands.get(i)
      if (done) {
        const mine = new Set(transitions.slice(before).map(({ id }) => id))
        answers.push((streamed) =>
          done({
            transitions: streamed.filter(({ transition }) => mine.has(transition.id)),
            ...(applied?.refusal && { refusal: applied.refusal }),
          }),
        )
      }
    }
    judged = base + entries.length
    if (entries.length === 0) return
    const streamed = onJudged({ transitions, readings, offset: judged, arrived: at, journaled })
    if (answers.length === 0) return
    // A store that fails has said so itself; the operator is answered all the same.
    void streamed
      .catch(() => [])
      .then((list) => {
        for (const answer of answers) answer(list)
      })
  }

  return {
    offer(source, frames) {
      for (const frame of frames) queue.push({ type: 'frame', source, frame })
      schedule()
      if (queue.length < ROOM) return undefined
      return new Promise((resolve) => roomy.push(resolve))
    },
    take: (admit) => new Promise((resolve) => push({ type: 'objects', admit, done: resolve })),
    tick: () => push({ type: 'tick' }),
    command: (command) => new Promise((resolve) => push({ type: 'command', command, done: resolve })),
    swap: (hash, swap) => new Promise((resolve) => push({ type: 'swap', hash, swap, done: resolve })),
    configure: (hash) =>
      new Promise((resolve) => push({ type: 'swap', hash, swap: () => ({ fold, door }), done: resolve })),
    fold: () => fold,
    async drain() {
      while (!dead && (queue.length > 0 || underway > 0)) {
        await tail
        if (queue.length > 0 || underway > 0) await new Promise((resolve) => setImmediate(resolve))
      }
      await tail
    },
    offset: () => judged,
  }
}
