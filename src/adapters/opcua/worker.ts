/** Entry of the OPC UA thread: each message brings one session to run and the port it speaks through. */
import { join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { FromThread, SessionRequest } from './protocol.ts'
import { runSession } from './session.ts'
import type { Kept } from './subscription.ts'

// The library chats on both; what matters arrives as messages. Discarded here: a reader in the main thread would keep the process alive.
process.stdout.write = () => true
process.stderr.write = () => true

/** By source. */
const left = new Map<string, Kept>()

parentPort!.on('message', ({ request, port }: { request: SessionRequest; port: MessagePort }) => {
  runSession(request, { port, scratch: join(workerData.scratch, 'pki'), left })
    .catch((error: unknown) => {
      // One source's mistake must not end the thread of all.
      port.postMessage({ type: 'lost', reason: String(error) } satisfies FromThread)
    })
    .finally(() => port.close())
})
