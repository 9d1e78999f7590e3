/** The publish requests of a subscription: one frame a response, and no request while the consumer has enough. */
import { type NotificationMessage, PublishRequest, type PublishResponse } from 'node-opcua'
import type { WireReading } from '../outgoing.ts'
import type { Held } from './held.ts'
import { type FromThread, MOST_HELD, type SessionRequest } from './protocol.ts'
import type { RawSession } from './raw-session.ts'
import { belated, notified, restated } from './statements.ts'
import { between, isAfter, type Kept, type Opened, republished } from './subscription.ts'
import { type DataValueLike, instantOf } from './values.ts'

/** Requests under way: one being answered, one waiting at the server. */
const PIPELINE = 2

interface Notification {
  readonly schema: { readonly name: string }
  readonly monitoredItems?: readonly { readonly clientHandle: number; readonly value: DataValueLike }[] | null
  readonly status?: { readonly name: string }
}

/** Sends what was missed and keeps asking until the session fails, which `lose` is told. A client handle is an index into the kept items. */
export function publishLoop(
  session: RawSession,
  {
    request,
    kept,
    opened: { subscription, missed, resumed },
    held,
    say,
    send,
    lose,
    signal,
  }: {
    request: SessionRequest
    kept: Kept
    opened: Opened
    held: Held
    say(message: FromThread): void
    send(readings: readonly WireReading[]): void
    lose(reason: string): void
    /** Resolves when the session is to end: what is answered afterwards is left to the next one, unacknowledged. */
    signal: Promise<unknown>
  },
): void {
  const { items } = kept
  const timeoutHint = Math.min(subscription.interval * subscription.lifetimeCount, 0x7fffffff)
  const unacknowledged: { subscriptionId: number; sequenceNumber: number }[] = []
  let underWay = 0
  let over = false
  void signal.then(() => {
    over = true
  })
  /** Messages being asked for again: until they are here nobody knows what has not changed. */
  let fetching = 0
  /** Told that the link was gone, rules wait for a word: what did not change is said again at once. */
  let awaited = resumed

  function ask(): void {
    while (!over && underWay < PIPELINE && held.frames < MOST_HELD) {
      underWay++
      const publish = new PublishRequest({
        requestHeader: { timeoutHint },
        subscriptionAcknowledgements: unacknowledged.splice(0),
      })
      session.publish(publish, (error, response) => {
        underWay--
        if (over) return
        if (response) take(response)
        else {
          over = true
          lose(error?.message ?? 'a publish request failed')
        }
        ask()
      })
    }
  }

  function take({ responseHeader, notificationMessage, moreNotifications }: PublishResponse): void {
    // Some servers leave the publish time empty; the response itself is dated always.
    const published = instantOf(notificationMessage.publishTime, responseHeader.timestamp) ?? Date.now()
    const readings = read(notificationMessage, published)
    // With more on its way, "nothing of this item" is not known yet.
    if (!moreNotifications && fetching === 0) {
      readings.push(...restated(items, { published, restate: awaited ? 0 : request.restate }))
      awaited = false
    }
    if (readings.length > 0) send(readings)
    else say({ type: 'alive' })
  }

  function read(message: NotificationMessage, published: number): WireReading[] {
    const notifications = (message.notificationData ?? []) as unknown as readonly (Notification | null)[]
    if (notifications.length > 0) {
      const missing = between(subscription.sequence, message.sequenceNumber)
      if (missing.length > 0) void fetchAgain(missing)
      subscription.sequence = message.sequenceNumber
      unacknowledged.push({ subscriptionId: subscription.id, sequenceNumber: message.sequenceNumber })
    }
    return notifications.flatMap((notification) => {
      if (notification?.schema.name === 'StatusChangeNotification') {
        over = true
        kept.subscription = undefined
        lose(`the server ended the subscription: ${notification.status?.name}`)
      }
      return (notification?.monitoredItems ?? []).flatMap(({ clientHandle, value }) => {
        const item = items[clientHandle]
        if (!item) return []
        // Asked for again, and newer word of this item has come meanwhile.
        if (item.message !== undefined && isAfter(item.message, message.sequenceNumber)) return [belated(item, value)]
        item.message = message.sequenceNumber
        return notified(item, value, published)
      })
    })
  }

  /** A message got lost on the way: the server keeps what was not acknowledged. */
  async function fetchAgain(missing: readonly number[]): Promise<void> {
    fetching++
    const found = await republished(session, subscription.id, missing)
    fetching--
    if (over) return
    if (found.length < missing.length) {
      const message = `${missing.length - found.length} of the server's messages are lost`
      say({ type: 'log', level: 'warn', message })
    }
    for (const message of found) resend(message)
  }

  function resend(message: NotificationMessage): void {
    const { sequence } = subscription
    // No gap is seen before it, and none after.
    subscription.sequence = 0
    const readings = read(message, instantOf(message.publishTime) ?? Date.now())
    subscription.sequence = sequence
    if (readings.length > 0) send(readings)
  }

  for (const message of missed) {
    const readings = read(message, instantOf(message.publishTime) ?? Date.now())
    if (readings.length > 0) send(readings)
  }
  held.released.add(ask)
  ask()
}
