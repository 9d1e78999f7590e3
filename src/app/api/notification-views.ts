/** Messages, channels and deliveries in the schemas' words. */
import type { DeliveryState, OutboxMessage } from '../../model/notification.ts'
import { formatDuration, formatInstant } from '../../model/time.ts'
import type { ChannelView } from '../notify/notifications-port.ts'
import type { ChannelBody, DeliveryBody, NotificationBody } from './schemas-notifications.ts'

export function deliveryBody({ at, ...rest }: DeliveryState, zone: string): DeliveryBody {
  return { ...rest, at: formatInstant(at, zone) }
}

export function notificationBody(stored: OutboxMessage): NotificationBody {
  const { n, channel, state, attempts, next, tried, answer, items, alarm, message } = stored
  const { id, at, severity, title, text, recipients } = message
  return {
    id,
    n,
    channel,
    state,
    severity,
    title,
    text,
    recipients: recipients.map(({ name }) => name),
    ...(alarm !== undefined && { alarm }),
    transitions: items,
    written: formatInstant(at),
    attempts,
    ...(tried !== undefined && { tried: formatInstant(tried) }),
    ...((state === 'queued' || state === 'failed') && { next: formatInstant(next) }),
    ...(answer !== undefined && { answer }),
  }
}

/** `mask`: without the names of those it reaches, and of a failure the status alone: servers name whom they do not take. */
export function channelBody(view: ChannelView, mask: boolean): ChannelBody {
  const { name, adapter, title, reach, recipients, rate, state, failingSince, lacks, lastSuccess, lastError, backlog } =
    view
  const { waiting, unsent, dead, oldest } = backlog
  return {
    name,
    adapter,
    title,
    reach,
    recipients: mask ? [] : [...recipients],
    rate: { messages: rate.messages, per: formatDuration(rate.per) },
    state,
    ...(failingSince !== undefined && { failingSince: formatInstant(failingSince) }),
    ...(lacks && { lacks }),
    ...(lastSuccess !== undefined && { lastSuccess: formatInstant(lastSuccess) }),
    ...(lastError && {
      lastError: { at: formatInstant(lastError.at), answer: mask ? statusOf(lastError.answer) : lastError.answer },
    }),
    waiting,
    unsent,
    dead,
    ...(oldest !== undefined && { oldest: formatInstant(oldest) }),
  }
}

function statusOf(answer: string): string {
  return /^\d{3}\b/.exec(answer)?.[0] ?? '…'
}
