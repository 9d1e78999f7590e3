/** Entry of the OPC UA thread: each message brings one session to run and the port it speaks through. */
import { join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { FromThread, SessionRequest } from './protocol.ts'
import { runSession } from './session.ts'
import type { Kept } from './subscription.ts'

// The library chats on both; what matters arrives as messages. Discarded here: a reader in the main thread would keep the process alive.
process.stdout.write = () => true
process.stderr.write = () => true

/** By source: what its last session leaves behind, once that has ended, and under which settings. Under others its items are not the same. */
const left = new Map<string, { readonly settings: string; readonly kept: Promise<Kept | undefined> }>()

parentPort!.on('message', async ({ request, port }: { request: SessionRequest; port: MessagePort }) => {
  const settings = JSON.stringify({ ...request, since: [] })
  const last = left.get(request.source)
  const before = last?.settings === settings ? last.kept : undefined
  const { promise: kept, resolve: leave } = Promise.withResolvers<Kept | undefined>()
  left.set(request.source, { settings, kept })
  try {
    // That the session before is given up may be heard after this: nothing orders the messages of two ports.
    await runSession(request, { port, scratch: join(workerData.scratch, 'pki'), before: await before, leave })
  } catch (error) {
    // One source's mistake must not end the thread of all.
    port.postMessage({ type: 'lost', reason: String(error) } satisfies FromThread)
  } finally {
    leave(undefined)
    port.close()
  }
})
