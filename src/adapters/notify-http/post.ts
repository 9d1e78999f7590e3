/** One HTTP request of a channel, and what its status means for the message. */
import { readFileSync } from 'node:fs'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Delivery, Lack } from '../../model/notification.ts'
import { type Duration, SECOND } from '../../model/time.ts'

export interface Post {
  readonly url: string
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as UTF-8. */
  readonly body: string
  /** File of the authority that signed the peer's certificate, where it is none of the system's. */
  readonly ca?: string | undefined
  readonly signal: AbortSignal
}

export interface Reply {
  readonly status: number
  readonly retryAfter?: Duration
  /** The first bytes of it. */
  readonly body: string
}

/** Bytes of an answer that are read; the rest is not waited for. */
const READ = 8_192
/** Characters of an answer that are kept. */
const KEPT = 300
/** However long the peer asks us to stay away. */
const LONGEST: Duration = 3_600 * SECOND
/** Answers that may be others next time. */
const PASSING = new Set([408, 425, 429])
/** Answers that say nothing of the message: payment, right, place, method, another host, a lock, another protocol, the law. */
const ELSEWHERE = new Set([402, 403, 404, 405, 410, 421, 423, 424, 426, 451])

/** Sends it, follows no redirection, and has `judge` look into a 2xx answer, where a peer says there that it refuses.
 *  Never rejects. */
export async function post(request: Post, judge?: (reply: Reply) => Delivery | undefined): Promise<Delivery> {
  let reply: Reply
  try {
    reply = await exchange(request)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = request.signal.aborted ? 'no answer in time' : message || code || String(error)
    return { outcome: 'failed', answer: reason.slice(0, KEPT) }
  }
  const { status, retryAfter } = reply
  const answer = said(reply)
  if (status >= 200 && status < 300) return judge?.(reply) ?? { outcome: 'sent', answer }
  const lacks = lackOf(status)
  if (status < 500 && !lacks && !PASSING.has(status)) return { outcome: 'refused', answer }
  return { outcome: 'failed', answer, ...(retryAfter !== undefined && { after: retryAfter }), ...(lacks && { lacks }) }
}

/** A redirection is not followed, and leads to where the address has gone. */
function lackOf(status: number): Lack | undefined {
  if (status === 401 || status === 407) return 'credentials'
  return status < 400 || ELSEWHERE.has(status) ? 'address' : undefined
}

/** Status and beginning of an answer, on one line, without what a terminal would act upon. */
export function said({ status, body }: Reply): string {
  return `${status} ${body.replace(/[\s\p{Cc}]+/gu, ' ').trim()}`.trim().slice(0, KEPT)
}

function exchange({ url, method = 'POST', headers, body, ca, signal }: Post): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const target = new URL(url)
    const bytes = Buffer.from(body)
    const options = {
      method,
      headers: { 'user-agent': 'davylamp', ...headers, 'content-length': String(bytes.length) },
      signal,
      // A connection kept open and closed by the peer meanwhile would look like a failure of the message.
      agent: false as const,
      ...(ca !== undefined && { ca: readFileSync(ca) }),
    }
    const outgoing = target.protocol === 'https:' ? requestTls(target, options) : requestPlain(target, options)
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const answered = () => {
        const retryAfter = waitOf(response.headers['retry-after'])
        resolve({
          status: response.statusCode ?? 0,
          ...(retryAfter !== undefined && { retryAfter }),
          body: Buffer.concat(chunks).toString('utf8', 0, READ),
        })
      }
      // The status is the answer. What follows may be slow, cut off or without end, and would have us send again what was taken.
      outgoing.off('error', reject)
      for (const emitter of [outgoing, response]) emitter.on('error', answered)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size < READ) return
        answered()
        response.destroy()
      })
      response.on('end', answered)
    })
    outgoing.end(bytes)
  })
}

/** `Retry-After` in seconds or as a date; at most an hour. */
function waitOf(header: string | undefined): Duration | undefined {
  if (header === undefined) return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * SECOND : Date.parse(header) - Date.now()
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), LONGEST) : undefined
}
