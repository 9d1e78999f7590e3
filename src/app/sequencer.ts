/** The sequencer: the one writer of the journal. It alone looks at the clock, gives everything its place, and judges it once it is on disk. */
import { type Batch, type Counts, createBatch } from '../ingest/batch.ts'
import type { Door } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { Command } from '../model/command.ts'
import type { Entry, NewEntry, Offset } from '../model/entry.ts'
import { DavyError, type DeadLetter } from '../model/errors.ts'
import type { HazardStep } from '../model/hazard.ts'
import type { DeadLetters, Frame, Journal, StreamedTransition } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { Fold } from './fold.ts'
import { seen } from './seen.ts'
import {
  type Admit,
  type CommandItem,
  type CommandOutcome,
  createWaiting,
  type FrameItem,
  type Item,
} from './waiting.ts'

/** A judged batch on its way out. */
export interface Judged {
  readonly transitions: readonly Transition[]
  readonly readings: readonly Reading[]
  readonly hazards: readonly HazardStep[]
  /** The last entry it contains. */
  readonly offset: Offset
  /** When it was stamped, and when it was on disk. */
  readonly arrived: Instant
  readonly journaled: Instant
}

/** Once the journal has failed, everything asked rejects with `journal-failed`, what waited before as well. */
export interface Sequencer {
  /** Takes frames in order; resolves when there is room for more. Throws `journal-failed`. */
  offer(source: string, frames: readonly Frame[]): Promise<void> | undefined
  /** Runs `admit` against the door at the readings' place; resolves once durable. Rejects with what `admit` throws. `bytes`: about what
   *  waits with it; whoever brings many asks `full` before. */
  take(admit: Admit, bytes?: number): Promise<void>
  /** Whether more waits than should: what can come again later had better. */
  full(): boolean
  /** Lets the arrival clock's second be judged; ticks that pile up are one. */
  tick(): void
  command(command: Command): Promise<CommandOutcome>
  /** Changes the configuration between two entries. Rejects, and leaves the old one in force, where `swap` throws. */
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
  readonly letters: Pick<DeadLetters, 'put'>
  /** What the journal holds has been folded: arrival goes on from its clock. */
  readonly fold: Fold
  readonly door: Door
  readonly onJudged: (judged: Judged) => Promise<readonly StreamedTransition[]>
  /** What the door made of a source's frame. */
  readonly onCounted: (source: string, counts: Readonly<Counts>, at: Instant) => void
  /** Each dead letter of a batch, once it is kept. */
  readonly onRefused: (letter: DeadLetter) => void
  /** The journal cannot be written: nothing more may be acknowledged. */
  readonly onFatal: (error: unknown) => void
  /** Something of ours threw: an entry that cannot be judged, a listener. The next ones go on. */
  readonly onDefect: (error: unknown, offset: Offset) => void
}

/** Commits under way while the next batch is read. */
const AHEAD = 2
/** Transitions handed on at once. */
const PORTION = 1_000

/** What one commit takes, on its way through the journal. */
interface Group extends Batch {
  readonly items: readonly Item[]
  readonly at: Instant
  /** Offset of the entry before its first. */
  readonly base: Offset
  /** Commands by their place among the entries. */
  readonly commands: Map<number, CommandItem>
}

