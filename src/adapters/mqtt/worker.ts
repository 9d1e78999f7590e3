/** The broker's thread: aedes behind a gate, its device messages held until the main thread has settled them. */
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import { type Access, ANYBODY, accessOf, judgePublish, mayHear, maySubscribe, NOBODY } from './access.ts'
import { limitFanOut, type OpenAedes } from './fan-out.ts'
import { Gate } from './gate.ts'
import { Holding } from './holding.ts'
import type { FromWorker, Outgoing, ToWorker, WorkerData } from './messages.ts'
import { Notices } from './notices.ts'
import { Passwords } from './password.ts'

const { settings, port, retained } = workerData as WorkerData
const main = parentPort!
const say = (message: FromWorker, transfer?: readonly ArrayBuffer[]) => main.postMessage(message, transfer)
const notices = new Notices((notice) => say({ type: 'notice', ...notice }))
const rights = new WeakMap<object, Access>()
const passwords = settings.users.length > 0 ? new Passwords(settings.users) : undefined

const holding = new Holding({
  messages: settings.limits.unsettled,
  bytes: settings.limits.unsettledBytes,
  send: ({ id, buffer, count }) => say({ type: 'chunk', id, buffer, count }, [buffer]),
  freed: () => gate.release(),
})
const gate = new Gate({
  packet: settings.limits.packet,
  budget: Math.max(settings.limits.packet * 4, settings.limits.unsettledBytes),
  full: () => holding.full(),
  refused: (reason, socket) => notices.add(`connection closed: ${reason}`, String(socket.remoteAddress)),
})

const aedes = new Aedes({
  // Unlimited, because the emitter's own queue recurses once a message when its last subscriber leaves: some ten thousand queued
  // messages exhaust the stack. What may be under way is limited in fan-out.ts and by what may be unsettled.
  concurrency: 0,
  drainTimeout: 20_000,
  connectTimeout: 10_000,
  authenticate(client, name, password, done) {
    if (!passwords) {
      rights.set(client, ANYBODY)
      return done(null, true)
    }
    passwords.verify(name ?? '', password ?? Buffer.alloc(0)).then(
      (user) => {
        if (!user) {
          notices.add('a client was refused: unknown user or wrong password', `${name} at ${peerOf(client)}`)
          return done(null, false)
        }
        rights.set(client, accessOf(user, settings.sparkplug.groups))
        // Sessions belong to users: nobody takes over, or inherits from, the session of another user's client.
        ;(client as { id: string }).id = `${user.user}/${client.id}`
        done(null, true)
      },
      () => done(null, false),
    )
  },
  authorizePublish(client, packet, done) {
    const topic = packet.topic
    const publication = judgePublish(topic, (client && rights.get(client)) ?? NOBODY, settings.sparkplug.host)
    // A retained reading would be repeated to every later subscriber as if it were new.
    packet.retain = false
    if (publication === 'peers') return done()
    const forbidden = publication === 'forbidden'
    if (forbidden) notices.add('a client published for another site than its own', `${client?.id ?? ''} on ${topic}`)
    const payload = packet.payload as Buffer
    holding.hold({ topic, payload, forbidden }, () => {
      // Its connection is gone: there is nobody to acknowledge to. A will comes from a closed client and has no id.
      if (client?.closed && packet.messageId !== undefined) return
      done()
    })
  },
  authorizeSubscribe(client, subscription, done) {
    done(null, maySubscribe(subscription.topic, rightsOf(client)) ? subscription : null)
  },
  authorizeForward(client, packet) {
    return mayHear(packet.topic, rightsOf(client)) ? packet : null
  },
}) as OpenAedes

await aedes.listen()
const forward = limitFanOut(aedes, {
  queue: settings.limits.queue,
  dropped: (what, detail) => notices.add(what, detail),
})
const publish = aedes.publish.bind(aedes) as (packet: unknown, client: unknown, done?: (error?: Error) => void) => void
// A client's message is through once it is settled: whoever subscribed hears it, and nobody waits for them.
const route = (packet: AedesPublishPacket, client: Client | (() => void), done?: () => void): void => {
  if (typeof client === 'function' || !client || packet.topic.startsWith('$SYS/')) {
    publish(packet, client, done)
    return
  }
  const publication = judgePublish(packet.topic, rightsOf(client), settings.sparkplug.host)
  if (publication === 'reading' || publication === 'peers') forward(packet)
  done?.()
}
Object.assign(aedes, { publish: route })
aedes.on('clientError', (client, error) => notices.add(`a connection failed: ${error.message}`, client.id))
aedes.on('connectionError', (client, error) => notices.add(`a connection failed: ${error.message}`, peerOf(client)))

for (const message of retained) await keep(message)

const sockets = new Set<Socket>()
const server = listener((socket) => {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
  gate.admit(socket)
  aedes.handle(socket)
})
server.maxConnections = settings.limits.connections
server.on('drop', () => notices.add('a connection was refused: `limits.connections` is reached', ''))
server.once('error', (error) => {
  say({ type: 'cannot-listen', reason: error.message })
  process.exit(1)
})
server.listen(port, settings.host, () => {
  const address = server.address()
  say({ type: 'listening', port: typeof address === 'object' && address ? address.port : port })
})

main.on('message', (message: ToWorker) => {
  if (message.type === 'settled') holding.settle(message.chunk)
  else if (message.type === 'publish') void publishAll(message)
  else close()
})

async function publishAll({ id, messages }: { id: number; messages: readonly Outgoing[] }): Promise<void> {
  for (const message of messages) {
    await keep(message)
    const { topic, payload } = message
    publish({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false }, null, () => {})
  }
  say({ type: 'published', id })
}

async function keep({ topic, payload, retain }: Outgoing): Promise<void> {
  if (!retain) return
  await aedes.persistence.storeRetained({
    cmd: 'publish',
    topic,
    payload: Buffer.from(payload),
    qos: 1,
    retain: true,
    dup: false,
  })
}

function listener(accept: (socket: Socket) => void): Server {
  const { tls } = settings
  if (!tls) return createServer({ noDelay: true }, accept)
  const ca = tls.ca === undefined ? {} : { ca: readFileSync(tls.ca), requestCert: true, rejectUnauthorized: true }
  const secure = createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key), ...ca, noDelay: true })
  secure.on('tlsClientError', (error, socket) =>
    notices.add(`a TLS connection failed: ${error.message}`, String(socket.remoteAddress)),
  )
  return secure.on('secureConnection', accept)
}

function close(): void {
  notices.flush()
  server.close()
  for (const socket of sockets) socket.destroy()
  aedes.close(() => process.exit(0))
}

function rightsOf(client: Client): Access {
  return rights.get(client) ?? NOBODY
}

function peerOf(client: Client): string {
  return String((client.conn as Socket).remoteAddress)
}
