/** Mail by SMTP, one for each recipient: plain text and HTML, under a Message-ID that stays the same at every attempt. */
import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'
import type { ChannelAdapter, Delivery, Lack } from '../../model/notification.ts'
import { MINUTE } from '../../model/time.ts'
import { MailSettings } from './settings.ts'

const PORTS = { starttls: 587, implicit: 465, none: 25 } as const
/** Milliseconds without a word from the server. */
const PATIENCE = 15_000

export const mail: ChannelAdapter<MailSettings> = {
  name: 'mail',
  title: { en: 'Mail (SMTP)', zh: '电子邮件（SMTP）' },
  settings: MailSettings,
  form: 'mail',
  reach: 'mail',
  rate: { messages: 120, per: MINUTE },
  create({ host, tls, port = PORTS[tls], ca, user, password, from }) {
    const transport = () =>
      createTransport({
        host,
        port,
        secure: tls === 'implicit',
        requireTLS: tls === 'starttls',
        ignoreTLS: tls === 'none',
        ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
        tls: { ...(ca !== undefined && { ca: readFileSync(ca) }) },
        connectionTimeout: PATIENCE,
        greetingTimeout: PATIENCE,
        socketTimeout: PATIENCE,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    return {
      async send({ id, at, title, text, html, recipients }, signal): Promise<Delivery> {
        const to = recipients.flatMap(({ mail: address }) => address ?? [])
        if (to.length === 0) return { outcome: 'refused', answer: 'nobody to send it to is configured any more' }
        const late = Promise.withResolvers<never>()
        const abort = () => late.reject(new Error('no answer in time'))
        signal.addEventListener('abort', abort, { once: true })
        let connection: ReturnType<typeof transport> | undefined
        try {
          connection = transport()
          const sending = connection.sendMail({
            from,
            to,
            subject: title,
            text,
            ...(html !== undefined && { html }),
            messageId: `<${id}@davylamp>`,
            date: new Date(at),
            headers: { 'Auto-Submitted': 'auto-generated' },
          })
          sending.catch(() => {})
          const { response } = await Promise.race([sending, late.promise])
          return { outcome: 'sent', answer: response }
        } catch (error) {
          return failed(error)
        } finally {
          signal.removeEventListener('abort', abort)
          connection?.close()
        }
      },
      async close() {},
    }
  },
}

interface SmtpError extends Error {
  readonly code?: string
  /** The last one sent: `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`. */
  readonly command?: string
  readonly response?: string
  readonly responseCode?: number
}

/** The server's 5yz to a recipient or to the mail is for good; its 4yz, what the network did, and TLS that could not be had (it says
 *  nothing of the mail), may pass. */
function failed(error: unknown): Delivery {
  const { message, code, response, responseCode } = error as SmtpError
  const answer = (response ?? message).slice(0, 300)
  const forGood = code !== 'ETLS' && responseCode !== undefined && responseCode >= 500
  const lacks = forGood ? lackOf(error as SmtpError) : undefined
  if (lacks) return { outcome: 'failed', answer, lacks }
  return { outcome: forGood ? 'refused' : 'failed', answer }
}

/** A 5yz before any recipient is named is of us; so is one of policy (enhanced status 5.7.z): a server that does not relay for us. */
function lackOf({ code, command = '', response = '', responseCode }: SmtpError): Lack | undefined {
  if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) return 'credentials'
  // 552: it is too large, which may be said before the recipients.
  if (command.startsWith('DATA') || responseCode === 552) return undefined
  return !command.startsWith('RCPT') || /^5\d\d[ -]5\.7\./.test(response) ? 'address' : undefined
}
