/** The broker's thread: aedes behind a gate, its device messages held until the main thread has settled them. */
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import {
  type Access,
  ANYBODY,
  accessOf,
  explainForbidden,
  judgePublish,
  mayHear,
  maySubscribe,
  NOBODY,
} from './access.ts'
import { type Arrival, Arrivals } from './arrivals.ts'
import { limitFanOut, type OpenAedes } from './fan-out.ts'
import { Gate } from './gate.ts'
import { Guesses } from './guesses.ts'
import { Holding } from './holding.ts'
import { openSockets, openWebSockets } from './listeners.ts'
import type { FromWorker, Outgoing, ToWorker, WorkerData } from './messages.ts'
import { Notices } from './notices.ts'
import { Passwords } from './password.ts'
import { Receipts } from './receipts.ts'
import { Sessions } from './sessions.ts'
import type { MqttUser } from './settings.ts'

interface Peer {
  readonly address: string
  readonly arrival: Arrival
  /** Nobody in particular where no users are configured. */
  user?: MqttUser | 'anybody'
}

const { settings, port, wsPort, retained } = workerData as WorkerData
const main = parentPort!
const say = (message: FromWorker, transfer?: readonly ArrayBuffer[]) => main.postMessage(message, transfer)
const notices = new Notices((notice) => say({ type: 'notice', ...notice }))
const rights = new WeakMap<object, Access>()
/** Where each connection comes from, and whose it is once it has said so. */
const arrivals = new Arrivals(settings.limits)
const peers = new Map<object, Peer>()
const guesses = new Guesses(() => performance.now())
const passwords = new Passwords(settings.users)

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
  rate: settings.limits.rate,
  refused: (reason, socket) => notices.add(`connection closed: ${reason}`, addressOf(socket)),
  slowed: (socket) => notices.add('a connection is faster than `limits.rate`, and read more slowly', addressOf(socket)),
})

