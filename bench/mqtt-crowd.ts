/** The other side of the benchmark of connections, in a process of its own: clients that are there, and clients that report. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generate } from 'mqtt-packet'

/** Connections opened at once. */
const STEP = 200

/** Opens the connections, says so to its parent, and lets the active ones keep one QoS 1 message under way each until it is killed. */
export async function crowdSockets({
  port,
  idle,
  active,
}: {
  port: number
  idle: number
  active: number
}): Promise<void> {
  const reporters: Socket[] = []
  for (let made = 0; made < idle + active; made += STEP) {
    const step = Array.from({ length: Math.min(STEP, idle + active - made) }, (_, i) => join(port, made + i))
    const sockets = await Promise.all(step)
    reporters.push(...sockets.slice(0, Math.max(0, active - reporters.length)))
  }
  process.send?.({ connected: idle + active })
  for (const [i, socket] of reporters.entries()) {
    let id = 0
    const report = () => {
      id = (id % 60_000) + 1
      const payload = JSON.stringify({ ts: Date.now(), value: id })
      const topic = `davy/v1/bench/p${i}`
      socket.write(generate({ cmd: 'publish', topic, payload, qos: 1, messageId: id, dup: false, retain: false }))
    }
    socket.on('data', report)
    report()
  }
  process.on('disconnect', () => process.exit())
}

async function join(port: number, index: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  socket.write(generate({ cmd: 'connect', clientId: `c${index}`, protocolId: 'MQTT', clean: true, keepalive: 0 }))
  await once(socket, 'data')
  return socket
}
