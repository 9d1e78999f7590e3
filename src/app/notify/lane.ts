/** The sender of one channel and lane: the most severe message first, at the channel's rate, to each target one after the other. */
import type { Delivery, Lack, Lane, Outbox, OutboxMessage, WaitingItem } from '../../model/notification.ts'
import { type Instant, MINUTE } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { backOff } from './back-off.ts'
import type { Bell } from './bell.ts'
import type { Limiter } from './limiter.ts'
import { NAMED } from './render.ts'
import type { NotifySettings, OpenChannel } from './settings.ts'

export interface LaneOptions {
  readonly open: OpenChannel
  readonly lane: Lane
  readonly outbox: Outbox
  readonly limiter: Limiter
  readonly retry: () => NotifySettings['retry']
  readonly clock: Clock
  readonly log: Log
  readonly bell: Bell
  /** Begins no more steps. */
  readonly enough: AbortSignal
  /** Cuts off the attempt under way. */
  readonly signal: AbortSignal
  /** Puts items of one target into a message in the outbox. */
  readonly write: (items: readonly WaitingItem[]) => Promise<void>
  readonly onAttempt: (outcome: Delivery['outcome'] | 'dead', answer: string, lacks?: Lack) => void
}

/** Messages of one target that may wait for another attempt before no new ones are written for it: what comes then waits to share one.
 *  Others on the channel are told all the same: the peer may refuse but one of them. */
const OPEN = 3
/** Transitions a message may tell of: an event holds all of them, a text names some and counts the others. */
const MOST = { event: 500, text: 20_000 }
/** Where nothing is known to come, and before a store that failed is asked again. */
const IDLE = 60 * MINUTE
/** Before the second attempt where somebody has to mend something first; doubled like any pause. */
const HELD = MINUTE
const PAUSE = 5_000
/** Messages on their way at once, each to another target, while the peer takes them: a slow one would keep the last of a desk's contacts
 *  waiting for all the others. One at a time where the last one failed. */
const WIDE = 4

/** Resolves after `enough`, when what is on its way has ended. */
export async function runLane(options: LaneOptions): Promise<void> {
  const { open, lane, clock, log, bell, enough } = options
  /** Target → the attempt on its way to it. */
  const sending = new Map<string, Promise<void>>()
  let wide = false
  let paused: Instant = 0
  function failed(error: unknown): void {
    if (!enough.aborted) log.error(`notifications by ${open.name} (${lane}): ${String(error)}`)
    wide = false
    paused = clock.now() + PAUSE
  }
  async function send(message: OutboxMessage): Promise<void> {
    try {
      wide = (await attempt(message, options)) === 'sent'
    } catch (error) {
      failed(error)
    }
    sending.delete(message.target)
    bell.ring()
  }

  while (!enough.aborted) {
    let until: Instant | undefined
    try {
      if (clock.now() < paused) until = paused
      // Rung when one of them has ended.
      else if (sending.size >= (wide ? WIDE : 1)) until = clock.now() + IDLE
      else {
        const found = await step(options, [...sending.keys()])
        if (typeof found === 'object') sending.set(found.target, send(found))
        else until = found
      }
    } catch (error) {
      failed(error)
    }
    if (until !== undefined) await bell.wait(until)
  }
  await Promise.all(sending.values())
}

/** A message to be sent, to none of the busy targets; or one was written, and there may be more; otherwise when to look again. */
async function step(
  { open, lane, outbox, limiter, clock, write }: LaneOptions,
  busy: readonly string[],
): Promise<OutboxMessage | Instant | undefined> {
  const urgent = lane === 'urgent'
  const now = clock.now()
  const room = limiter.room(now, urgent)
  if (room === 0) return limiter.again(now, urgent)
  const { message, due } = await outbox.next({ channel: open.name, lane, now, busy })
  if (message) return message
  const { form } = open.adapter
  const most = form === 'event' ? MOST.event : MOST.text
  const waiting = { channel: open.name, lane, now, most, open: OPEN, whole: form === 'event' ? most : NAMED[form] }
  let found = await outbox.due({ ...waiting, digest: false })
  // More than the rate lets through: one message for all of them instead.
  if (found.groups > room) found = await outbox.due({ ...waiting, digest: true })
  if (found.items.length > 0) {
    await write(found.items)
    return undefined
  }
  return Math.min(due ?? now + IDLE, found.next ?? now + IDLE)
}

async function attempt(message: OutboxMessage, options: LaneOptions): Promise<Delivery['outcome']> {
  const { open, outbox, limiter, retry, clock, signal, onAttempt } = options
  limiter.use(clock.now())
  const { id } = message.message
  const delivery = await sendWithin(message.message, { open, signal })
  // Ended by our own stop: not the peer's doing, and tried again at the next start.
  if (signal.aborted && delivery.outcome === 'failed') return 'failed'
  const now = clock.now()
  const attempts = message.attempts + 1
  const { outcome, answer } = delivery
  if (outcome !== 'failed') {
    await outbox.settle({ id, state: outcome === 'sent' ? 'sent' : 'dead', answer, now, next: now })
    onAttempt(outcome, answer)
    return outcome
  }
  const { after: asked, lacks } = delivery
  const pauses = retry()
  const first = lacks ? Math.max(pauses.first, Math.min(HELD, pauses.longest)) : pauses.first
  if (asked !== undefined) limiter.rest(now + asked)
  // No other message would be taken either, and who tries wrong credentials often is shut out.
  if (lacks === 'credentials') limiter.rest(now + first)
  const next = now + Math.max(asked ?? 0, backOff({ id, attempts }, { ...pauses, first }))
  const tooLong = next - message.queued > pauses.giveUp
  await outbox.settle({ id, state: tooLong ? 'dead' : 'failed', answer, now, next })
  onAttempt('failed', answer, lacks)
  if (tooLong) onAttempt('dead', answer)
  return outcome
}

/** One attempt, ended after the channel's time or with the channel. A channel that throws has a defect, which does not stop the others. */
export async function sendWithin(
  message: OutboxMessage['message'],
  { open, signal }: { open: OpenChannel; signal: AbortSignal },
): Promise<Delivery> {
  try {
    const sent = await open.channel.send(message, AbortSignal.any([signal, AbortSignal.timeout(open.timeout)]))
    return { ...sent, answer: open.redact(sent.answer) }
  } catch (error) {
    return { outcome: 'failed', answer: open.redact(String(error)).slice(0, 300) }
  }
}
