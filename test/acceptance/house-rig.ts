/** Davylamp as a stranger meets it: a configuration folder on disk, the `davy` process, its sockets, and nothing from its inside. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'

const DAVY = fileURLToPath(new URL('../../bin/davy', import.meta.url))
/** Of the administrator; tests give it to their own users as well. */
export const PASSWORD = 'acceptance-lamp'

export type Json = Readonly<Record<string, unknown>>

/** A transition as the reference words it. */
export interface Told {
  readonly id: string
  readonly alarm: string
  readonly episode: number
  readonly revision: number
  readonly at: string
  readonly since?: string
  readonly received: string
  readonly site: string
  readonly rule: string
  readonly instance: string
  readonly clause?: string
  readonly key: string
  readonly from: string
  readonly to: string
  readonly cause: string
  readonly severity: string
  readonly value?: number
  readonly limit?: number
  readonly text: { readonly zh: string; readonly en: string }
  readonly by?: string
  readonly reason?: string
  readonly evidence: readonly { readonly point: string; readonly ts: string; readonly value: unknown; ref?: string }[]
}

/** A fresh folder with `config/` and room for `data/`. */
export interface House {
  readonly dir: string
  readonly config: string
  readonly data: string
  /** Writes a file below `config/`; an object as JSON, which is YAML. Gives its path. */
  write(path: string, content: string | object): string
  remove(): void
}

export function house(files: Readonly<Record<string, string | object>>): House {
  const dir = mkdtempSync(join(tmpdir(), 'davy-acceptance-'))
  const config = join(dir, 'config')
  const write = (path: string, content: string | object) => {
    const file = join(config, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 1))
    return file
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  return { dir, config, data: join(dir, 'data'), write, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs `davy` to its end. */
export function davy(args: readonly string[], input?: string | Buffer): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(DAVY, [...args], { maxBuffer: 1 << 28 }, (error, out, err) =>
      resolve({ code: error ? ((error.code as unknown as number) ?? -1) : 0, out, err }),
    )
    // A process that ends at once need not read what it is given.
    child.stdin!.on('error', () => {})
    child.stdin!.end(input ?? '')
  })
}

export interface Reply<T = Json> {
  readonly status: number
  readonly body: T
  readonly type: string
}

