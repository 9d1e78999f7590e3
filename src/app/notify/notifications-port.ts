/** Notifications as the rest of the service sees them. */
import type { Offset } from '../../model/entry.ts'
import type {
  Backlog,
  ChannelAdapter,
  Delivery,
  DeliveryState,
  MessageState,
  Outbox,
  Rate,
} from '../../model/notification.ts'
import type { Changes } from '../roster.ts'
import type { ChannelHealth, Outcome } from './health.ts'
import type { NotifySettings } from './settings.ts'

export interface ChannelView extends ChannelHealth {
  readonly name: string
  readonly adapter: string
  readonly title: ChannelAdapter['title']
  readonly reach: ChannelAdapter['reach']
  /** Names of those it can be tested with. */
  readonly recipients: readonly string[]
  readonly rate: Rate
  readonly backlog: Backlog
}

export interface Notifications {
  channels(): Promise<readonly ChannelView[]>
  counts(): readonly { readonly channel: string; readonly outcome: Outcome; readonly count: number }[]
  list: Outbox['list']
  get: Outbox['get']
  deliveries(alarm: string): Promise<readonly DeliveryState[]>
  /** Queues a failed or dead message again; what it was before, `undefined` where there is none. */
  resend(id: string): Promise<MessageState | undefined>
  /** One attempt with a message that says that it is a test; counted by the rate but not held up by it, and not in the outbox. Without `recipient`, to the first there is. */
  test(channel: string, recipient?: string): Promise<Delivery | 'channel-unknown' | 'recipient-unknown'>
  /** The journal is judged anew by another version, after the store has taken everything up to that entry: nobody is told of it again.
   *  To be waited for before anything of it is published. */
  anew(upTo: Offset): Promise<void>
  /** Attempts under way have a moment for their answer; those cut off are made again at the next start. */
  stop(): Promise<void>
}

export interface LiveNotifications extends Notifications {
  /** Puts other settings in force: channels that changed begin anew, who is told what changes with the next transition. Never rejects for
   *  what a channel makes of its settings. */
  apply(next: NotifySettings): Promise<Changes>
}
