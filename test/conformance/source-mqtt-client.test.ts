/** The client to an external broker is a source. The broker here is a plain aedes; Mosquitto has its own test among the services. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { createMqttClient } from '../../src/adapters/mqtt-client/index.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { describeSource, type SourceHarness } from './source.ts'

const LIMIT = 500

async function plainBroker(qos: 1 | 2): Promise<SourceHarness> {
  const aedes = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  let acknowledged = 0
  let next = 1
  // One event for every PUBACK and PUBCOMP. Its packet is not to be relied on: where several QoS 2 handshakes overlap, aedes 1.2
  // confuses the packets it keeps for them.
  aedes.on('ack', () => acknowledged++)
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    aedes.handle(socket)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const down = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  const wire = await startFaultProxy({ port })
  const publish = (topic: string, payload: string) =>
    new Promise<void>((resolve) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, () => resolve())
    })
  return {
    wire,
    source: createMqttClient(
      { url: `mqtt://127.0.0.1:${wire.port}`, inFlight: LIMIT, qos },
      { name: 'mosquitto', now: Date.now, log: () => {} },
    ),
    async emit(n) {
      const values = Array.from({ length: n }, () => next++)
      await Promise.all(values.map((value) => publish('davy/v1/mine/face/t1', JSON.stringify({ value }))))
      return values
    },
    emitBad: () => publish('davy/v1/mine/face/t1', '{"value":'),
    acknowledged: () => acknowledged,
    losePeer: down,
    restorePeer: async () => {
      await listen(port)
    },
    connections: () => sockets.size,
    async close() {
      await wire.close()
      if (server.listening) await down()
      await new Promise<void>((resolve) => aedes.close(resolve))
    },
  }
}

describeSource('mqtt-client', () => plainBroker(1), { bound: LIMIT * 4 })
describeSource('mqtt-client, QoS 2', () => plainBroker(2), { burst: 200, bound: LIMIT * 4 })
