/** Work over a whole journal (evidence, back-tests) beside the running service: a thread a request, few at once, never on the main one. */
import { Worker } from 'node:worker_threads'
import { DavyError } from '../model/errors.ts'
import type { Instant } from '../model/time.ts'
import type { Tried } from './backtest/tried.ts'
import type { Comparison } from './backtest.ts'
import type { Verdict } from './evidence/rerun.ts'

export interface WorkOptions {
  /** Ends the thread; the call rejects with `aborted`. */
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

/** What a thread is started with. */
export type Job =
  | { readonly kind: 'evidence'; readonly data: string; readonly alarm: string; readonly episode: number | undefined }
  | { readonly kind: 'backtest'; readonly data: string; readonly trial: Trial }

/** What it says; an error crosses in parts, because structured clone drops its code. */
export type Said =
  | { readonly progress: WorkProgress }
  | { readonly result: unknown }
  | { readonly error: { readonly code?: string; readonly message: string; readonly remedy?: string | undefined } }

const WORKER = new URL('./journal-worker.ts', import.meta.url)
/** MiB: one request of somebody curious must not take the service's memory. */
const HEAP = 2_048

export function createJournalWork({ data, most = 2 }: { readonly data: string; readonly most?: number }): JournalWork {
  const running = new Set<Worker>()

  function start<T>(job: Job, { signal, onProgress }: WorkOptions): Promise<T> {
    if (running.size >= most) {
      throw new DavyError('busy', {
        message: `${most} such requests are being worked on`,
        remedy: 'try again when one of them has ended',
      })
    }
    const worker = new Worker(WORKER, {
      workerData: job,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    })
    running.add(worker)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const aborted = () => reject(new DavyError('aborted', { message: 'nobody waits for the answer any more' }))
    const abort = () => {
      aborted()
      void worker.terminate()
    }
    signal?.addEventListener('abort', abort)
    worker.on('message', (said: Said) => {
      if ('progress' in said) onProgress?.(said.progress)
      else if ('result' in said) resolve(said.result as T)
      else reject(revive(said.error))
    })
    worker.on('error', (error) => reject(error))
    worker.on('exit', () => {
      running.delete(worker)
      signal?.removeEventListener('abort', abort)
      // After its answer this changes nothing.
      aborted()
    })
    if (signal?.aborted) abort()
    return promise
  }

  return {
    evidence: (alarm, { episode, ...options } = {}) => start({ kind: 'evidence', data, alarm, episode }, options),
    backtest: (trial, options = {}) => start({ kind: 'backtest', data, trial }, options),
    async close() {
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  }
}

function revive({ code, message, remedy }: Extract<Said, { error: unknown }>['error']): Error {
  if (code === undefined) return new Error(message)
  return new DavyError(code, { message, ...(remedy !== undefined && { remedy }) })
}
