/** Follows the alarm store by its stream numbers and puts what is to be told into the outbox: a projection that catches up after a crash. */
import type { Offset } from '../../model/entry.ts'
import type { Outbox, OutboxCursor, OutboxItem } from '../../model/notification.ts'
import type { AlarmStore, Journal, StreamedTransition } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import type { Clock } from '../clock.ts'
import { desksOf } from './contacts.ts'
import { dueOf } from './due.ts'
import { gatherWords, type LastWords } from './last-words.ts'
import type { Router, Target } from './route.ts'
import type { NotifySettings } from './settings.ts'

export interface Feed {
  /** Reads what is new; calls that come meanwhile are served by one more look. Rejects where a store fails: the next call begins
   *  where this one ended. */
  advance(): Promise<void>
  /** Takes what is critical in a batch at once, ahead of what is not yet followed; its turn will find it taken. */
  hurry(batch: readonly StreamedTransition[]): Promise<void>
  /** What the store holds so far is followed as ever; what it is given from now on is told only where it lies after that entry. */
  anew(upTo: Offset): Promise<void>
}

export interface FeedOptions {
  readonly alarms: AlarmStore
  readonly journal: Pick<Journal, 'last'>
  readonly outbox: Outbox
  /** As they are in force at the transition's turn. */
  readonly router: () => Router
  readonly settings: () => NotifySettings
  readonly installation: () => Installation
  readonly clock: Clock
  /** Ends it after the step under way. */
  readonly signal: AbortSignal
  /** Told after each step. */
  readonly onTaken: (items: number) => void
}

/** Transitions a step: one read, one write. */
const STEP = 500

/** A new outbox begins after what the alarm store holds: nobody is told of the past. */
export async function createFeed(options: FeedOptions): Promise<Feed> {
  const { alarms, journal, outbox, router, settings, installation, clock, signal, onTaken } = options
  const kept = await outbox.cursor()
  let cursor = await begin(kept, { alarms, journal })
  if (JSON.stringify(cursor) !== JSON.stringify(kept)) await outbox.take([], { cursor, now: clock.now() })
  let working: Promise<void> | undefined
  let more = false

  function itemsOf({ seq, transition }: StreamedTransition, words: LastWords): OutboxItem[] {
    const { past } = cursor
    if (past && seq > past.seq && transition.offset < past.offset) return []
    const now = clock.now()
    const { duty } = installation()
    const { alarm, cause, severity, desk } = transition
    const item = (target: Target, desks: readonly string[]): OutboxItem => ({
      channel: target.channel,
      target: target.id,
      severity,
      ...dueOf(transition, { now, window: target.group, quiet: settings().quiet, desks, duty }),
      transition,
    })
    const own = router().targetsOf(transition, installation())
    const told = cause === 'cleared' ? words.standing(alarm) : []
    const rest = router().restOf(transition, { installation: installation(), told })
    const items = [
      ...own.map((target) => item(target, desk === undefined ? [] : [desk])),
      ...rest.map((target) => item(target, desksOf(target, { desk, duty }))),
    ]
    words.note(items)
    return items
  }

  /** What the outbox holds of the alarms that end there. */
  async function wordsOf(page: readonly StreamedTransition[]): Promise<LastWords> {
    const ended = page
      .filter(({ transition }) => transition.cause === 'cleared')
      .map(({ transition }) => transition.alarm)
    return gatherWords(ended.length > 0 ? await outbox.lastWords([...new Set(ended)]) : [])
  }

  async function follow(): Promise<void> {
    do {
      more = false
      while (!signal.aborted) {
        const page = await alarms.since(cursor.seq, STEP)
        const end = page.at(-1)
        if (!end) break
        const words = await wordsOf(page)
        const items = page.flatMap((each) => itemsOf(each, words))
        const next = { ...cursor, seq: end.seq, offset: Math.max(cursor.offset, end.transition.offset) }
        await outbox.take(items, { cursor: next, now: clock.now() })
        cursor = next
        if (items.length > 0) onTaken(items.length)
      }
    } while (more && !signal.aborted)
  }

  function advance(): Promise<void> {
    more = true
    working ??= follow().finally(() => {
      working = undefined
    })
    return working
  }

  return {
    advance,
    async hurry(batch) {
      // An end has time, and is told to whoever was told before it: of that more may be known at its turn.
      const items = batch
        .filter(({ transition: { severity, cause } }) => severity === 'critical' && cause !== 'cleared')
        .flatMap((each) => itemsOf(each, gatherWords([])))
      if (items.length === 0) return
      await outbox.take(items, { now: clock.now() })
      onTaken(items.length)
    },
    async anew(upTo) {
      await advance()
      const offset = upTo + 1
      // A service that was killed while it judged the journal anew does so again: what it gave before that is as old.
      if (cursor.past?.offset === offset) return
      cursor = { ...cursor, past: { seq: await alarms.last(), offset } }
      await outbox.take([], { cursor, now: clock.now() })
    },
  }
}

/** Where to go on from. Places that lie behind the ends of store and journal are of others, which were lost. */
async function begin(
  kept: OutboxCursor | undefined,
  { alarms, journal }: Pick<FeedOptions, 'alarms' | 'journal'>,
): Promise<OutboxCursor> {
  const last = await alarms.last()
  if (!kept) return { seq: last, offset: await alarms.offset() }
  const end = journal.last()
  const offset = Math.min(kept.offset, end)
  // The alarm store numbers anew: what lies before the kept place in the journal has been told. Those of the same entry may have been
  // told or not; the outbox knows each.
  const past = kept.seq > last ? { seq: last, offset: kept.offset } : kept.past
  return {
    seq: Math.min(kept.seq, last),
    offset,
    ...(past && { past: { ...past, offset: Math.min(past.offset, end + 1) } }),
  }
}
