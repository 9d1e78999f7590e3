import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { generate, type Packet, parser } from 'mqtt-packet'
import { afterEach, expect, test } from 'vitest'
import { loopbackTurns } from '../../../test/conformance/tap.ts'
import type { Frame, Source } from '../../model/ports.ts'
import { createMqttClient } from './index.ts'
import type { MqttClientInput } from './settings.ts'

const PATIENCE = { timeout: 15_000, interval: 10 }

let server: Server | undefined
const sockets: Socket[] = []
const abort: AbortController[] = []
afterEach(async () => {
  for (const { abort: stop } of abort.splice(0).map((controller) => ({ abort: () => controller.abort() }))) stop()
  for (const socket of sockets.splice(0)) socket.destroy()
  server?.close()
})

interface Peer {
  readonly source: Source
  readonly socket: () => Socket
  /** Packets the client sent. */
  readonly heard: Packet[]
  readonly frames: Frame[]
  readonly logged: string[]
  /** Why the iteration ended. */
  readonly ended: () => unknown
}

/** A broker made of packets: welcomes with `returnCode`, grants `granted`, answers pings while `alive`. */
async function peer(
  settings: Partial<MqttClientInput> = {},
  {
    returnCode = 0,
    granted = 1,
    alive = true,
    more = Buffer.alloc(0),
    take = (frame: Frame) => frame.settle('journaled'),
  } = {},
): Promise<Peer> {
  const heard: Packet[] = []
  const logged: string[] = []
  let socket: Socket | undefined
  server = createServer((accepted) => {
    socket = accepted
    sockets.push(accepted)
    accepted.on('error', () => {})
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet: Packet) => {
      heard.push(packet)
      if (packet.cmd === 'connect') {
        const connack = generate({ cmd: 'connack', returnCode, sessionPresent: false })
        accepted.write(Buffer.concat([connack, more]))
      }
      if (packet.cmd === 'subscribe') {
        accepted.write(generate({ cmd: 'suback', messageId: packet.messageId!, granted: [granted] }))
      }
      if (packet.cmd === 'pingreq' && alive) accepted.write(generate({ cmd: 'pingresp' }))
    })
    accepted.on('data', (data) => packets.parse(data))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
  const source = createMqttClient(
    { url, ...settings },
    { name: 'peer', now: Date.now, log: (level, message) => logged.push(`${level} ${message}`) },
  )
  const frames: Frame[] = []
  let ended: unknown
  const controller = new AbortController()
  abort.push(controller)
  void (async () => {
    for await (const batch of source.open(controller.signal)) {
      for (const frame of batch) {
        frames.push(frame)
        take(frame)
      }
    }
  })().then(
    () => {
      ended = 'returned'
    },
    (error) => {
      ended = error
    },
  )
  return { source, socket: () => socket!, heard, frames, logged, ended: () => ended }
}

const up = ({ source }: Peer) => expect.poll(() => source.link().state, PATIENCE).toBe('up')
const publish = (messageId: number, { topic = 'davy/v1/s/p', retain = false, payload = '1' } = {}) =>
  generate({ cmd: 'publish', topic, payload, qos: 1, messageId, dup: false, retain })
const pubacks = ({ heard }: Peer) => heard.filter(({ cmd }) => cmd === 'puback').map(({ messageId }) => messageId)

test('acknowledges in the order of arrival, though settled in another', async () => {
  const p = await peer({}, { take: () => {} })
  await up(p)
  for (const id of [7, 8, 9]) p.socket().write(publish(id))
  await expect.poll(() => p.frames.length, PATIENCE).toBe(3)
  p.frames[2]!.settle('journaled')
  p.frames[1]!.settle('rejected')
  p.frames[0]!.settle('journaled')
  await expect.poll(() => pubacks(p), PATIENCE).toEqual([7, 8, 9])
})

test('alarms that come back, and retained messages, are acknowledged and left out', async () => {
  const p = await peer()
  await up(p)
  p.socket().write(publish(1, { topic: 'davy/v1/s/alarms/limit/k' }))
  p.socket().write(publish(2, { retain: true }))
  p.socket().write(publish(3, { topic: 'davy/v1/s/alarmsystem' }))
  await expect.poll(() => pubacks(p), PATIENCE).toEqual([1, 2, 3])
  expect(p.frames.map(({ topic }) => topic)).toEqual(['davy/v1/s/alarmsystem'])
})

