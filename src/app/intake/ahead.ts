/** Reads a large file ahead of its replay, in a thread of its own: what it says comes over in the journal's own form. */
import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { decodeBody } from '../../adapters/journal-sqlite/codec.ts'
import type { Entry } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { Installation } from '../../model/site.ts'
import type { Taken } from './read.ts'

/** What the thread is started with. */
export interface Reading {
  readonly file: string
  /** Folder of the configuration: the thread loads it by itself. */
  readonly config: string
  readonly hash: string
  /** Batches that may be on their way. */
  readonly ahead: number
}

/** What it says; an error crosses in parts, because structured clone drops its code. */
export type Read =
  | { readonly taken: Omit<Taken, 'entries'>; readonly body: Uint8Array }
  | { readonly end: true }
  | {
      readonly error: {
        readonly code: string
        readonly message: string
        readonly where?: string | undefined
        readonly remedy?: string | undefined
      }
    }

export interface AheadOptions extends Omit<Reading, 'hash' | 'ahead'> {
  readonly installation: Installation
}

const WORKER = new URL('./worker.ts', import.meta.url)
/** Batches of a MiB of input: enough that neither waits for the other. */
const AHEAD = 8

/** Throws what `readInput` throws, and `config-changed` where the thread found another configuration than the caller. */
export async function* readAhead({ file, config, installation }: AheadOptions): AsyncGenerator<Taken, void, void> {
  const { hash, points } = installation
  const pointOf = (index: number) => points[index]!
  const workerData: Reading = { file, config, hash, ahead: AHEAD }
  const worker = new Worker(WORKER, { workerData, execArgv: [] })
  const left = new AbortController()
  worker.once('exit', () => left.abort(new Error('the thread that reads the input ended before its end')))
  try {
    for await (const [said] of on(worker, 'message', { signal: left.signal }) as AsyncIterable<[Read]>) {
      if ('end' in said) return
      if ('error' in said) throw new DavyError(said.error.code, said.error as never)
      const entries: Entry[] = []
      decodeBody(said.body, { into: entries, pointOf })
      worker.postMessage('taken')
      yield { ...said.taken, entries }
    }
  } finally {
    worker.removeAllListeners('exit')
    await worker.terminate()
  }
}
