/** Follows the alarm store by its stream numbers and puts what is to be told into the outbox: a projection that catches up after a crash. */
import type { Outbox, OutboxItem } from '../../model/notification.ts'
import type { AlarmStore, StreamedTransition } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import type { Clock } from '../clock.ts'
import { dueOf } from './due.ts'
import type { Router } from './route.ts'
import type { NotifySettings } from './settings.ts'

export interface Feed {
  /** Reads what is new; calls that come meanwhile are served by one more look. Rejects where a store fails: the next call begins
   *  where this one ended. */
  advance(): Promise<void>
  /** Takes what is critical in a batch at once, ahead of what is not yet followed; its turn will find it taken. */
  hurry(batch: readonly StreamedTransition[]): Promise<void>
}

export interface FeedOptions {
  readonly alarms: AlarmStore
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
  const { alarms, outbox, router, settings, installation, clock, signal, onTaken } = options
  const last = await alarms.last()
  const kept = await outbox.cursor()
  let cursor = kept ?? { seq: last, offset: await alarms.offset() }
  // The alarm store was lost and numbers anew: what lies before the kept place in the journal has been told.
  const known = cursor.seq > last ? cursor.offset : -1
  if (cursor.seq > last) cursor = { seq: last, offset: cursor.offset }
  if (!kept) await outbox.take([], { cursor, now: clock.now() })
  let working: Promise<void> | undefined
  let more = false

  function itemsOf({ transition }: StreamedTransition): OutboxItem[] {
    // Those of the same entry may have been told or not; the outbox knows each by its id.
    if (transition.offset < known) return []
    const now = clock.now()
    return router()
      .targetsOf(transition, installation())
      .map((target) => ({
        channel: target.channel,
        target: target.id,
        severity: transition.severity,
        ...dueOf(transition, { now, window: target.group, quiet: settings().quiet }),
        transition,
      }))
  }

  async function follow(): Promise<void> {
    do {
      more = false
      while (!signal.aborted) {
        const page = await alarms.since(cursor.seq, STEP)
        const end = page.at(-1)
        if (!end) break
        const items = page.flatMap(itemsOf)
        const next = { seq: end.seq, offset: Math.max(cursor.offset, end.transition.offset) }
        await outbox.take(items, { cursor: next, now: clock.now() })
        cursor = next
        if (items.length > 0) onTaken(items.length)
      }
    } while (more && !signal.aborted)
  }

  return {
    async hurry(batch) {
      const items = batch.filter(({ transition }) => transition.severity === 'critical').flatMap(itemsOf)
      if (items.length === 0) return
      await outbox.take(items, { now: clock.now() })
      onTaken(items.length)
    },
    advance() {
      more = true
      working ??= follow().finally(() => {
        working = undefined
      })
      return working
    },
  }
}
