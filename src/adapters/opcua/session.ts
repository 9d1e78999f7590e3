/** One session with one server, run in the OPC UA thread from connect to close. */
import { readFile } from 'node:fs/promises'
import type { MessagePort } from 'node:worker_threads'
import {
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua'
import { payloadsOf, type WireReading } from '../outgoing.ts'
import { explain } from './explain.ts'
import { fillGap } from './gap.ts'
import { type Held, roomIn } from './held.ts'
import { readLimits } from './limits.ts'
import { type FromThread, type Mark, MOST_READINGS, type SessionRequest, type ToThread } from './protocol.ts'
import { publishLoop } from './publish.ts'
import type { RawSession } from './raw-session.ts'
import { type Kept, keepNothing, openSubscription } from './subscription.ts'
import { createWatch } from './watch.ts'

/** Resolves once everything is closed. Says `lost` with the reason where it was not asked to close. `before`: what the session before left
 *  behind; `leave` is told what this one does, `undefined` where it closed what it had. */
export async function runSession(
  request: SessionRequest,
  {
    port,
    scratch,
    before,
    leave,
  }: { port: MessagePort; scratch: string; before: Kept | undefined; leave(kept: Kept | undefined): void },
): Promise<void> {
  const say = (message: FromThread) => port.postMessage(message)
  const ended = Promise.withResolvers<string | undefined>()
  const held: Held = { frames: 0, released: new Set() }
  let over = false
  const release = () => {
    for (const listener of held.released) listener()
  }
  const post = (payload: Uint8Array<ArrayBuffer>, got?: readonly Mark[]) => {
    held.frames++
    port.postMessage({ type: 'frame', payload, ...(got && { got }) } satisfies FromThread, [payload.buffer])
  }
  const send = (readings: readonly WireReading[]) => {
    for (const payload of payloadsOf(readings, MOST_READINGS)) post(payload)
  }
  port.on('message', (message: ToThread) => {
    if (message.type === 'close') ended.resolve(message.keep ? 'given up' : undefined)
    else {
      held.frames -= message.frames
      release()
    }
  })
  port.on('close', () => ended.resolve(undefined))

  // A fresh one each time sees what was moved into `trusted` meanwhile; it watches its folders until disposed of.
  const clientCertificateManager = new OPCUACertificateManager({
    rootFolder: request.certificates ?? scratch,
    automaticallyAcceptUnknownCertificate: false,
  })
  const lose = (reason: string) => ended.resolve(reason)
  const client = OPCUAClient.create({
    applicationName: 'Davylamp',
    clientName: 'Davylamp',
    endpointMustExist: false,
    // Reconnecting is the runner's, so that one back-off and one link state hold for every protocol.
    connectionStrategy: { maxRetry: 0 },
    securityPolicy: request.security === 'None' ? SecurityPolicy.None : SecurityPolicy.Basic256Sha256,
    securityMode: request.security === 'None' ? MessageSecurityMode.None : MessageSecurityMode[request.mode],
    clientCertificateManager,
    keepSessionAlive: true,
    requestedSessionTimeout: 60_000,
    transportTimeout: 10_000,
    defaultTransactionTimeout: 10_000,
  })
  client.on('connection_lost', () => lose('the connection was lost'))
  client.on('close', (error) => lose(error?.message ?? 'the connection was closed'))

  const kept = before ?? keepNothing(request)
  const signal = ended.promise
  let session: RawSession | undefined
  const alive = () => say({ type: 'alive' })
  // Each step of the way is a word of the server's, or a key made: together they may take long, on a machine that is busy.
  alive()
  const connecting = connect(client, { request, alive }).then(async (made) => {
    session = made
    alive()
    made.on('session_closed', (status) => lose(`the server closed the session: ${status.name}`))
    const limits = await readLimits(made)
    const opened = await openSubscription(made, { request, kept, say })
    alive()
    const subscriptionId = opened.subscription.id
    const watch = createWatch(made, { request, kept, subscriptionId, limit: limits.items, say, send, signal })
    // First the server begins to keep what is new, then it is asked for what was before.
    await watch.pass()
    await fillGap(made, {
      request,
      nodes: limits.history,
      say,
      signal,
      async send(readings, got) {
        const payloads = [...payloadsOf(readings, MOST_READINGS)]
        for (const [i, payload] of payloads.entries()) {
          await roomIn(held, () => over)
          if (over) return
          post(payload, i === payloads.length - 1 ? got : [])
        }
      },
    })
    if (over) return
    publishLoop(made, { request, kept, opened, held, say, send, lose, signal })
    say({ type: 'up' })
    await watch.persist()
  })
  connecting.catch((error: unknown) => lose(explain(error, { ...request, own: client.certificateFile })))

  const reason = await signal
  over = true
  if (reason !== undefined) say({ type: 'lost', reason })
  say({ type: 'ended' })
  release()
  // A lost session's subscription may outlive it at the server: the next session asks for it.
  leave(reason === undefined ? undefined : kept)
  await session?.close(reason === undefined).catch(() => {})
  await client.disconnect().catch(() => {})
  await clientCertificateManager.dispose().catch(() => {})
  say({ type: 'closed' })
}

async function connect(
  client: OPCUAClient,
  { request, alive }: { request: SessionRequest; alive(): void },
): Promise<RawSession> {
  const identity: UserIdentityInfo =
    request.user === undefined
      ? { type: UserTokenType.Anonymous }
      : { type: UserTokenType.UserName, userName: request.user, password: await passwordOf(request) }
  await client.connect(request.endpoint)
  alive()
  return (await client.createSession(identity)) as RawSession
}

async function passwordOf({ passwordFile }: SessionRequest): Promise<string> {
  return passwordFile === undefined ? '' : (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '')
}
