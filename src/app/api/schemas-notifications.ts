/** Bodies of notifications, channels and deliveries. */
import Type, { type Static } from 'typebox'
import { SEVERITIES } from '../../model/alarm.ts'
import { LACKS, MESSAGE_STATES } from '../../model/notification.ts'

const closed = { additionalProperties: false } as const
const maybe = Type.Optional
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ description, minimum: 0 })
const time = (description: string) => Type.String({ description, format: 'date-time' })
const words = <const W extends readonly string[]>(values: W, description: string) =>
  Type.Enum(values as unknown as string[], { description }) as unknown as ReturnType<typeof Type.Unsafe<W[number]>>

const STATES = '`queued`: not tried yet; `failed`: to be tried again; `sent`: the peer has taken it; `dead`: given up'
const severity = words(SEVERITIES, 'The most severe it tells of')

/** Whether one transition of an alarm has been told on one channel. */
export const DeliveryBody = Type.Object({
  channel: text('Channel'),
  transition: text('Id of the transition'),
  state: words(
    ['waiting', ...MESSAGE_STATES] as const,
    `${STATES}. \`waiting\`: for its window, for the end of quiet hours, or for the channel to be able to`,
  ),
  at: time("Of the last attempt; without one, when it was taken up. ISO 8601 with the site's offset"),
  notification: maybe(text('Id of the message it is told in')),
  attempts: count('Attempts so far'),
})
export type DeliveryBody = Static<typeof DeliveryBody>

/** One message, whatever became of it. */
export const NotificationBody = Type.Object({
  id: text('Stable over attempts: the CloudEvents id, the Message-ID, the idempotency key'),
  n: count('Order of writing'),
  channel: text('Channel'),
  state: words(MESSAGE_STATES, STATES),
  severity,
  title: text('Its head, as sent'),
  text: text('Its text, as sent'),
  recipients: Type.Array(text('Name, as configured')),
  alarm: maybe(text('The alarm, where it tells of one')),
  transitions: count('How many transitions it tells of'),
  written: time('When it was written, ISO 8601 UTC'),
  attempts: count('Attempts since it was queued'),
  tried: maybe(time('The last attempt, ISO 8601 UTC')),
  next: maybe(time('When it is tried next, ISO 8601 UTC; absent once it is sent or dead')),
  answer: maybe(text('What the peer, or the network, said at the last attempt')),
})
export type NotificationBody = Static<typeof NotificationBody>

export const NotificationsQuery = Type.Object(
  {
    state: maybe(text(`Any of ${MESSAGE_STATES.join(', ')}; comma list`)),
    channel: maybe(text('Channel')),
    alarm: maybe(text('Alarm it tells of')),
    cursor: maybe(text('`next` of the page before')),
    limit: maybe(Type.Integer({ minimum: 1, maximum: 1000, description: 'Most items a page. Default 100' })),
  },
  closed,
)
export type NotificationsQuery = Static<typeof NotificationsQuery>

export const NotificationList = Type.Object({
  items: Type.Array(NotificationBody),
  next: maybe(text('`cursor` of the next page; absent at the end')),
})
export type NotificationList = Static<typeof NotificationList>

export const ChannelBody = Type.Object({
  name: text('Channel, as configured'),
  adapter: text('`webhook`, `mail`, `dingtalk`, `wecom`, `feishu`, `sms`'),
  title: Type.Object({ zh: text('Chinese'), en: text('English') }, { description: 'What it is' }),
  reach: words(['mail', 'phone', 'group'] as const, '`mail`, `phone`: one message a recipient; `group`: one for all'),
  recipients: Type.Array(text('Name'), { description: 'Whom a test can be sent to; empty below role operator' }),
  rate: Type.Object({ messages: count('Most messages'), per: text('within this span, e.g. `60s`') }),
  state: words(['unknown', 'up', 'failing'] as const, 'By its last attempt; `unknown`: none yet'),
  failingSince: maybe(time('Since when it fails, ISO 8601 UTC')),
  lacks: maybe(
    words(
      LACKS,
      'Somebody has to mend it before anything is taken: `credentials`, or `address` (the way there, or our right to go it). What waits is tried again until then, for `retry.giveUp` at most',
    ),
  ),
  lastSuccess: maybe(time('ISO 8601 UTC')),
  lastError: maybe(Type.Object({ at: time('ISO 8601 UTC'), answer: text('What the peer, or the network, said') })),
  waiting: count('Transitions not yet put into a message'),
  unsent: count('Messages not yet taken'),
  dead: count('Messages given up, to be sent again by hand'),
  oldest: maybe(time('When the oldest of what is not yet told came, ISO 8601 UTC')),
})
export type ChannelBody = Static<typeof ChannelBody>

export const ChannelList = Type.Object({ channels: Type.Array(ChannelBody) })
export type ChannelList = Static<typeof ChannelList>

export const ChannelTestBody = Type.Object(
  {
    recipient: maybe(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Whom to send it to; default: the first who can be reached, and in a group nobody is called upon',
      }),
    ),
  },
  closed,
)
export type ChannelTestBody = Static<typeof ChannelTestBody>

export const ChannelTestReply = Type.Object({
  outcome: words(
    ['sent', 'failed', 'refused'] as const,
    '`failed`: may go later, or once what is wrong is mended; `refused`: never like this',
  ),
  answer: text('What the peer, or the network, said'),
})
export type ChannelTestReply = Static<typeof ChannelTestReply>
