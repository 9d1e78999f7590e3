import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { generate, type Packet, parser } from 'mqtt-packet'
import { expect, test, vi } from 'vitest'
import { openMqttUplink } from './index.ts'

test('a broker that refused the connection is asked again, and gets what waits for it', async () => {
  // 3: not available, as a broker says that is starting; 5: not authorised, as one whose users are being changed.
  const answers = [3, 5]
  const taken: string[] = []
  const sockets = new Set<Socket>()
  const broker = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') {
        socket.write(generate({ cmd: 'connack', returnCode: answers.shift() ?? 0, sessionPresent: false }))
      } else if (packet.cmd === 'publish') {
        taken.push(packet.topic)
        socket.write(generate({ cmd: 'puback', messageId: packet.messageId! }))
      }
    })
    socket.on('data', (data) => packets.parse(data))
  }).listen(0, '127.0.0.1')
  await once(broker, 'listening')
  const url = `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}`
  const settings = { url, keepalive: 30_000 } as never
  const uplink = openMqttUplink(
    { name: 'county', settings },
    { now: Date.now, serialise: () => '', setAside: async () => {} },
  )
  try {
    await vi.waitFor(
      () => expect(uplink.link()).toMatchObject({ state: 'down', reason: expect.stringContaining('refused') }),
      10_000,
    )
    await uplink.sendReadings([{ site: 'mine', payload: '[]' } as never])
    expect(taken).toEqual(['davy/v1/mine'])
    expect(uplink.link().state).toBe('up')
  } finally {
    await uplink.close()
    for (const socket of sockets) socket.destroy()
    broker.close()
  }
}, 30_000)
