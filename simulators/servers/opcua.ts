/** A real OPC UA server in a process of its own, for tests and the demo: its values are set from here, and it can be frozen or killed. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const OPCUA_TYPES = [
  'Boolean',
  'Int16',
  'UInt16',
  'Int32',
  'UInt32',
  'Int64',
  'UInt64',
  'Float',
  'Double',
  'String',
] as const

type Scalar = number | bigint | boolean | string
export type OpcuaValue = Scalar | readonly Scalar[] | null

export interface SimulatedItem {
  /** Node id, e.g. `ns=1;s=face-101.ch4`. */
  readonly node: string
  readonly type: (typeof OPCUA_TYPES)[number]
  readonly initial: OpcuaValue
  readonly unit?: string
  /** The server keeps a history of it. */
  readonly history?: boolean
}

export interface OpcuaServerOptions {
  /** 0 picks a free one [0]. */
  readonly port?: number
  readonly items: readonly SimulatedItem[]
  /** Who may log in; without it anybody may, anonymously. */
  readonly users?: readonly { readonly user: string; readonly password: string }[]
  /** A client's certificate is refused until it is moved from `server/rejected` to `server/trusted/certs` under `certificates`. */
  readonly refuseStrangers?: boolean
  /** Where its certificates are kept; without it a temporary folder, removed at the end. */
  readonly certificates?: string
}

export interface OpcuaServer {
  readonly endpoint: string
  readonly port: number
  readonly pid: number
  /** The server's own certificate, DER. */
  readonly certificate: Uint8Array
  /** Resolves once the variable holds it. Written faster than a client samples, values go unseen. */
  set(
    node: string,
    value: OpcuaValue,
    options?: {
      /** Name of a status code [Good]. */
      readonly status?: string
      /** When the value was so [now]. */
      readonly sourceTimestamp?: Date
    },
  ): Promise<void>
  /** What whoever reads a history is answered from now on: what there is [`good`], nothing at all, or the name of a status code. */
  history(answer: 'good' | 'nothing' | (string & {})): Promise<void>
  /** Clients connected now. */
  sessions(): Promise<number>
  /** Stops the process where it stands: its sockets stay open and nothing answers. */
  freeze(): void
  thaw(): void
  /** SIGKILL. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** What the child is asked; it answers `{ id, result }` or `{ id, error }`. */
export type Ask =
  | {
      readonly id: number
      readonly ask: 'start'
      readonly options: OpcuaServerOptions & { readonly certificates: string }
    }
  | {
      readonly id: number
      readonly ask: 'set'
      readonly node: string
      readonly value: OpcuaValue
      readonly status: string
      readonly sourceTimestamp: Date
    }
  | { readonly id: number; readonly ask: 'history'; readonly answer: string }
  | { readonly id: number; readonly ask: 'sessions' }
  | { readonly id: number; readonly ask: 'stop' }

type AskWithoutId = Ask extends infer A ? (A extends Ask ? Omit<A, 'id'> : never) : never

export async function startOpcuaServer(options: OpcuaServerOptions): Promise<OpcuaServer> {
  const temporary = options.certificates === undefined
  const certificates = options.certificates ?? (await mkdtemp(join(tmpdir(), 'davy-opcua-server-')))
  const child = fork(fileURLToPath(new URL('./opcua-process.ts', import.meta.url)), [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  })
  const ask = questions(child)
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
    if (temporary) await rm(certificates, { recursive: true, force: true })
  }

  try {
    const { port, certificate } = await ask<{ port: number; certificate: Uint8Array }>({
      ask: 'start',
      options: { ...options, certificates },
    })
    return {
      endpoint: `opc.tcp://127.0.0.1:${port}`,
      port,
      pid: child.pid!,
      certificate,
      set: (node, value, { status = 'Good', sourceTimestamp = new Date() } = {}) =>
        ask({ ask: 'set', node, value, status, sourceTimestamp }),
      history: (answer) => ask({ ask: 'history', answer }),
      sessions: () => ask({ ask: 'sessions' }),
      freeze: () => void child.kill('SIGSTOP'),
      thaw: () => void child.kill('SIGCONT'),
      kill: end,
      async stop() {
        if (child.connected) {
          child.kill('SIGCONT')
          await ask({ ask: 'stop' }).catch(() => {})
        }
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

function questions(child: ChildProcess): <T = void>(question: AskWithoutId) => Promise<T> {
  const open = new Map<number, PromiseWithResolvers<unknown>>()
  let id = 0
  child.on('message', (message: { id: number; result?: unknown; error?: string }) => {
    const waiting = open.get(message.id)
    open.delete(message.id)
    if (message.error === undefined) waiting?.resolve(message.result)
    else waiting?.reject(new Error(message.error))
  })
  child.on('exit', (code, signal) => {
    for (const waiting of open.values()) waiting.reject(new Error(`the OPC UA server ended (${signal ?? code})`))
    open.clear()
  })
  return (question) => {
    const waiting = Promise.withResolvers<unknown>()
    open.set(++id, waiting)
    child.send({ ...question, id } as Ask, (error) => error && waiting.reject(error))
    return waiting.promise as Promise<never>
  }
}
