/** A webhook: CloudEvents 1.0 in structured JSON, signed. */
import { createHmac } from 'node:crypto'
import type { ChannelAdapter, Message } from '../../model/notification.ts'
import { formatInstant, MINUTE, SECOND } from '../../model/time.ts'
import { post } from '../notify-http/post.ts'
import { WebhookSettings } from './settings.ts'

/** `type` of every event. */
const EVENT_TYPE = 'org.davylamp.notification.v1'

/** Idempotent by the event's `id`, which is also the header `Idempotency-Key`. */
export const webhook: ChannelAdapter<WebhookSettings> = {
  name: 'webhook',
  title: { en: 'Webhook (CloudEvents)', zh: 'Webhook（CloudEvents）' },
  settings: WebhookSettings,
  form: 'event',
  reach: 'group',
  rate: { messages: 600, per: MINUTE },
  create({ url, secret, headers, source, ca }, { now }) {
    return {
      send(message, signal) {
        const body = JSON.stringify(eventOf(message, source))
        const own: Record<string, string> = {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'idempotency-key': message.id,
        }
        if (secret !== undefined) {
          const timestamp = Math.floor(now() / SECOND)
          own['davy-timestamp'] = String(timestamp)
          own['davy-signature'] = `sha256=${signatureOf({ timestamp, body }, secret)}`
        }
        return post({ url, headers: { ...headers, ...own }, body, ca, signal })
      },
      async close() {},
    }
  },
}

/** HMAC-SHA256, in hex, of the time in seconds, a dot, and the body as it was sent. */
export function signatureOf({ timestamp, body }: { timestamp: number; body: string }, secret: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}

function eventOf({ id, at, subject, title, text, severity, data }: Message, source: string): object {
  return {
    specversion: '1.0',
    id,
    source,
    type: EVENT_TYPE,
    time: formatInstant(at),
    ...(subject !== undefined && { subject }),
    datacontenttype: 'application/json',
    data: { severity, title, text, ...(data as object) },
  }
}