export function createSequencer(options: SequencerOptions): Sequencer {
  const { clock, journal, letters, onJudged, onCounted, onRefused, onFatal, onDefect } = options
  let { fold, door } = options
  const waiting = createWaiting()
  let scheduled = false
  let underway = 0
  /** A change of configuration is under way: what comes behind it is for the new door. */
  let swapping = false
  let ticking = false
  let tail: Promise<void> = Promise.resolve()
  let judged = journal.last()
  let assigned = judged
  let arrival: Instant = fold.now()
  let dead: DavyError | undefined
  let held: (() => void)[] = []

  function push(item: Item): void {
    waiting.push(item)
    schedule()
  }

  function ask<T>(make: (asked: { done: (outcome: T) => void; failed: (error: unknown) => void }) => Item): Promise<T> {
    if (dead) return Promise.reject(dead)
    return new Promise((done, failed) => push(make({ done, failed })))
  }

  function schedule(): void {
    if (scheduled || dead || swapping || underway >= AHEAD) return
    scheduled = true
    // One turn of the event loop gathers what arrives together.
    setImmediate(run)
  }

  function run(): void {
    scheduled = false
    if (dead || swapping || waiting.length === 0 || underway >= AHEAD) return
    const items = waiting.take()
    arrival = Math.max(arrival, clock.now())
    const group = admit(items, arrival)
    if (!waiting.full()) release()
    const durable = store(group)
    // Waited for in its turn; until then a failure must not count as nobody's.
    durable.catch(() => {})
    underway += 1
    tail = tail.then(() => finish(group, durable))
    if (waiting.length > 0) schedule()
  }

  function release(): void {
    const resumed = held
    held = []
    for (const resume of resumed) resume()
  }

  /** Puts a batch through the door; what it makes has its place from here on. */
  function admit(items: readonly Item[], at: Instant): Group {
    const group: Group = { ...createBatch(), items, at, base: assigned, commands: new Map() }
    const { entries } = group
    let ticked = false
    for (const item of items) {
      switch (item.type) {
        case 'frame':
          admitFrame(item, at, group)
          break
        case 'objects':
          try {
            item.admit(door, at, group)
          } catch (error) {
            item.failed(error)
          }
          break
        case 'tick':
          ticking = false
          ticked = true
          break
        case 'command':
          group.commands.set(entries.length, item)
          entries.push({ type: 'command', at, command: item.command })
          break
        case 'swap':
          swapping = true
          entries.push({ type: 'config', at, hash: item.hash })
      }
    }
    if (ticked) {
      // A tick comes after everything that arrived at its instant, in this batch and the next.
      entries.push({ type: 'tick', at })
      arrival = at + 1
    }
    assigned += entries.length
    return group
  }

  function admitFrame(item: FrameItem, at: Instant, group: Group): void {
    const counts = enter(item, at, group)
    item.rejected = counts.refused > 0 && counts.accepted + counts.duplicates === 0
    onCounted(item.source, counts, at)
  }

  /** A frame at which the door throws is our defect: kept whole like what is refused, or it would come again at every start. */
  function enter(item: FrameItem, at: Instant, group: Group): Readonly<Counts> {
    try {
      return door.admit(item, at, group)
    } catch (error) {
      onDefect(error, assigned)
      const { source, topic, payload } = item
      const detail = `the service cannot read it: ${error instanceof Error ? error.message : String(error)}`
      group.letters.push({ source, topic, payload, at, code: 'payload-not-reading', detail })
      return { accepted: 0, duplicates: 0, refused: 1, newest: Number.NEGATIVE_INFINITY }
    }
  }

  async function store({ entries, letters: refused }: Group): Promise<void> {
    await Promise.all([
      entries.length > 0 ? journal.append(entries) : undefined,
      refused.length > 0 ? letters.put(refused) : undefined,
    ])
  }

  /** Settles and judges a group once it is on disk, in the order of the commits. */
  async function finish(group: Group, durable: Promise<void>): Promise<void> {
    try {
      await durable
    } catch (error) {
      fail(error)
    }
    if (dead) {
      refuse(group.items)
      return
    }
    const journaled = clock.now()
    for (const letter of group.letters) guard(() => onRefused(letter))
    for (const item of group.items) {
      if (item.type === 'frame') settle(item)
      else if (item.type === 'swap') {
        swapping = false
        try {
          ;({ fold, door } = item.swap())
        } catch (error) {
          item.failed(error)
          // The journal must not say that what was refused is in force.
          const { hash } = fold.installation
          push({ type: 'swap', hash, swap: () => ({ fold, door }), done() {}, failed() {} })
        }
      }
    }
    await judge(group, journaled)
    underway -= 1
    schedule()
    for (const item of group.items) if (item.type === 'objects' || item.type === 'swap') item.done()
  }

  /** The source may have gone: that is no reason not to judge what it brought. */
  function settle({ frame, rejected }: FrameItem): void {
    try {
      frame.settle(rejected ? 'rejected' : 'journaled')
    } catch (error) {
      onDefect(error, judged)
    }
  }

  function guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      onDefect(error, judged)
    }
  }

  function fail(cause: unknown): void {
    if (dead) return
    dead = new DavyError('journal-failed', {
      message: `the journal cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: 'see to the disk of the data folder; nothing is acknowledged until the service is started again',
      cause,
    })
    refuse(waiting.clear())
    release()
    onFatal(cause)
  }

  function refuse(items: readonly Item[]): void {
    for (const item of items) if ('failed' in item) item.failed(dead)
  }

  /** In portions, between which others have their turn: an alarm is told before the rest of a storm is judged. */
  async function judge({ entries, base, at, commands }: Group, journaled: Instant): Promise<void> {
    let transitions: Transition[] = []
    let readings: Reading[] = []
    let hazards: HazardStep[] = []
    let answers: ((streamed: readonly StreamedTransition[]) => void)[] = []
    const handOn = (upTo: Offset) => {
      judged = upTo
      tell({ transitions, readings, hazards, offset: judged, arrived: at, journaled }, answers)
      transitions = []
      readings = []
      hazards = []
      answers = []
    }
    for (let i = 0; i < entries.length; i++) {
      if (transitions.length >= PORTION) {
        handOn(base + i)
        await new Promise((resolve) => setImmediate(resolve))
      }
      const before = transitions.length
      const applied = apply(entries[i]!, base + i + 1, transitions)
      if (applied?.reading) readings.push(applied.reading)
      if (applied?.hazards) hazards.push(...applied.hazards)
      const command = commands.size > 0 ? commands.get(i) : undefined
      if (!command) continue
      const mine = new Set(transitions.slice(before).map(({ id }) => id))
      answers.push((streamed) =>
        command.done({
          transitions: streamed.filter(({ transition }) => mine.has(transition.id)),
          ...(applied?.refusal && { refusal: applied.refusal }),
          ...(applied?.hazards && { hazards: applied.hazards }),
        }),
      )
    }
    if (entries.length > 0) handOn(base + entries.length)
  }

  function tell(what: Judged, answers: readonly ((streamed: readonly StreamedTransition[]) => void)[]): void {
    let streamed: Promise<readonly StreamedTransition[]> = Promise.resolve([])
    guard(() => {
      streamed = onJudged(what)
    })
    // A store that fails has said so itself; the operator is answered all the same.
    void streamed
      .catch(() => [])
      .then((list) => {
        for (const answer of answers) answer(list)
      })
  }

  function apply(entry: NewEntry, offset: Offset, transitions: Transition[]): ReturnType<Fold['apply']> {
    const placed = entry as { -readonly [field in keyof Entry]: Entry[field] }
    placed.offset = offset
    try {
      return fold.apply(placed as Entry, transitions)
    } catch (error) {
      onDefect(error, offset)
      return undefined
    }
  }

  return {
    offer(source, frames) {
      if (dead) throw dead
      for (const frame of frames) {
        const { topic, payload, refused, detail } = frame
        const item = { type: 'frame' as const, source, topic, payload, frame, rejected: false }
        waiting.push(refused ? { ...item, refused, ...(detail !== undefined && { detail }) } : item)
      }
      schedule()
      return waiting.full() ? new Promise((resolve) => held.push(resolve)) : undefined
    },
    take: (admit, bytes = 0) => ask<void>((asked) => ({ type: 'objects', admit, bytes, ...asked })),
    full: () => waiting.full(),
    tick() {
      if (ticking || dead) return
      ticking = true
      push({ type: 'tick' })
    },
    command: (given) =>
      ask<CommandOutcome>((asked) => ({ type: 'command', command: seen(given, { fold, offset: judged }), ...asked })),
    swap: (hash, swap) => ask<void>((asked) => ({ type: 'swap', hash, swap, ...asked })),
    configure: (hash) => ask<void>((asked) => ({ type: 'swap', hash, swap: () => ({ fold, door }), ...asked })),
    fold: () => fold,
    async drain() {
      while (!dead && (waiting.length > 0 || underway > 0)) {
        await tail
        if (waiting.length > 0 || underway > 0) await new Promise((resolve) => setImmediate(resolve))
      }
      await tail
    },
    offset: () => judged,
  }
}
