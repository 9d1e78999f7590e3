/** The embedded broker is a source. */
import { connect } from 'node:net'
import type { Worker } from 'node:worker_threads'
import { expect } from 'vitest'
import { createBroker } from '../../src/adapters/mqtt/broker.ts'
import { type MqttPeer, mqttPeer } from './mqtt-peer.ts'
import { describeSource, noWire } from './source.ts'

const LIMIT = 500

describeSource(
  'mqtt (embedded broker)',
  async () => {
    const workers: Worker[] = []
    const source = createBroker(
      { port: 0, limits: { unsettled: LIMIT } },
      { name: 'mqtt', now: Date.now, log: () => {}, onWorker: (worker) => workers.push(worker) },
    )
    let peer: Promise<MqttPeer> | undefined
    const device = () => {
      peer ??= mqttPeer(source.link().peer)
      return peer
    }
    return {
      source,
      emit: async (n) => (await device()).emit(n),
      emitBad: async () => (await device()).emitRaw('elsewhere/x', 'not JSON'),
      acknowledged: async () => (await peer)?.acknowledged() ?? 0,
      losePeer: async () => {
        await workers.at(-1)?.terminate()
      },
      restorePeer: async () => {
        await expect.poll(() => workers.length).toBeGreaterThan(1)
      },
      connections: async () => ((await listens(source.address().port)) ? 1 : 0),
      close: async () => {
        await source.close()
        await (await peer)?.close()
      },
    }
  },
  {
    bound: LIMIT * 4,
    gaps: {
      ...noWire('the devices connect to it; cut clients are among its own tests'),
      'peer-absent': 'it is itself what the devices connect to',
      'abort-connecting': 'it is itself what the devices connect to',
    },
  },
)

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