export interface Running {
  readonly api: string
  readonly mqtt: string
  /** Where the OPC UA server is configured. */
  readonly opcua: string | undefined
  readonly child: ChildProcess
  /** Lines of its log so far. */
  readonly log: readonly string[]
  get<T = Json>(path: string): Promise<Reply<T>>
  /** `body`: an object as JSON, a string as it is. */
  post<T = Json>(path: string, body?: unknown): Promise<Reply<T>>
  delete<T = Json>(path: string): Promise<Reply<T>>
  /** Bytes with headers of their own. */
  push<T = Json>(
    path: string,
    sent: { readonly body: BodyInit; readonly headers: Readonly<Record<string, string>> },
  ): Promise<Reply<T>>
  /** One number of `/metrics`, series with these labels summed up. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** As somebody else sees it, by their token. */
  as(token: string): Pick<Running, 'get' | 'stream'>
  /** All transitions so far, and all to come, from after the stream number `after`. */
  stream(after?: number): Promise<Stream>
  device(options?: IClientOptions): Promise<MqttClient>
  /** Ends it by a signal [SIGTERM]; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the service on free ports and signs in as the administrator. `by`: a command that runs it, given its command line behind its own. */
export async function start(
  { config, data }: Pick<House, 'config' | 'data'>,
  by: readonly string[] = [],
): Promise<Running> {
  const args = [
    'start',
    '--config',
    config,
    '--data',
    data,
    '--port',
    '0',
    '--mqtt-port',
    '0',
    '--opcua-port',
    '0',
    '--json',
  ]
  const [command, ...before] = [...by, DAVY]
  const child = spawn(command!, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DAVY_PASSWORD: PASSWORD },
  })
  const log: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => log.push(line))
  const exited = once(child, 'exit')
  const first = await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line') as Promise<[string]>,
    exited.then(([code]) => Promise.reject(new Error(`davy ended with ${code}: ${log.join('\n')}`))),
  ])
  const { api, mqtt, opcua } = JSON.parse(first[0]) as { api: string; mqtt: string; opcua?: string }
  const signedIn = await call<{ token: string }>(`${api}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: PASSWORD }),
  })
  const headers = { authorization: `Bearer ${signedIn.body.token}` }
  const streams = new Set<Stream>()
  const devices = new Set<MqttClient>()
  let ended = false
  const seenBy = (headers: Readonly<Record<string, string>>): Pick<Running, 'get' | 'stream'> => ({
    get: (path) => call(`${api}${path}`, { headers }),
    async stream(after) {
      const opened = await openStream(`${api}/api/v1/stream`, { headers, after })
      streams.add(opened)
      return opened
    },
  })

  return {
    api,
    mqtt,
    opcua,
    child,
    log,
    get: seenBy(headers).get,
    post: (path, body) =>
      call(`${api}${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
      }),
    delete: (path) => call(`${api}${path}`, { method: 'DELETE', headers }),
    push: (path, { body, headers: own }) =>
      call(`${api}${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', ...own },
        body,
      }),
    async metric(name, labels = {}) {
      const { body } = await call<string>(`${api}/metrics`, { headers })
      const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
      return body
        .split('\n')
        .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
        .filter((line) => wanted.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
    },
    as: (token) => seenBy({ authorization: `Bearer ${token}` }),
    stream: seenBy(headers).stream,
    async device(options = {}) {
      const client = await connectAsync(mqtt, { reconnectPeriod: 0, ...options })
      client.on('error', () => {})
      devices.add(client)
      return client
    },
    async stop(signal = 'SIGTERM') {
      if (!ended) {
        ended = true
        for (const stream of streams) stream.close()
        for (const client of devices) client.end(true)
        child.kill(signal)
      }
      const [code] = (await exited) as [number | null]
      return code
    },
  }
}

async function call<T>(url: string, init: RequestInit): Promise<Reply<T>> {
  const reply = await fetch(url, init)
  const type = reply.headers.get('content-type') ?? ''
  const text = await reply.text()
  return { status: reply.status, type, body: (type.includes('json') ? JSON.parse(text) : text) as T }
}

export interface Event {
  readonly id: number | undefined
  readonly event: string
  readonly data: Json
}

export interface Stream {
  readonly events: readonly Event[]
  /** The transitions among them, in order. */
  told(): readonly Told[]
  /** Stream number of the last transition. */
  last(): number
  close(): void
}

async function openStream(
  url: string,
  { headers, after }: { headers: Readonly<Record<string, string>>; after: number | undefined },
): Promise<Stream> {
  const abort = new AbortController()
  const resume = after === undefined ? {} : { 'last-event-id': String(after) }
  const reply = await fetch(url, { headers: { ...headers, ...resume }, signal: abort.signal })
  if (reply.status !== 200) throw new Error(`stream: ${reply.status}`)
  const events: Event[] = []
  const reading = (async () => {
    let rest = ''
    for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]))
        const id = fields.get('id')
        const event = fields.get('event')
        if (!event) continue
        events.push({ id: id === undefined ? undefined : Number(id), event, data: JSON.parse(fields.get('data')!) })
      }
    }
  })()
  // The end of a stream is the test's own doing, or shows in what it waits for.
  reading.catch(() => {})
  const transitions = () => events.filter(({ event }) => event === 'transition')
  return {
    events,
    told: () => transitions().map(({ data }) => data as unknown as Told),
    last: () => transitions().at(-1)?.id ?? after ?? 0,
    close: () => abort.abort(),
  }
}

/** Publishes one reading, or an array of them, at QoS 1 and waits for the acknowledgement. */
export async function publish(device: MqttClient, topic: string, payload: unknown): Promise<void> {
  await device.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), { qos: 1 })
}
