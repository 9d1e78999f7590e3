/** Keeps a listener's worker thread alive: a crash or exit is restarted with back-off. */
import { Worker } from 'node:worker_threads'

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 10_000
/** A worker that was up this long is taken for healthy again. */
const HEALTHY_AFTER = 30_000
/** How long a worker may take to close before it is terminated. */
const CLOSE_WITHIN = 2_000
/** What every such worker says of itself, beside its own words; it ends when it is told `close`. */
type Listening =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'cannot-listen'; readonly reason: string }

export interface Supervision<From, To> {
  /** The worker's entry. */
  readonly module: URL
  /** Of the thread, in words. */
  readonly name: string
  /** Its memory ends here, in MiB: the thread dies then, not the process. */
  readonly heap: number
  /** What the next worker starts with. */
  data(): unknown
  /** A message of the running worker; `reply` reaches this worker and no later one. */
  onMessage(message: From | Listening, reply: (message: To) => void): void
  /** The worker ended though nobody asked it to; the next one starts in `pause` ms. */
  onDown(reason: string, pause: number): void
  /** Told of every worker. */
  onWorker?(worker: Worker): void
}

export class SupervisedWorker<From extends { readonly type: string }, To> {
  readonly #supervision: Supervision<From, To>
  #worker: Worker | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #pause = FIRST_PAUSE

  constructor(supervision: Supervision<From, To>) {
    this.#supervision = supervision
    this.#start()
  }

  /** To the worker that runs now; while there is none, nothing happens. */
  post(message: To): void {
    this.#worker?.postMessage(message)
  }

  /** Resolves once the thread has ended and its sockets are free. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    const worker = this.#worker
    if (!worker) return
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    worker.once('exit', () => resolve())
    const deadline = setTimeout(() => void worker.terminate(), CLOSE_WITHIN)
    worker.postMessage({ type: 'close' })
    await ended
    clearTimeout(deadline)
  }

  #start(): void {
    const { module, name, heap, onMessage, onDown, onWorker, data } = this.#supervision
    const worker = new Worker(module, {
      name,
      workerData: data(),
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heap },
    })
    this.#worker = worker
    let reason: string | undefined
    let healthy: NodeJS.Timeout | undefined
    const reply = (message: To) => worker.postMessage(message)
    worker.on('message', (message: From | Listening) => {
      if (isRefusal(message)) reason = message.reason
      if (message.type === 'listening') {
        healthy = setTimeout(() => {
          this.#pause = FIRST_PAUSE
        }, HEALTHY_AFTER).unref()
      }
      onMessage(message, reply)
    })
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', (code) => {
      clearTimeout(healthy)
      this.#worker = undefined
      if (this.#stopped) return
      const pause = this.#pause
      this.#pause = Math.min(pause * 2, LONGEST_PAUSE)
      this.#timer = setTimeout(() => this.#start(), pause)
      onDown(reason ?? `the thread ${name} ended with code ${code}`, pause)
    })
    onWorker?.(worker)
  }
}

function isRefusal(message: { readonly type: string }): message is Extract<Listening, { type: 'cannot-listen' }> {
  return message.type === 'cannot-listen'
}
