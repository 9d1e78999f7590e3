/** Requests to the service; every failure becomes a `Problem` that says what happened and what to do. */

/** An RFC 9457 problem document, or the page's own words where the service could not be reached (`code: offline`). */
export class Problem extends Error {
  readonly code: string
  /** 0 where there was no answer. */
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly remedy: string | undefined
  /** What is wrong by field, where the service says so. */
  readonly errors: readonly { readonly where: string; readonly detail: string }[]

  constructor(of: {
    code: string
    status: number
    title: string
    detail?: string | undefined
    remedy?: string | undefined
    errors?: Problem['errors']
  }) {
    super(of.detail ?? of.title)
    this.name = 'Problem'
    this.code = of.code
    this.status = of.status
    this.title = of.title
    this.detail = of.detail
    this.remedy = of.remedy
    this.errors = of.errors ?? []
  }
}

export const OFFLINE = 'offline'

/** Told of every 401 outside the sign-in itself. */
let onExpired: () => void = () => {}
export function whenExpired(listener: () => void): void {
  onExpired = listener
}

/** Told of the service's clock (the Date header) with the local instants around it. */
let onClock: (server: number, local: number) => void = () => {}
export function whenClock(listener: (server: number, local: number) => void): void {
  onClock = listener
}

interface Options {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** A file goes as it is, anything else as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  /** A 401 is an answer, not the end of the session. */
  readonly anonymous?: boolean
  /** Milliseconds; 15 000 unless told. */
  readonly timeout?: number
}

/** Asks `/api/v1/{path}`; resolves with the JSON body (`undefined` for none), rejects with a `Problem`. */
export async function ask<T>(path: string, options: Options = {}): Promise<T> {
  return (await parse(await send(path, options))) as T
}

/** Asks for a document as it is, headers and all; rejects with a `Problem`. */
export async function send(
  path: string,
  { method = 'GET', body, signal, anonymous, timeout }: Options = {},
): Promise<Response> {
  const limit = AbortSignal.timeout(timeout ?? 15_000)
  let response: Response
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        // What goes wrong is told in the language of the page.
        ...(globalThis.document && { 'accept-language': document.documentElement.lang }),
        ...(body === undefined ? {} : { 'content-type': typeOf(body) }),
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Problem({ code: OFFLINE, status: 0, title: 'no answer', detail: limit.aborted ? 'timeout' : undefined })
  }
  const date = Date.parse(response.headers.get('date') ?? '')
  if (!Number.isNaN(date)) onClock(date, Date.now())
  if (response.ok) return response
  if (response.status === 401 && !anonymous) onExpired()
  throw problemOf(response.status, await parse(response))
}

const typeOf = (body: unknown): string =>
  body instanceof Blob ? body.type || 'application/octet-stream' : 'application/json'

async function parse(response: Response): Promise<unknown> {
  try {
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A proxy in front may answer without a problem document; 502–504 mean the service itself is away. */
export function problemOf(status: number, body: unknown): Problem {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const string = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined)
  const code = string('code')
  if (code === undefined && status >= 500 && status <= 504)
    return new Problem({ code: OFFLINE, status, title: 'no answer' })
  return new Problem({
    code: code ?? `http-${status}`,
    status,
    title: string('title') ?? `HTTP ${status}`,
    detail: string('detail'),
    remedy: string('remedy'),
    errors: Array.isArray(fields.errors) ? fields.errors : [],
  })
}

/** A query string with its `?`; empty and absent values are left out. */
export function query(params: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== '') search.set(name, String(value))
  const text = search.toString()
  return text ? `?${text}` : ''
}

/** A name with slashes as part of a path: each piece encoded, the slashes kept. */
export const pathOf = (name: string): string => name.split('/').map(encodeURIComponent).join('/')
