/** The process behind `startOpcuaServer`: node-opcua's server, driven by messages from its parent. */
import {
  coerceNodeId,
  DataType,
  HistoryReadResult,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type StatusCode,
  StatusCodes,
  standardUnits,
  type UAVariable,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import type { Ask, OpcuaServerOptions, OpcuaValue, SimulatedItem } from './opcua.ts'

/** How a variable is asked for its history. */
type Read = (...asked: Parameters<UAVariable['historyRead']>) => Promise<HistoryReadResult>

const variables = new Map<string, { variable: UAVariable; type: SimulatedItem['type'] }>()
let server: OPCUAServer | undefined
/** How reading a history is answered. */
let reading = 'good'

process.on('message', async (message: Ask) => {
  const { id } = message
  try {
    process.send!({ id, result: await answer(message) })
  } catch (error) {
    process.send!({ id, error: error instanceof Error ? error.message : String(error) })
  }
  if (message.ask === 'stop') process.exit(0)
})
// Nobody is left to serve, or to stop this process.
process.on('disconnect', () => process.exit(0))

async function answer(message: Ask): Promise<unknown> {
  switch (message.ask) {
    case 'start':
      return start(message.options)
    case 'set': {
      const found = variables.get(message.node)
      if (!found) throw new RangeError(`node ${message.node} is not simulated`)
      const status = (StatusCodes as unknown as Record<string, StatusCode | undefined>)[message.status]
      if (!status) throw new RangeError(`unknown status code ${message.status}`)
      found.variable.setValueFromSource(variantOf(found.type, message.value), status, message.sourceTimestamp)
      return undefined
    }
    case 'history':
      reading = message.answer
      return undefined
    case 'sessions':
      return server?.currentSessionCount ?? 0
    case 'stop':
      return server?.shutdown(0)
  }
}

async function start({
  port = 0,
  items,
  users,
  refuseStrangers,
  certificates,
}: OpcuaServerOptions & { certificates: string }) {
  const manager = (name: string, automaticallyAcceptUnknownCertificate: boolean) =>
    new OPCUACertificateManager({ rootFolder: `${certificates}/${name}`, automaticallyAcceptUnknownCertificate })
  const serverCertificateManager = manager('server', !refuseStrangers)
  server = new OPCUAServer({
    port,
    hostname: '127.0.0.1',
    // Without it the server listens on every interface of the machine.
    host: '127.0.0.1',
    alternateHostname: ['127.0.0.1'],
    serverCertificateManager,
    userCertificateManager: manager('users', true),
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: !users,
    ...(users && {
      userManager: {
        isValidUser: (user: string, password: string) =>
          users.some((known) => known.user === user && known.password === password),
      },
    }),
    serverInfo: { applicationName: { text: 'Davylamp simulator' } },
    maxConnectionsPerEndpoint: 100,
  })
  await server.initialize()
  const space = server.engine.addressSpace!
  const namespace = space.getOwnNamespace()
  const folder = namespace.addFolder(space.rootFolder.objects, { browseName: 'Points' })
  for (const { node, type, initial, unit, history } of items) {
    const known = unit === undefined ? undefined : Object.values(standardUnits).find((u) => u.displayName.text === unit)
    const options = {
      componentOf: folder,
      nodeId: coerceNodeId(node),
      browseName: node.replace(/^.*;\w=/, ''),
      dataType: type,
      valueRank: Array.isArray(initial) ? 1 : -1,
      minimumSamplingInterval: 10,
    }
    const variable = known
      ? namespace.addAnalogDataItem({
          ...options,
          engineeringUnits: known,
          engineeringUnitsRange: { low: -1e9, high: 1e9 },
        })
      : namespace.addVariable(options)
    if (history) {
      space.installHistoricalDataNode(variable, { maxOnlineValues: 10_000 })
      const read: Read = variable.historyRead.bind(variable)
      const answer: Read = async (...asked) => {
        if (reading === 'good') return read(...asked)
        if (reading === 'nothing') return new Promise(() => {})
        return new HistoryReadResult({ statusCode: (StatusCodes as unknown as Record<string, StatusCode>)[reading]! })
      }
      Object.assign(variable, { historyRead: answer })
    }
    variable.setValueFromSource(variantOf(type, initial), StatusCodes.Good, new Date())
    variables.set(node, { variable, type })
  }
  await server.start()
  const [endpoint] = server.endpoints
  return { port: endpoint!.port, certificate: new Uint8Array(server.getCertificate()) }
}

function variantOf(type: SimulatedItem['type'], value: OpcuaValue): Variant {
  if (value === null) return new Variant({ dataType: DataType.Null })
  const dataType = DataType[type]
  if (Array.isArray(value)) {
    return new Variant({ dataType, arrayType: VariantArrayType.Array, value: value.map((v) => wide(type, v)) })
  }
  return new Variant({ dataType, arrayType: VariantArrayType.Scalar, value: wide(type, value) })
}

/** node-opcua holds 64-bit integers as a pair of 32-bit halves, high first. */
function wide(type: SimulatedItem['type'], value: unknown): unknown {
  if (type !== 'Int64' && type !== 'UInt64') return value
  const bits = BigInt.asUintN(64, BigInt(value as number | bigint))
  return [Number(bits >> 32n), Number(bits & 0xffffffffn)]
}
