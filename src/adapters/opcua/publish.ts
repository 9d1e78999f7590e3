/** The subscription and its publish requests: one frame a response, and no request while the consumer has enough. */
import {
  type ClientSession,
  type ClientSessionPublishService,
  type ClientSessionRawSubscriptionService,
  PublishRequest,
  type PublishResponse,
} from 'node-opcua'
import type { WireReading } from '../outgoing.ts'
import { type FromThread, MOST_HELD, type SessionRequest } from './protocol.ts'
import { type Item, notified, restated } from './statements.ts'
import { type DataValueLike, instantOf } from './values.ts'

/** Requests under way: one being answered, one waiting at the server. */
const PIPELINE = 2
/** A server that hears of nobody for so long forgets the subscription. */
const LIFETIME = 120_000

/** The session with its services as the protocol has them; the library's own subscription object keeps no bound. */
export type RawSession = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService

export interface Loop {
  readonly subscriptionId: number
}

/** Frames the consumer has not taken yet; `released` is called when some were. */
export interface Held {
  frames: number
  released(): void
}

interface Notification {
  readonly schema: { readonly name: string }
  readonly monitoredItems?: readonly { readonly clientHandle: number; readonly value: DataValueLike }[] | null
  readonly status?: { readonly name: string }
}

/** Creates the subscription and keeps asking until the session fails, which `lose` is told. A client handle is an index into `items`. */
export async function publishLoop(
  session: RawSession,
  {
    request: { publishing, staleAfter, restate },
    items,
    held,
    say,
    send,
    lose,
  }: {
    request: SessionRequest
    items: readonly Item[]
    held: Held
    say(message: FromThread): void
    send(readings: readonly WireReading[]): void
    lose(reason: string): void
  },
): Promise<Loop> {
  const { subscriptionId, revisedPublishingInterval, revisedLifetimeCount, revisedMaxKeepAliveCount } =
    await session.createSubscription({
      requestedPublishingInterval: publishing,
      // The server must speak three times within `staleAfter`, or a single late word would count as a loss.
      requestedMaxKeepAliveCount: Math.max(1, Math.floor(Math.min(restate, staleAfter / 3) / publishing)),
      requestedLifetimeCount: Math.ceil(LIFETIME / publishing),
      maxNotificationsPerPublish: 5_000,
      publishingEnabled: true,
      priority: 10,
    })
  const quiet = revisedPublishingInterval * revisedMaxKeepAliveCount
  if (quiet >= staleAfter) {
    say({
      type: 'log',
      level: 'warn',
      message: `the server says it lives only every ${quiet} ms; set staleAfter above that, now ${staleAfter} ms`,
    })
  }
  const timeoutHint = Math.min(revisedPublishingInterval * revisedLifetimeCount, 0x7fffffff)
  const unacknowledged: { subscriptionId: number; sequenceNumber: number }[] = []
  let underWay = 0
  let over = false

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
    const notifications = (notificationMessage.notificationData ?? []) as unknown as readonly (Notification | null)[]
    if (notifications.length > 0) {
      unacknowledged.push({ subscriptionId, sequenceNumber: notificationMessage.sequenceNumber })
    }
    const readings = notifications.flatMap((notification) => {
      if (notification?.schema.name === 'StatusChangeNotification') {
        over = true
        lose(`the server ended the subscription: ${notification.status?.name}`)
      }
      return (notification?.monitoredItems ?? []).flatMap(({ clientHandle, value }) => {
        const item = items[clientHandle]
        return item ? notified(item, value, published) : []
      })
    })
    // With more on its way, "nothing of this item" is not known yet.
    if (!moreNotifications) readings.push(...restated(items, { published, restate }))
    if (readings.length > 0) send(readings)
    else say({ type: 'alive' })
  }

  held.released = ask
  ask()
  return { subscriptionId }
}
