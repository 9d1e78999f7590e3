/** A worker thread that owns a database, and the calls to it. */
import { Worker } from 'node:worker_threads'
import { DavyError } from '../../model/errors.ts'
import type { Answer, Handlers } from './serve.ts'

/** Calls are answered in order. A call after the thread died is refused with `storage-lost`. */
export interface Thread<H extends Handlers> {
  call<K extends keyof H & string>(
    name: K,
    request?: { readonly argument?: Parameters<H[K]>[0]; readonly transfer?: readonly ArrayBuffer[] },
  ): Promise<ReturnType<H[K]>>
  /** Waits for calls under way, then lets the thread close its file and ends it. */
  close(): Promise<void>
}

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Starts `module`, which must `serve` handlers with `open` and `close` among them, and has it open its file. `onLost` hears of its
 *  end, once it was open, unless that was asked for; who restarts it says so in `remedy`. */
export async function openThread<H extends Handlers, T extends keyof H & string = 'open'>(
  module: URL,
  options: Parameters<H[T]>[0],
  {
    onLost,
    remedy = 'restart Davylamp; what was acknowledged is on disk',
  }: { readonly onLost?: (lost: DavyError) => void; readonly remedy?: string } = {},
): Promise<{ thread: Thread<H>; opened: ReturnType<H[T]> }> {
  const worker = new Worker(module, { execArgv: [] })
  const pending = new Map<number, Pending>()
  let calls = 0
  let lost: DavyError | undefined
  let closing: Promise<void> | undefined
  let open = false

  const fail = (why: string, cause?: unknown) => {
    const first = lost === undefined
    lost ??= new DavyError('storage-lost', { message: `the storage thread stopped: ${why}`, remedy, cause })
    for (const { reject } of pending.values()) reject(lost)
    pending.clear()
    if (first && open && !closing) onLost?.(lost)
  }
  worker.on('message', (answer: Answer) => {
    const call = pending.get(answer.id)
    pending.delete(answer.id)
    if ('error' in answer) call?.reject(revive(answer.error))
    else call?.resolve(answer.result)
  })
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error), error))
  worker.on('exit', () => fail('it has ended'))

  const thread: Thread<H> = {
    call(name, { argument, transfer = [] } = {}) {
      if (lost) return Promise.reject(lost)
      return new Promise((resolve, reject) => {
        const id = ++calls
        pending.set(id, { resolve: resolve as (value: unknown) => void, reject })
        worker.postMessage({ id, name, argument }, transfer)
      })
    },
    close() {
      closing ??= thread
        .call('close')
        .then(() => {})
        .finally(() => worker.terminate())
      return closing
    },
  }
  try {
    const opened = (await thread.call('open' as T, { argument: options })) as ReturnType<H[T]>
    open = true
    return { thread, opened }
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

function revive(error: Extract<Answer, { error: unknown }>['error']): Error {
  const { code, message, where, remedy, errcode, stack } = error
  if (code !== undefined) {
    return new DavyError(code, {
      message,
      ...(where === undefined ? {} : { where }),
      ...(remedy === undefined ? {} : { remedy }),
    })
  }
  return Object.assign(new Error(message), { errcode, stack })
}
