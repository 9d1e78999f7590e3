/** The peer of the OPC UA bench, a process of its own: node-opcua's server with numbers that all change each second. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataType, OPCUACertificateManager, OPCUAServer, StatusCodes, Variant } from 'node-opcua'

const count = Number(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'davy-bench-opcua-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
process.once('disconnect', () => process.exit(0))

const manager = (name: string) =>
  new OPCUACertificateManager({ rootFolder: join(folder, name), automaticallyAcceptUnknownCertificate: true })
const server = new OPCUAServer({
  port: 0,
  hostname: '127.0.0.1',
  host: '127.0.0.1',
  serverCertificateManager: manager('server'),
  userCertificateManager: manager('users'),
  serverCapabilities: { maxMonitoredItemsPerSubscription: count, maxMonitoredItems: 2 * count },
})
await server.initialize()
const space = server.engine.addressSpace!
const namespace = space.getOwnNamespace()
const parent = namespace.addFolder(space.rootFolder.objects, { browseName: 'Points' })
const variables = Array.from({ length: count }, (_, i) =>
  namespace.addVariable({
    componentOf: parent,
    nodeId: `s=v${i}`,
    browseName: `v${i}`,
    dataType: 'Double',
    minimumSamplingInterval: 100,
  }),
)
let round = 0
let changed = 0
/** In slices over the second, as the field's values come. */
const SLICES = 20
const set = (from: number, to: number) => {
  const now = new Date()
  for (let i = from; i < to; i++) {
    const value = ((round + i) % 1_000) / 1_000
    variables[i]!.setValueFromSource(new Variant({ dataType: DataType.Double, value }), StatusCodes.Good, now)
  }
  changed += to - from
}
set(0, count)
const begun = performance.now()
let done = 0
setInterval(() => {
  const due = Math.floor(((performance.now() - begun) * SLICES) / 1_000)
  // A server that publishes to thousands is late at times, and catches up; none of its values changes twice at once.
  done = Math.max(done, due - SLICES)
  for (; done < due; done++) {
    const slice = done % SLICES
    round = Math.floor(done / SLICES)
    set(Math.floor((slice * count) / SLICES), Math.floor(((slice + 1) * count) / SLICES))
  }
}, 1_000 / SLICES)
process.on('message', () => process.send!(changed))
await server.start()
process.send!({ port: server.endpoints[0]!.port })
