/** Notifications (通知): messages about alarms to people and their systems, the channels they go by, and the outbox that keeps them. */
import type { TSchema } from 'typebox'
import type { Severity, Transition } from './alarm.ts'
import type { Offset } from './entry.ts'
import type { Json } from './json.ts'
import type { AdapterContext } from './ports.ts'
import type { Text } from './text.ts'
import type { Duration, Instant } from './time.ts'

/** Somebody who is told, and by what they can be reached. */
export interface Recipient {
  readonly name: string
  readonly mail?: string
  /** Mobile number, for SMS and for being called upon (@) by a group robot. */
  readonly phone?: string
  /** Open id in Feishu (`ou_…`): its robots do not call upon people by number. */
  readonly feishu?: string
  /** Of messages to them alone; without it, that of the route. */
  readonly language?: 'zh' | 'en' | 'both'
}

/** A message as a channel sends it: written once, so that every attempt sends the same bytes under the same id. */
export interface Message {
  /** Stable over attempts and restarts: a receiver that remembers ids takes it once. Letters, digits and hyphens. */
  readonly id: string
  /** When it was written. */
  readonly at: Instant
  readonly severity: Severity
  /** One line: subject of a mail, head of a card. */
  readonly title: string
  /** What the channel's form asks for: at most 70 characters a language, Markdown, or the text of a mail. */
  readonly text: string
  /** Form `mail` only. */
  readonly html?: string
  /** Form `event` only: what the event carries. */
  readonly data?: Json
  /** What it is about, where it is one alarm, as its receiver may know it. */
  readonly subject?: string
  /** One where the channel reaches persons; those to be called upon where it reaches a group. */
  readonly recipients: readonly Recipient[]
}

/** What somebody has to mend before a peer takes anything: it knows us no more (`credentials`), or is not to be reached like this
 *  (`address`: the way there, or our right to go it), perhaps by one recipient only. It says nothing of the message. */
export const LACKS = ['credentials', 'address'] as const
export type Lack = (typeof LACKS)[number]

/** What became of one attempt. */
export type Delivery =
  /** The peer has taken it; `answer` is what it said. */
  | { readonly outcome: 'sent'; readonly answer: string }
  /** It may go better later; `after` is the peer's own wish. */
  | { readonly outcome: 'failed'; readonly answer: string; readonly after?: Duration; readonly lacks?: Lack }
  /** The peer will never take this message. */
  | { readonly outcome: 'refused'; readonly answer: string }

/** One way out to people. */
export interface Channel {
  /** One attempt, ended by the signal at the latest. Never rejects for what the peer or the network did. */
  send(message: Message, signal: AbortSignal): Promise<Delivery>
  close(): Promise<void>
}

/** Messages that may be sent within a span. */
export interface Rate {
  readonly messages: number
  readonly per: Duration
}

/** A kind of channel: a folder under `src/adapters` and one line in `channels.ts`. */
export interface ChannelAdapter<S = unknown> {
  /** The `adapter:` word of `notify.channels` in davy.yaml. */
  readonly name: string
  readonly title: Text
  readonly settings: TSchema
  /** Which text it is given. */
  readonly form: 'short' | 'markdown' | 'mail' | 'event'
  /** `mail`, `phone`: one message for each recipient that has such an address. `group`: one for all. */
  readonly reach: 'mail' | 'phone' | 'group'
  /** What its peers bear, where nothing else is configured. */
  readonly rate: Rate
  create(settings: S, context: AdapterContext & { readonly name: string }): Channel
}

/** A transition that is to be told on a channel, waiting to be put into a message. */
export interface OutboxItem {
  readonly channel: string
  /** Route and recipient: what is told apart may not share a message. */
  readonly target: string
  readonly severity: Severity
  /** What may be told together before the window has passed. */
  readonly group: string
  /** Not before this instant. */
  readonly due: Instant
  readonly transition: Transition
}

/** What a transition is known by once somebody was told of it: its place in the journal and what it is, not its id. A newer program
 *  that judges the journal again may count an alarm's episodes otherwise. */
export function originOf({ alarm, offset, at, cause, severity }: Transition): string {
  return `${alarm}@${offset}/${at}/${cause}/${severity}`
}

/** An item as it is stored. */
export interface WaitingItem {
  readonly n: number
  readonly channel: string
  readonly target: string
  readonly severity: Severity
  /** What its transition is known by (`originOf`). */
  readonly id: string
  /** Only of the first ones, where not all were asked for whole. */
  readonly transition?: Transition
}

