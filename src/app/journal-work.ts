/** Work over a whole journal (evidence, back-tests) beside the running service: a process a request, few at once. What ends it, or the
 *  runtime under it, ends nothing else: threads that come and go take the whole service with them where V8 gives up in one. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DavyError } from '../model/errors.ts'
import type { Instant } from '../model/time.ts'
import type { Tried } from './backtest/tried.ts'
import type { Comparison } from './backtest.ts'
import type { Verdict } from './evidence/rerun.ts'

export interface WorkOptions {
  /** Ends the process; the call rejects with `aborted`. */
  readonly signal?: AbortSignal | undefined
  /** Entries of the journal; may begin anew for another pass. */
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined
}

export interface WorkProgress {
  readonly done: number
  readonly of: number
}

/** A sealed bundle as bytes of JSON, and what judging it again gave. */
export interface Proof {
  readonly bytes: Uint8Array
  readonly seal: string
  readonly episode: number
  readonly verdict: Verdict
}

/** An item of a pack, already checked, over a range of time. */
export interface Trial extends Tried {
  readonly from: Instant
  readonly to: Instant
}

export interface JournalWork {
  /** Rejects with `alarm-unknown`, `configuration-lost`; throws `busy` at once. */
  evidence(alarm: string, options?: WorkOptions & { readonly episode?: number | undefined }): Promise<Proof>
  /** Rejects with `configuration-lost`; throws `busy` at once. */
  backtest(trial: Trial, options?: WorkOptions): Promise<Comparison>
  /** Ends what runs. */
  close(): Promise<void>
}

/** What the process is told, once. */
export type Job =
  | { readonly kind: 'evidence'; readonly data: string; readonly alarm: string; readonly episode: number | undefined }
  | { readonly kind: 'backtest'; readonly data: string; readonly trial: Trial }

/** What it says; an error crosses in parts, because cloning drops its code. */
export type Said =
  | { readonly progress: WorkProgress }
  | { readonly result: unknown }
  | { readonly error: { readonly code?: string; readonly message: string; readonly remedy?: string | undefined } }

const WORKER = fileURLToPath(new URL('./journal-worker.ts', import.meta.url))
/** MiB: one request of somebody curious must not take the service's memory. */
const HEAP = 2_048

export function createJournalWork({ data, most = 2 }: { readonly data: string; readonly most?: number }): JournalWork {
  /** How to end each, and when it has ended. */
  const running = new Map<ChildProcess, { abort(): void; readonly ended: Promise<void> }>()

  function start<T>(job: Job, { signal, onProgress }: WorkOptions): Promise<T> {
    if (running.size >= most) {
      throw new DavyError('busy', {
        message: `${most} such requests are being worked on`,
        remedy: 'try again when one of them has ended',
      })
    }
    const worker = fork(WORKER, { serialization: 'advanced', execArgv: [`--max-old-space-size=${HEAP}`] })
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const ended = Promise.withResolvers<void>()
    const abort = () => {
      reject(new DavyError('aborted', { message: 'nobody waits for the answer any more' }))
      worker.kill('SIGKILL')
    }
    running.set(worker, { abort, ended: ended.promise })
    signal?.addEventListener('abort', abort)
    worker.on('message', (said: Said) => {
      if ('progress' in said) onProgress?.(said.progress)
      else if ('result' in said) resolve(said.result as T)
      else reject(revive(said.error))
    })
    const end = (error: Error) => {
      running.delete(worker)
      signal?.removeEventListener('abort', abort)
      ended.resolve()
      // After its answer this changes nothing.
      reject(error)
    }
    worker.once('error', end)
    worker.once('exit', (code, by) => {
      const done = () => end(new Error(`the work over the journal ended with ${by ?? `code ${code}`}`))
      // What it said last may still be on its way.
      if (worker.connected) worker.once('disconnect', done)
      else done()
    })
    // Where it ended before it was told, its exit says so.
    worker.send(job, () => {})
    if (signal?.aborted) abort()
    return promise
  }

  return {
    evidence: (alarm, { episode, ...options } = {}) => start({ kind: 'evidence', data, alarm, episode }, options),
    backtest: (trial, options = {}) => start({ kind: 'backtest', data, trial }, options),
    async close() {
      await Promise.all(
        [...running.values()].map(({ abort, ended }) => {
          abort()
          return ended
        }),
      )
    },
  }
}

function revive({ code, message, remedy }: Extract<Said, { error: unknown }>['error']): Error {
  if (code === undefined) return new Error(message)
  return new DavyError(code, { message, ...(remedy !== undefined && { remedy }) })
}
