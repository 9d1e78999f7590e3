/** The thread in which node-opcua lives: one for all OPC UA sources, loaded with the first and gone some time after the last. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Duration } from '../../model/time.ts'
import type { SessionRequest } from './protocol.ts'

/** Loading takes a second and 150 MB: kept over a reload of the configuration, not for ever. */
const IDLE: Duration = 60_000

interface Thread {
  readonly worker: Worker
  ports: number
  idle: NodeJS.Timeout | undefined
}

let thread: Thread | undefined

/** Begins a session in the thread. The port closes when the session has ended, or the thread has died. */
export function beginSession(request: SessionRequest): MessagePort {
  thread ??= start()
  const used = thread
  const { port1, port2 } = new MessageChannel()
  clearTimeout(used.idle)
  used.ports++
  port1.once('close', () => {
    if (--used.ports > 0) return
    used.idle = setTimeout(() => void used.worker.terminate(), IDLE).unref()
  })
  used.worker.postMessage({ request, port: port2 }, [port2])
  return port1
}

function start(): Thread {
  // Even an unsecured client has a key of its own; it is of no use to anybody afterwards.
  const scratch = mkdtempSync(join(tmpdir(), 'davy-opcua-'))
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { scratch },
    execArgv: [],
  })
  // An open port keeps the process alive, the thread alone must not.
  worker.unref()
  const started: Thread = { worker, ports: 0, idle: undefined }
  const forget = () => {
    if (thread === started) thread = undefined
  }
  const sweep = () => rmSync(scratch, { recursive: true, force: true })
  process.once('exit', sweep)
  // Its ports close with it, which is how the sources learn; the next one that opens starts another thread.
  worker.on('error', forget)
  worker.on('exit', () => {
    forget()
    process.off('exit', sweep)
    sweep()
  })
  return started
}