/** `queued`: never tried; `failed`: to be tried again; `dead`: refused, or tried for too long. */
export const MESSAGE_STATES = ['queued', 'failed', 'sent', 'dead'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

export interface OutboxMessage {
  /** Order of writing; the cursor of lists. */
  readonly n: number
  readonly channel: string
  readonly target: string
  readonly state: MessageState
  readonly attempts: number
  /** Since when it is to be sent: when it was written, or sent again by hand. */
  readonly queued: Instant
  /** When it is tried next; of no meaning once it is sent or dead. */
  readonly next: Instant
  /** The last attempt. */
  readonly tried?: Instant
  /** What the peer, or the network, said at the last attempt. */
  readonly answer?: string
  /** How many transitions it tells of. */
  readonly items: number
  /** The one alarm it is about, as it is known inside. */
  readonly alarm?: string
  readonly message: Message
}

/** Where an alarm's transition stands on one channel. `waiting`: not in a message yet. */
export interface DeliveryState {
  readonly channel: string
  readonly transition: string
  readonly state: MessageState | 'waiting'
  readonly at: Instant
  /** Id of the message. */
  readonly notification?: string
  readonly attempts: number
}

/** The last that one address is told of an alarm. */
export interface LastWord {
  readonly alarm: string
  readonly channel: string
  readonly target: string
  readonly transition: Transition
}

/** What waits for a channel. */
export interface Backlog {
  readonly channel: string
  /** Transitions not yet put into a message. */
  readonly waiting: number
  /** Messages not yet sent. */
  readonly unsent: number
  readonly dead: number
  /** When the oldest of what waits, or is unsent, came. */
  readonly oldest?: Instant
}

/** How far the projection of the alarm store has come. */
export interface OutboxCursor {
  /** Stream number of the last transition taken. */
  readonly seq: number
  /** Its place in the journal: where the alarm store was lost and is built anew, what lies before it is known. */
  readonly offset: Offset
  /** Set where the journal was judged anew: transitions after the stream number `seq` that lie before the entry `offset` are another
   *  opinion of the past, and not told. */
  readonly past?: { readonly seq: number; readonly offset: Offset }
}

/** Which severities a sender works on: the urgent ones have one of their own. */
export type Lane = 'urgent' | 'other'

/** Everything to be told, on disk before it is sent. */
export interface Outbox {
  /** `undefined` in a new file. */
  cursor(): Promise<OutboxCursor | undefined>
  /** Takes items and, where one is given, moves the cursor, both or neither. Those of a transition that is known by its origin are left out,
   *  also for other targets: who is told of it was decided when it was taken. So it comes with all its targets. */
  take(items: readonly OutboxItem[], step: { readonly cursor?: OutboxCursor; readonly now: Instant }): Promise<void>
  /** What each address was, or is to be, told last of these alarms, the newest first. */
  lastWords(alarms: readonly string[]): Promise<readonly LastWord[]>
  /** The most severe, then oldest, message to be tried by `now`; or when the next one is. */
  next(query: {
    readonly channel: string
    readonly lane: Lane
    readonly now: Instant
  }): Promise<{ readonly message?: OutboxMessage; readonly due?: Instant }>
  /** The most severe group that is due, with `digest` everything due for its target: up to `most` items, the most severe first,
   *  the first `whole` of them with their transitions; or when the next one is due. `groups` is how many are due. Targets with
   *  `open` messages that are still to be sent are left out. */
  due(query: {
    readonly channel: string
    readonly lane: Lane
    readonly now: Instant
    readonly digest: boolean
    readonly most: number
    readonly whole: number
    readonly open: number
  }): Promise<{ readonly items: readonly WaitingItem[]; readonly groups: number; readonly next?: Instant }>
  /** Puts items into a message, both or neither; it is `queued` from then on. */
  write(message: {
    readonly channel: string
    readonly target: string
    readonly items: readonly number[]
    readonly message: Message
  }): Promise<void>
  /** What became of an attempt. */
  settle(result: {
    readonly id: string
    readonly state: MessageState
    readonly answer: string
    readonly now: Instant
    readonly next: Instant
  }): Promise<void>
  /** Queues a failed or dead message again; its state before, `undefined` where there is none of that id. */
  resend(request: { readonly id: string; readonly now: Instant }): Promise<MessageState | undefined>
  get(id: string): Promise<OutboxMessage | undefined>
  /** Newest first. */
  list(query: {
    readonly state?: readonly MessageState[]
    readonly channel?: string
    readonly alarm?: string
    readonly before?: number
    readonly limit: number
  }): Promise<readonly OutboxMessage[]>
  /** Every delivery of an alarm, oldest first, a bounded number. */
  deliveries(alarm: string): Promise<readonly DeliveryState[]>
  backlog(): Promise<readonly Backlog[]>
  /** Attempts of a channel since an instant, oldest first: what its rate has been used for. */
  attempts(query: { readonly channel: string; readonly since: Instant }): Promise<readonly Instant[]>
  /** Forgets what was sent, or given up, before `over`, and what has waited since before `waiting`: a channel that is gone may not fill
   *  the disk. Takes a bounded portion; `gone` is how many rows, 0 when there are none left, `untold` how many transitions nobody was
   *  told of. */
  prune(bounds: {
    readonly over: Instant
    readonly waiting: Instant
  }): Promise<{ readonly gone: number; readonly untold: number }>
  close(): Promise<void>
}
