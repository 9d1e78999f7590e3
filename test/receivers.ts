/** Real local peers of notifications: an HTTP receiver that keeps what came and answers as told, and an SMTP server. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Received {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** `silence`: never answers; `reset`: cuts the connection. */
export type Answer = { status: number; body?: string; headers?: Record<string, string> } | 'silence' | 'reset'

export interface Receiver {
  readonly url: string
  readonly got: Received[]
  /** What is answered next, the last one from then on; default 200. */
  answers: Answer[]
  /** What is answered to one request, instead of `answers`. */
  answer: ((request: Received) => Answer) | undefined
  close(): Promise<void>
}

export async function receiver(port = 0): Promise<Receiver> {
  const got: Received[] = []
  const state: Pick<Receiver, 'answers' | 'answer'> = { answers: [], answer: undefined }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const received = {
      path: request.url!,
      method: request.method!,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    got.push(received)
    const answer = state.answer?.(received) ??
      (state.answers.length > 1 ? state.answers.shift() : state.answers[0]) ?? { status: 200 }
    if (answer === 'silence') return
    if (answer === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body ?? '')
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    get answers() {
      return state.answers
    },
    set answers(next) {
      state.answers = next
    },
    get answer() {
      return state.answer
    },
    set answer(next) {
      state.answer = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface Post {
  readonly port: number
  readonly mails: (ParsedMail & { readonly to: string; readonly user: string | undefined; readonly secure: boolean })[]
  close(): Promise<void>
}

/** Keeps every mail it takes. */
export async function postOffice(options: SMTPServerOptions): Promise<Post> {
  const mails: Post['mails'] = []
  const server = new SMTPServer({
    logger: false,
    onData(stream, session, done) {
      simpleParser(stream).then(
        (mail) => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join(',')
          mails.push(
            Object.assign(mail, { to, user: session.user as string | undefined, secure: session.secure }) as never,
          )
          done()
        },
        (error: Error) => done(error),
      )
    },
    ...options,
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
