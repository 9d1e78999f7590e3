/** Entry of the OPC UA thread: each message brings one session to run and the port it speaks through. */
import { join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { FromThread, SessionRequest } from './protocol.ts'
import { runSession } from './session.ts'

parentPort!.on('message', ({ request, port }: { request: SessionRequest; port: MessagePort }) => {
  runSession(request, { port, scratch: join(workerData.scratch, 'pki') })
    .catch((error: unknown) => {
      // One source's mistake must not end the thread of all.
      port.postMessage({ type: 'lost', reason: String(error) } satisfies FromThread)
    })
    .finally(() => port.close())
})
