/** A plant's control system: an OPC UA server whose variables are the points that an OPC UA source watches. */
import type { OpcuaSettings } from '../../src/adapters/opcua/settings.ts'
import type { SimulatedReading } from '../gateway.ts'
import { type OpcuaServer, startOpcuaServer } from '../servers/opcua.ts'
import type { Transport } from './transport.ts'

/** Answers at once; the server (a process of its own) is ready a little later. Listens on the given port of loopback. */
export function createOpcuaTransport({
  settings,
  port,
  onNotice = () => {},
}: {
  settings: OpcuaSettings
  port: number
  onNotice?: (notice: string) => void
}): Transport {
  const nodes = new Map(settings.items.map(({ node, point }) => [point, node]))
  /** Only the newest value of each node is worth writing. */
  const latest = new Map<string, SimulatedReading>()
  let server: OpcuaServer | undefined
  let writing = false
  let stopped = false

  const starting = startOpcuaServer({
    port,
    // A tank nobody has measured yet is not an empty one.
    items: settings.items.map(({ node }) => ({ node, type: 'Double', initial: null })),
  }).then(
    (started) => {
      server = started
      void write()
    },
    (error: Error) => onNotice(`${settings.endpoint}: the simulated server did not start: ${error.message}`),
  )

  async function write(): Promise<void> {
    if (!server || writing) return
    writing = true
    try {
      for (;;) {
        const next = latest.entries().next()
        if (next.done || stopped) return
        const [node, { value, ts }] = next.value
        latest.delete(node)
        const status = value === null ? 'BadSensorFailure' : 'Good'
        await server.set(node, value === null ? 0 : (value as number), { status, sourceTimestamp: new Date(ts) })
      }
    } catch (error) {
      if (!stopped) onNotice(`${settings.endpoint}: ${(error as Error).message}`)
    } finally {
      writing = false
    }
  }

  return {
    carries: ({ site, point }) => site === settings.site && nodes.has(point),
    send(readings) {
      for (const reading of readings) latest.set(nodes.get(reading.point)!, reading)
      void write()
    },
    async stop() {
      stopped = true
      await starting
      await server?.stop()
    },
  }
}
