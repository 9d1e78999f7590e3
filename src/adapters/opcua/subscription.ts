/** The subscription at the server: made anew, or taken over from a session that was lost, with what the server kept meanwhile. */
import type { NotificationMessage, TransferSubscriptionsResponse } from 'node-opcua'
import type { Duration } from '../../model/time.ts'
import type { FromThread, SessionRequest } from './protocol.ts'
import type { RawSession } from './raw-session.ts'
import { forgetValue, type Item, makeItem } from './statements.ts'

/** A server that hears of nobody for so long forgets the subscription. */
const LIFETIME: Duration = 120_000
/** Sequence numbers go from 1 to this, and begin again (OPC UA Part 4, 7.11). */
const LAST_SEQUENCE = 0xffff_ffff

export interface Subscription {
  readonly id: number
  /** As the server revised them. */
  readonly interval: Duration
  readonly lifetimeCount: number
  readonly keepAliveCount: number
  /** Of the last notification message taken; 0 before the first. */
  sequence: number
}

/** What a source's session hands on to the next one, should it be lost. */
export interface Kept {
  readonly items: readonly Item[]
  /** Handles that the server watches: indices into `items`. */
  readonly watched: Set<number>
  subscription: Subscription | undefined
}

/** Nothing kept yet. */
export function keepNothing(request: SessionRequest): Kept {
  return { items: request.items.map(makeItem), watched: new Set(), subscription: undefined }
}

export interface Opened {
  readonly subscription: Subscription
  /** What the server sent and nobody took, oldest first. */
  readonly missed: readonly NotificationMessage[]
  /** False where the server forgot the subscription, or will not hand it over. */
  readonly resumed: boolean
}

/** Takes the kept subscription over, or makes another. */
export async function openSubscription(
  session: RawSession,
  { request, kept, say }: { request: SessionRequest; kept: Kept; say(message: FromThread): void },
): Promise<Opened> {
  const before = kept.subscription
  const available = before && (await takeOver(session, before))
  if (before && available) {
    const unseen = available.filter((sequence) => isAfter(sequence, before.sequence))
    return { subscription: before, missed: await republished(session, before.id, unseen), resumed: true }
  }
  const subscription = await create(session, request)
  // Not before: a session that fails in between leaves the old one, with its items, to the next.
  kept.watched.clear()
  for (const item of kept.items) forgetValue(item)
  kept.subscription = subscription
  const quiet = subscription.interval * subscription.keepAliveCount
  if (quiet >= request.staleAfter) {
    const message = `the server sends a keep-alive only every ${quiet} ms; set staleAfter above that, now ${request.staleAfter} ms`
    say({ type: 'log', level: 'warn', message })
  }
  return { subscription, missed: [], resumed: false }
}

async function create(session: RawSession, { publishing, staleAfter, restate }: SessionRequest): Promise<Subscription> {
  const made = await session.createSubscription({
    requestedPublishingInterval: publishing,
    // The server must speak three times within `staleAfter`, or a single late word would count as a loss.
    requestedMaxKeepAliveCount: Math.max(1, Math.floor(Math.min(restate, staleAfter / 3) / publishing)),
    requestedLifetimeCount: Math.ceil(LIFETIME / publishing),
    maxNotificationsPerPublish: 5_000,
    publishingEnabled: true,
    priority: 10,
  })
  return {
    id: made.subscriptionId,
    interval: made.revisedPublishingInterval,
    lifetimeCount: made.revisedLifetimeCount,
    keepAliveCount: made.revisedMaxKeepAliveCount,
    sequence: 0,
  }
}

/** The sequence numbers the server still has, or `undefined` where it does not hand the subscription over. */
async function takeOver(session: RawSession, { id }: Subscription): Promise<readonly number[] | undefined> {
  try {
    // Without initial values: what has not changed is restated, what has changed is in the queues.
    const { results } = (await session.transferSubscriptions({
      subscriptionIds: [id],
      sendInitialValues: false,
    })) as unknown as TransferSubscriptionsResponse
    const result = results?.[0]
    return result?.statusCode.isGood() ? [...(result.availableSequenceNumbers ?? [])] : undefined
  } catch {
    // Not every server knows the service.
    return undefined
  }
}

/** Asks for messages again; those the server no longer has are left out. */
export async function republished(
  session: RawSession,
  subscriptionId: number,
  sequences: readonly number[],
): Promise<readonly NotificationMessage[]> {
  const messages: NotificationMessage[] = []
  for (const retransmitSequenceNumber of sequences) {
    const message = await new Promise<NotificationMessage | undefined>((resolve) =>
      session.republish({ subscriptionId, retransmitSequenceNumber } as never, (_error, response) =>
        resolve(response?.responseHeader.serviceResult.isGood() ? response.notificationMessage : undefined),
      ),
    )
    if (message) messages.push(message)
  }
  return messages
}

/** Whether a sequence number comes after another, across the end of their range. */
export function isAfter(sequence: number, last: number): boolean {
  const distance = sequence - last
  return distance > 0 ? distance < LAST_SEQUENCE / 2 : distance < -LAST_SEQUENCE / 2
}

/** The numbers between the last message taken and this one: messages that went missing. At most a thousand are worth asking for. */
export function between(last: number, sequence: number): readonly number[] {
  const missing: number[] = []
  if (last === 0) return missing
  for (
    let next = after(last);
    next !== sequence && missing.length < 1_000 && isAfter(sequence, next);
    next = after(next)
  ) {
    missing.push(next)
  }
  return missing
}

const after = (sequence: number) => (sequence === LAST_SEQUENCE ? 1 : sequence + 1)
