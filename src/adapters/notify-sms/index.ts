/** SMS by whichever HTTP gateway there is: address, headers, body and sign of success are configured. */
import type { ChannelAdapter } from '../../model/notification.ts'
import { MINUTE } from '../../model/time.ts'
import { escapeXml } from '../notify-http/escape.ts'
import { post, type Reply, said } from '../notify-http/post.ts'
import { type SMS_PLACEHOLDERS, SmsSettings } from './settings.ts'

/** One request a recipient. Idempotent where the gateway is, by `{id}`, which is also the header `Idempotency-Key`. */
export const sms: ChannelAdapter<SmsSettings> = {
  name: 'sms',
  title: { en: 'SMS by an HTTP gateway', zh: '短信（HTTP 网关）' },
  settings: SmsSettings,
  form: 'short',
  reach: 'phone',
  rate: { messages: 60, per: MINUTE },
  create({ url, method, headers, body, type, success, refused, ca }) {
    const taken = success === undefined ? undefined : new RegExp(success)
    const never = refused === undefined ? undefined : new RegExp(refused)
    const judge = (reply: Reply) => {
      if (never?.test(reply.body)) return { outcome: 'refused', answer: said(reply) } as const
      return taken && !taken.test(reply.body) ? ({ outcome: 'failed', answer: said(reply) } as const) : undefined
    }
    return {
      async send({ id, text, recipients }, signal) {
        const phone = recipients[0]?.phone
        if (phone === undefined) return { outcome: 'refused', answer: 'nobody to send it to is configured any more' }
        const values = { id, text, phone }
        const plain = Object.entries(headers).map(([name, value]) => [
          name,
          fill(value, { values, write: headerValue }),
        ])
        const request = {
          url: fill(url, { values, write: encodeURIComponent }),
          method,
          headers: { ...Object.fromEntries(plain), 'content-type': type, 'idempotency-key': id },
          body: method === 'GET' ? '' : fill(body, { values, write: writerOf(type) }),
          ca,
          signal,
        }
        return post(request, judge)
      },
      async close() {},
    }
  },
}

type Values = Readonly<Record<(typeof SMS_PLACEHOLDERS)[number], string>>

/** Braces around anything else are part of the text: bodies are JSON more often than not. */
function fill(template: string, { values, write }: { values: Values; write: (text: string) => string }): string {
  return template.replace(/\{(phone|text|id)\}/g, (_, name: keyof Values) => write(values[name]))
}

function writerOf(type: string): (text: string) => string {
  if (/json/i.test(type)) return (text) => JSON.stringify(text).slice(1, -1)
  if (/x-www-form-urlencoded/i.test(type)) return encodeURIComponent
  if (/[/+]xml/i.test(type)) return escapeXml
  return (text) => text
}

/** A line feed would begin another header. */
function headerValue(text: string): string {
  return text.replace(/[^\t\x20-\x7e]/g, ' ')
}