const aedes = new Aedes({
  // Unlimited, because the emitter's own queue recurses once a message when its last subscriber leaves: some ten thousand queued
  // messages exhaust the stack. What may be under way is limited in fan-out.ts and by what may be unsettled.
  concurrency: 0,
  drainTimeout: 20_000,
  connectTimeout: settings.limits.connectWithin * 1_000,
  authenticate(client, name, password, done) {
    const peer = peers.get(client.conn)
    if (passwords.open) {
      rights.set(client, ANYBODY)
      if (peer) peer.user = 'anybody'
      return done(null, true)
    }
    identify(name ?? '', password ?? Buffer.alloc(0), peerOf(client)).then(
      (user) => {
        if (!user) return done(null, false)
        rights.set(client, accessOf(user, settings.sparkplug.groups))
        if (peer)
          peer.user = user
          // Sessions belong to users: nobody takes over, or inherits from, the session of another user's client.
        ;(client as { id: string }).id = `${user.user}/${client.id}`
        done(null, true)
      },
      () => done(null, false),
    )
  },
  authorizePublish(client, packet, done) {
    const topic = packet.topic
    const access = (client && rights.get(client)) ?? NOBODY
    const publication = judgePublish(topic, access, settings.sparkplug.host)
    // A retained reading would be repeated to every later subscriber as if it were new.
    packet.retain = false
    if (publication === 'peers') return done()
    const forbidden =
      publication === 'forbidden'
        ? explainForbidden(access, { client: client?.id ?? '', address: client ? peerOf(client) : '' })
        : ''
    if (forbidden !== '')
      notices.add('a client published for another site than its own', `${client?.id ?? ''} on ${topic}`)
    const payload = packet.payload as Buffer
    // Its connection is gone: there is nobody to acknowledge to. A will comes from a closed client and has no id.
    const resume = () => (client?.closed && packet.messageId !== undefined ? undefined : done())
    const { messageId } = packet
    if (packet.qos !== 2 || !client || messageId === undefined) {
      holding.hold({ topic, payload, forbidden }, resume)
      return
    }
    const take = (settled: () => void) =>
      holding.hold({ topic, payload, forbidden }, () => {
        settled()
        resume()
      })
    void receipts.enter({ client, packet: Object.assign(packet, { messageId }) }, { take, known: resume })
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
  queueBytes: settings.limits.queueBytes,
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

const receipts = new Receipts(aedes.persistence)
const sessions = new Sessions({
  most: settings.limits.sessions,
  expiry: settings.limits.sessionExpiry * 1_000,
  now: () => performance.now(),
  present: (id) => Object.hasOwn(aedes.clients, id),
  forget(id) {
    const { persistence } = aedes
    Promise.all([persistence.cleanSubscriptions({ id }), persistence.cleanIncoming({ id })]).catch(() => {})
  },
  dropped: (what, detail) => notices.add(what, detail),
})
aedes.on('clientReady', (client) => {
  peers.get(client.conn)?.arrival.welcome()
  sessions.came(client.id)
})
aedes.on('clientDisconnect', (client) => {
  if (!client.clean) sessions.left(client.id)
})
setInterval(() => sessions.sweep(), Math.min(60_000, settings.limits.sessionExpiry * 500)).unref()

for (const message of retained) await keep(message)

const doors = {
  accept(stream: Duplex, address: string) {
    const arrival = arrivals.admit(address)
    if (typeof arrival === 'string') {
      notices.add(`a connection was refused: \`${arrival}\` is reached`, address)
      stream.destroy()
      return
    }
    peers.set(stream, { address, arrival })
    stream.once('close', () => {
      peers.delete(stream)
      arrival.leave()
    })
    gate.admit(stream)
    aedes.handle(stream)
  },
  failed: (what: string, address: string) => notices.add(what, address),
}
const plain = openSockets(settings.tls, doors)
const web =
  settings.ws &&
  openWebSockets({ tls: settings.tls, packet: settings.limits.packet, users: () => !passwords.open }, doors)
try {
  const ws = web && (await listen(web.server, wsPort ?? settings.ws!.port))
  const bound = await listen(plain.server, port)
  say({ type: 'listening', port: bound, ...(ws !== undefined && { wsPort: ws }) })
} catch (error) {
  say({ type: 'cannot-listen', reason: (error as Error).message })
  process.exit(1)
}

main.on('message', (message: ToWorker) => {
  if (message.type === 'settled') holding.settle(message.chunk)
  else if (message.type === 'publish') void publishAll(message)
  else if (message.type === 'admit') admit(message)
  else close()
})

/** Who is connected and is still who they were stays; the others may come again, if they still may. */
function admit({ users, certificates, anew }: Extract<ToWorker, { type: 'admit' }>): void {
  if (certificates) for (const door of [plain, web]) door?.renew(certificates)
  passwords.change(users)
  for (const [stream, { address, user }] of peers) {
    // Who has not said yet who they are is asked under the new ones.
    const known = user === undefined || (user === 'anybody' ? passwords.open : passwords.holds(user))
    if (known && !anew) continue
    const name = typeof user === 'object' ? user.user : 'a client'
    notices.add('a client was closed: who may come in has changed', `${name} at ${address}`)
    ;(stream as Duplex).destroy()
  }
}

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

async function listen(server: Server, wanted: number): Promise<number> {
  server.listen(wanted, settings.host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function identify(name: string, password: Buffer, address: string): Promise<MqttUser | undefined> {
  const known = passwords.recall(name, password)
  if (known) return known
  const outcome = await guesses.attempt(`${address} ${name}`, () => passwords.verify(name, password))
  if (outcome?.right) return outcome.right
  const why = outcome ? 'unknown user or wrong password' : 'too many attempts, this one was not looked at'
  notices.add(`a client was refused: ${why}`, `${name} at ${address}`)
  return undefined
}

function close(): void {
  notices.flush()
  plain.close()
  web?.close()
  for (const stream of peers.keys()) (stream as Duplex).destroy()
  aedes.close(() => process.exit(0))
}

function rightsOf(client: Client): Access {
  return rights.get(client) ?? NOBODY
}

function peerOf(client: Client): string {
  return addressOf(client.conn)
}

function addressOf(stream: object): string {
  return peers.get(stream)?.address ?? ''
}
