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
import { readHistory } from './history.ts'
import { type FromThread, MOST_HELD, type SessionRequest, type ToThread } from './protocol.ts'
import { type Held, publishLoop } from './publish.ts'
import type { RawSession } from './raw-session.ts'
import { type Kept, keepNothing } from './subscription.ts'
import { nodeOf, watchItems } from './watch.ts'

/** Values of one node that are read from a server's history at the most. */
const MOST_HISTORY = 100_000

/** Resolves once everything is closed. Says `lost` with the reason where it was not asked to close. `left`: by source, what a lost session
 *  left behind for the next one. */
export async function runSession(
  request: SessionRequest,
  { port, scratch, left }: { port: MessagePort; scratch: string; left: Map<string, Kept> },
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
    if (message.type === 'close') ended.resolve(message.keep ? 'given up' : undefined)
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

  const heir = `${request.source} ${request.endpoint}`
  const kept = left.get(heir) ?? keepNothing(request)
  left.delete(heir)
  let session: RawSession | undefined
  const connecting = connect(client, request).then(async (opened) => {
    session = opened
    opened.on('session_closed', (status) => lose(`the server closed the session: ${status.name}`))
    const loop = await publishLoop(opened, {
      request,
      kept,
      held,
      say,
      send,
      lose,
      beforeFirst: async (resumed) => {
        if (!resumed) await fillGap(opened, { request, kept, held, say, send })
      },
    })
    say({ type: 'up' })
    await watchItems(opened, {
      request,
      kept,
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
  // A lost session's subscription may outlive it at the server: the next session asks for it.
  if (reason !== undefined) left.set(heir, kept)
  await session?.close(reason === undefined).catch(() => {})
  await client.disconnect().catch(() => {})
  await clientCertificateManager.dispose().catch(() => {})
  say({ type: 'closed' })
}

/** Reads what the server remembers of the time since the last word; the subscription is new, so its own values begin with now. */
async function fillGap(
  session: RawSession,
  {
    request,
    kept,
    held,
    say,
    send,
  }: {
    request: SessionRequest
    kept: Kept
    held: Held
    say(message: FromThread): void
    send(readings: readonly WireReading[]): void
  },
): Promise<void> {
  if (request.history === 0 || kept.complete === undefined) return
  const to = Date.now()
  const gap = { from: Math.max(kept.complete, to - request.history), to, most: MOST_HISTORY }
  const namespaces = request.items.some(({ node }) => node.startsWith('nsu=')) ? await session.readNamespaceArray() : []
  const wanted = request.items.flatMap(({ node, point, element }) => {
    const nodeId = nodeOf(node, namespaces)
    return typeof nodeId === 'string' ? [] : [{ nodeId: nodeId.toString(), point, element }]
  })
  const { values, lacking } = await readHistory(session, {
    wanted,
    gap,
    async send(readings) {
      while (held.frames >= MOST_HELD) {
        await new Promise<void>((resolve) => {
          held.released = resolve
        })
      }
      send(readings)
    },
  })
  const without = lacking.length === 0 ? '' : `; none, or not all, of ${lacking.slice(0, 10).join(', ')}`
  const message = `${values} values read from the server's history of the last ${Math.round((to - gap.from) / 1_000)} s${without}`
  say({ type: 'log', level: lacking.length === 0 ? 'info' : 'warn', message })
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
