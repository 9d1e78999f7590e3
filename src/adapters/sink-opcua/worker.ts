/** Entry of the OPC UA server's thread: node-opcua's server over our address space, driven by messages from the main thread. */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import {
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type ServerSession,
} from 'node-opcua'
import { createConditions } from './conditions.ts'
import { createMethods } from './methods.ts'
import type { FromWorker, ToWorker, WorkerData } from './protocol.ts'
import { createSessions } from './sessions.ts'
import { buildSpace } from './space.ts'

// The library chats on both; what matters arrives as messages.
process.stdout.write = () => true
process.stderr.write = () => true

const { settings, port, certificates, plant } = workerData as WorkerData
const say = (message: FromWorker) => parentPort!.postMessage(message)
const log = (level: 'warn' | 'error', message: string) => say({ type: 'log', level, message })

/** Questions to the main thread. */
const asked = new Map<number, (status: string) => void>()
let questions = 0
function ask(make: (id: number) => FromWorker): Promise<string> {
  const id = ++questions
  return new Promise((resolve) => {
    asked.set(id, resolve)
    say(make(id))
  })
}

const sessions = createSessions({ ask: (question) => ask((id) => ({ type: 'login', id, ...question })), say })
const everywhere = settings.host === '0.0.0.0' || settings.host === '::'
const secured = settings.security !== 'None'
const manager = (name: string, automaticallyAcceptUnknownCertificate: boolean) =>
  new OPCUACertificateManager({ rootFolder: join(certificates, name), automaticallyAcceptUnknownCertificate })
const managers = [
  manager('pki', !secured),
  // A certificate is not an account: nobody comes in by it alone, unless somebody put it among the trusted ones.
  manager('users', false),
] as const
const server = new OPCUAServer({
  port,
  // Without it the server listens on every interface of the machine.
  host: settings.host,
  // Clients are told to come to it; where that is every interface, the machine's name says it.
  ...(everywhere ? {} : { hostname: settings.host }),
  serverCertificateManager: managers[0],
  userCertificateManager: managers[1],
  // Passwords are encrypted even where nothing else is.
  securityPolicies: [...(secured ? [] : [SecurityPolicy.None]), SecurityPolicy.Basic256Sha256],
  securityModes: [secured ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None],
  allowAnonymous: settings.anonymous,
  userManager: { isValidUserAsync: sessions.isValidUserAsync },
  serverInfo: { applicationName: { text: 'Davylamp' }, productUri: 'urn:davylamp' },
  buildInfo: { productName: 'Davylamp' },
  maxConnectionsPerEndpoint: settings.sessions * 2,
  serverCapabilities: { maxSessions: settings.sessions },
})
server.on('session_closed', (session: ServerSession) => sessions.forget(session))

async function start(): Promise<void> {
  await server.initialize()
  const addressSpace = server.engine.addressSpace!
  const space = buildSpace(addressSpace, { plant, language: settings.language })
  const methods = createMethods({
    conditions: () => conditions,
    sessions,
    order: (order, by) => ask((id) => ({ type: 'order', id, order, ...by })),
  })
  const conditions = createConditions({
    space,
    most: settings.conditions,
    keep: settings.keepNormal,
    log,
    onAdded: (condition) => methods.bind(condition),
  })
  addressSpace.installAlarmsAndConditionsService()
  methods.bindTypes(addressSpace)

  parentPort!.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'values':
        conditions.doubt(space.take(message.values))
        say({ type: 'taken' })
        return
      case 'conditions':
        conditions.put(message.conditions)
        return
      case 'answer':
        asked.get(message.id)?.(message.status)
        asked.delete(message.id)
        return
      case 'dismiss':
        sessions.dismiss(server, message.session)
        return
      case 'close':
        conditions.close()
        server.shutdown(0).finally(() => process.exit(0))
    }
  })
  await server.start()
  say({ type: 'listening', port: server.endpoints[0]!.port })
}

start().catch((error: unknown) => {
  say({ type: 'cannot-listen', reason: error instanceof Error ? error.message : String(error) })
  process.exit(1)
})
