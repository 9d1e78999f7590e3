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
import type { WireReading } from '../outgoing.ts'
import type { FromThread, SessionRequest, ToThread } from './protocol.ts'
import { type Held, publishLoop, type RawSession } from './publish.ts'
import { makeItem } from './statements.ts'
import { watchItems } from './watch.ts'

/** Resolves once everything is closed. Says `lost` with the reason where it was not asked to close. */
export async function runSession(
  request: SessionRequest,
  { port, scratch }: { port: MessagePort; scratch: string },
): Promise<void> {
  const say = (message: FromThread) => port.postMessage(message)
  const ended = Promise.withResolvers<string | undefined>()
  const held: Held = { frames: 0, released: () => {} }
  const encoder = new TextEncoder()
  const send = (readings: readonly WireReading[]) => {
    const payload = encoder.encode(JSON.stringify(readings))
    held.frames++
    port.postMessage({ type: 'frame', payload } satisfies FromThread, [payload.buffer])
  }
  port.on('message', (message: ToThread) => {
    if (message.type === 'close') ended.resolve(undefined)
    else {
      held.frames -= message.frames
      held.released()
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

  let session: RawSession | undefined
  const connecting = connect(client, request).then(async (opened) => {
    session = opened
    opened.on('session_closed', (status) => lose(`the server closed the session: ${status.name}`))
    const items = request.items.map(makeItem)
    const loop = await publishLoop(opened, { request, items, held, say, send, lose })
    say({ type: 'up' })
    await watchItems(opened, {
      request,
      items,
      say,
      send,
      subscriptionId: loop.subscriptionId,
      signal: ended.promise,
    })
  })
  connecting.catch((error: unknown) => lose(explain(error, request)))

  const reason = await ended.promise
  if (reason !== undefined) say({ type: 'lost', reason })
  held.released()
  await session?.close(true).catch(() => {})
  await client.disconnect().catch(() => {})
  await clientCertificateManager.dispose().catch(() => {})
  say({ type: 'closed' })
}

async function connect(client: OPCUAClient, request: SessionRequest): Promise<RawSession> {
  const identity: UserIdentityInfo =
    request.user === undefined
      ? { type: UserTokenType.Anonymous }
      : { type: UserTokenType.UserName, userName: request.user, password: await passwordOf(request) }
  await client.connect(request.endpoint)
  return (await client.createSession(identity)) as RawSession
}

async function passwordOf({ passwordFile }: SessionRequest): Promise<string> {
  return passwordFile === undefined ? '' : (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '')
}

function explain(error: unknown, { certificates }: SessionRequest): string {
  const message = error instanceof Error ? error.message.split('\n')[0]!.replace(/[ ,.]+$/, '') : String(error)
  if (!/certificate/i.test(message) || certificates === undefined) return message
  return `${message}; if the server's certificate in ${certificates}/rejected is the right one, move it to ${certificates}/trusted/certs`
}