test('more alarms than may be in flight do not stop it', async () => {
  const p = await peer({ inFlight: 10 })
  await up(p)
  p.socket().write(
    Buffer.concat(Array.from({ length: 500 }, (_, i) => publish(i + 1, { topic: 'davy/v1/s/alarms/x/y' }))),
  )
  p.socket().write(publish(501))
  await expect.poll(() => p.frames.length, PATIENCE).toBe(1)
})

test.each([
  ['messages', { inFlight: 100 }, { payload: 1_000, total: 40_000, most: 100 + 65_536 / 1_000 + 1 }],
  // Each as large as a read of the socket, or more: far fewer than `inFlight`.
  ['bytes', { inFlightBytes: 1_048_576 }, { payload: 131_072, total: 300, most: 8 + 2 }],
] as const)(
  'while nothing is settled it stops reading: what it holds is bounded in %s',
  async (_, settings, sizes) => {
    const p = await peer(settings, { take: () => {} })
    await up(p)
    const payload = 'x'.repeat(sizes.payload)
    let written = 0
    const { total, most } = sizes
    const write = () => {
      while (written < total) {
        written++
        if (!p.socket().write(publish((written % 60_000) + 1, { payload }))) {
          p.socket().once('drain', write)
          return
        }
      }
    }
    write()
    await expect.poll(() => p.frames.length, PATIENCE).toBeGreaterThanOrEqual(8)
    // 40 MB do not fit into the buffers between the two: whoever reads on would have taken most of them by the time it is blocked.
    await expect.poll(() => p.socket().writableNeedDrain, PATIENCE).toBe(true)
    await loopbackTurns(50)
    expect(p.frames.length).toBeLessThan(most)
    expect(written).toBeLessThan(total)
    let settled = 0
    const settleAll = setInterval(() => {
      for (; settled < p.frames.length; settled++) p.frames[settled]!.settle('journaled')
    }, 1)
    try {
      await expect.poll(() => pubacks(p).length, PATIENCE).toBe(total)
    } finally {
      clearInterval(settleAll)
    }
  },
  40_000,
)

test('a broker that falls silent is lost', async () => {
  const p = await peer({ keepalive: 1 }, { alive: false })
  await up(p)
  await expect.poll(p.ended, PATIENCE).toMatchObject({ code: 'source-lost', message: expect.stringMatching(/silent/) })
  expect(p.source.link()).toMatchObject({ state: 'down', reason: expect.stringMatching(/silent/) })
})

test('a broker that answers its pings stays', async () => {
  const p = await peer({ keepalive: 1 })
  await up(p)
  await expect.poll(() => p.heard.filter(({ cmd }) => cmd === 'pingreq').length, PATIENCE).toBeGreaterThan(4)
  expect(p.ended()).toBeUndefined()
})

test.each([
  [{ returnCode: 4 }, {}, /wrong user name or password/],
  [{ returnCode: 5 }, {}, /not authorised/],
  [{ granted: 128 }, {}, /refused to subscribe davy\/v1\/#/],
  [{}, { passwordFile: '/nowhere/password' }, /ENOENT/],
])('%o %o is a lost source that says why', async (answers, settings, reason) => {
  const p = await peer(settings, answers)
  await expect.poll(p.ended, PATIENCE).toMatchObject({ code: 'source-lost', message: expect.stringMatching(reason) })
  expect(p.source.link()).toMatchObject({ state: 'down', reason: expect.stringMatching(reason) })
})

test('a broker that grants less than `qos` is told of: what it sends so is not sent again', async () => {
  const p = await peer({}, { granted: 0 })
  await up(p)
  expect(p.logged).toEqual([
    'warn it grants no more than QoS 0 for davy/v1/#: what is lost on the way is not sent again',
  ])
  const enough = await peer({ qos: 0 }, { granted: 0 })
  await up(enough)
  expect(enough.logged).toEqual([])
})

test('what a broker says after it refused is not heard: nothing goes on behind a lost source', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const p = await peer(
    {},
    { returnCode: 5, more: Buffer.from(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false })) },
  )
  await expect.poll(p.ended, PATIENCE).toMatchObject({ code: 'source-lost' })
  await expect.poll(() => p.socket().destroyed, PATIENCE).toBe(true)
  expect(timers()).toBeLessThanOrEqual(before)
})

test('what is not MQTT is a lost source', async () => {
  const p = await peer()
  await up(p)
  p.socket().write(Buffer.alloc(100, 0xff))
  await expect.poll(p.ended, PATIENCE).toMatchObject({ code: 'source-lost' })
})
