/** Keeps the broker's worker alive: a crash or exit is restarted with back-off, on the same port. */
import { Worker } from 'node:worker_threads'
import type { FromWorker, ToWorker, WorkerData } from './messages.ts'

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 10_000
/** A worker that was up this long is taken for healthy again. */
const HEALTHY_AFTER = 30_000
/** How long a worker may take to close before it is terminated. */
const CLOSE_WITHIN = 2_000
/** The broker's memory ends here, in MiB: its thread dies then, not the process. */
const HEAP = 1_024

export interface Supervision {
  /** What the next worker starts with. */
  data(): WorkerData
  /** A message of the running worker; `reply` reaches this worker and no later one. */
  onMessage(message: FromWorker, reply: (message: ToWorker) => void): void
  /** The worker ended though nobody asked it to; the next one starts in `pause` ms. */
  onDown(reason: string, pause: number): void
  /** Told of every worker. */
  onWorker?(worker: Worker): void
}

export class SupervisedWorker {
  readonly #supervision: Supervision
  #worker: Worker | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #pause = FIRST_PAUSE

  constructor(supervision: Supervision) {
    this.#supervision = supervision
    this.#start()
  }

  /** To the worker that runs now; while there is none, nothing happens. */
  post(message: ToWorker): void {
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
    worker.postMessage({ type: 'close' } satisfies ToWorker)
    await ended
    clearTimeout(deadline)
  }

  #start(): void {
    const { onMessage, onDown, onWorker, data } = this.#supervision
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'mqtt-broker',
      workerData: data(),
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    })
    this.#worker = worker
    let reason: string | undefined
    let healthy: NodeJS.Timeout | undefined
    const reply = (message: ToWorker) => worker.postMessage(message)
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'cannot-listen') reason = message.reason
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
      onDown(reason ?? `the broker's thread ended with code ${code}`, pause)
    })
    onWorker?.(worker)
  }
}
