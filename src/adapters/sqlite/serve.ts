/** The worker's side of a storage thread: takes calls one at a time and answers each. */
import { parentPort } from 'node:worker_threads'
import { DavyError } from '../../model/errors.ts'
import type { Database } from './database.ts'

/** Synchronous; what they take and return crosses the thread by structured clone. */
// biome-ignore lint/suspicious/noExplicitAny: each handler has an argument of its own, which `Thread.call` checks
export type Handlers = Readonly<Record<string, (argument: any) => unknown>>

interface Call {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** An error crosses in parts, because structured clone drops its code. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number
      readonly error: {
        readonly message: string
        readonly stack: string | undefined
        readonly code?: string | undefined
        readonly where?: string | undefined
        readonly remedy?: string | undefined
        readonly errcode?: number | undefined
      }
    }

/** Called once, by a worker's module, with everything its thread can be asked, and the database it has opened by then. */
export function serve(handlers: Handlers, database: () => Database | undefined): void {
  const port = parentPort
  if (!port) throw new Error('a storage thread was imported instead of being started')
  port.on('message', ({ id, name, argument }: Call) => {
    try {
      port.postMessage({ id, result: handlers[name]!(argument) } satisfies Answer)
    } catch (cause) {
      const thrown = database()?.named(cause) ?? cause
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      const { message, stack } = error
      const errcode = (error as { errcode?: number }).errcode
      const parts =
        error instanceof DavyError ? { code: error.code, where: error.where, remedy: error.remedy } : { errcode }
      port.postMessage({ id, error: { message, stack, ...parts } } satisfies Answer)
    }
  })
}
