/** A mine's gateway as the field builds it: keeps what is not acknowledged and sends it again, in order, after each reconnection. */
import { connect, type Socket } from 'node:net'
import { generate, parser } from 'mqtt-packet'

export interface Gateway {
  /** Queues a QoS 1 publish; `acknowledged` is called once, at its PUBACK. */
  publish(topic: string, payload: string, acknowledged: () => void): void
  close(): void
}

interface Pending {
  readonly id: number
  readonly packet: Buffer
  readonly acknowledged: () => void
}

export function createGateway({ port, clientId }: { port: number; clientId: string }): Gateway {
  const pending = new Map<number, Pending>()
  let socket: Socket | undefined
  let ready = false
  let closed = false
  let next = 0

  function open(): void {
    if (closed) return
    const mine = connect({ port, host: '127.0.0.1', noDelay: true })
    const packets = parser()
    packets.on('packet', (packet) => {
      if (packet.cmd === 'connack') {
        ready = true
        for (const { packet: again } of pending.values()) mine.write(again)
      } else if (packet.cmd === 'puback') {
        const done = pending.get(packet.messageId!)
        pending.delete(packet.messageId!)
        done?.acknowledged()
      }
    })
    mine.on('data', (data) => packets.parse(data))
    mine.on('error', () => {})
    mine.on('close', () => {
      ready = false
      setTimeout(open, 50)
    })
    mine.write(generate({ cmd: 'connect', clientId, protocolId: 'MQTT', clean: false, keepalive: 30 }))
    socket = mine
  }
  open()

  return {
    publish(topic, payload, acknowledged) {
      do next = (next % 65_535) + 1
      while (pending.has(next))
      const packet = generate({ cmd: 'publish', topic, payload, qos: 1, messageId: next, dup: false, retain: false })
      pending.set(next, { id: next, packet, acknowledged })
      if (ready) socket!.write(packet)
    },
    close() {
      closed = true
      socket?.destroy()
    },
  }
}
