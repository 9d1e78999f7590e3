import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import { afterEach, expect, test, vi } from 'vitest'
import { long } from '../../../test/long-only.ts'
import type { Uplink, UplinkContext } from '../../model/ports.ts'
import { openMqttUplink } from './index.ts'

type Letter = Parameters<UplinkContext['setAside']>[0]

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A broker made of packets, and a way up to it. `answers`: return codes of CONNECT, one after the other; `closesAbove`: bytes of a payload
 *  on which it closes; `maximum` is what it says in MQTT 5; on `refusesAbove` it says so before it closes. */
async function above({
  answers = [],
  closesAbove = Number.POSITIVE_INFINITY,
  refusesAbove = Number.POSITIVE_INFINITY,
  maximum,
  version = '3.1.1',
}: {
  answers?: number[]
  closesAbove?: number
  refusesAbove?: number
  maximum?: number
  version?: '3.1.1' | 5
}): Promise<{ uplink: Uplink; taken: IPublishPacket[]; letters: Letter[]; connects: () => number }> {
  const protocolVersion = version === 5 ? 5 : 4
  const taken: IPublishPacket[] = []
  const letters: Letter[] = []
  let connects = 0
  const broker = createServer((socket: Socket) => {
    closing.push(() => socket.destroy())
    socket.on('error', () => {})
    const packets = parser({ protocolVersion })
    const say = (packet: Packet) => socket.write(generate(packet, { protocolVersion }))
    packets.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') {
        connects += 1
        const code = answers.shift() ?? 0
        const properties = maximum === undefined ? {} : { maximumPacketSize: maximum }
        say({ cmd: 'connack', returnCode: code, reasonCode: code, sessionPresent: false, properties })
      } else if (packet.cmd === 'publish') {
        const size = packet.payload.length
        if (size > closesAbove || (maximum !== undefined && (packet.length ?? 0) > maximum)) socket.destroy()
        if (socket.destroyed) return
        if (size > refusesAbove) {
          say({ cmd: 'disconnect', reasonCode: 149 })
          socket.end()
          return
        }
        taken.push(packet)
        say({ cmd: 'puback', messageId: packet.messageId!, reasonCode: 0 })
      }
    })
    socket.on('data', (data) => packets.parse(data))
  }).listen(0, '127.0.0.1')
  closing.push(() => broker.close())
  await once(broker, 'listening')
  const url = `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}`
  const settings = { url, keepalive: 30_000, version } as const
  const uplink = openMqttUplink(
    { name: 'county', settings },
    {
      now: Date.now,
      serialise: (transition) => JSON.stringify(transition),
      setAside: async (letter) => void letters.push(letter),
    },
  )
  closing.push(() => uplink.close())
  return { uplink, taken, letters, connects: () => connects }
}

const readings = (n: number, more = '') =>
  [
    { site: 'mine', payload: JSON.stringify(Array.from({ length: n }, (_, value) => ({ point: 'ch4', value, more }))) },
  ] as never
const valuesOf = (taken: readonly IPublishPacket[]) =>
  taken.flatMap(({ payload }) => (JSON.parse(String(payload)) as { value: number }[]).map(({ value }) => value))
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
const transition = (key: string, note = '') =>
  ({ alarm: `mine/r/${key}`, site: 'mine', rule: 'r', key, to: 'unacked', severity: 'major', offset: 1, note }) as never

test('a broker that refused the connection is asked again, and gets what waits for it', async () => {
  // 3: not available, as a broker says that is starting; 5: not authorised, as one whose users are being changed.
  const { uplink, taken } = await above({ answers: [3, 5] })
  await vi.waitFor(
    () => expect(uplink.link()).toMatchObject({ state: 'down', reason: expect.stringContaining('refused') }),
    10_000,
  )
  await uplink.sendReadings([{ site: 'mine', payload: '[]' } as never])
  expect(taken.map(({ topic }) => topic)).toEqual(['davy/v1/mine'])
  expect(uplink.link().state).toBe('up')
}, 30_000)

test('a broker that has said how much it takes gets it in parts, and what cannot be cut is set aside', async () => {
  const { uplink, taken, letters, connects } = await above({ maximum: 1_000, version: 5 })
  await uplink.sendReadings(readings(200))
  expect(valuesOf(taken)).toEqual(upTo(200))
  taken.length = 0
  await uplink.sendTransitions([transition('a'), transition('b', 'x'.repeat(2_000)), transition('c')])
  expect(taken.map(({ topic }) => topic.split('/').at(-1))).toEqual(['a', 'c', 'c'])
  expect(letters).toMatchObject([{ topic: 'davy/v1/mine/alarms/r/b', code: 'forward-too-large' }])
  expect(letters[0]!.detail).toMatch(/^\d+ bytes for davy.v1.mine.alarms.r.b: the broker says/)
  expect(uplink.link()).toMatchObject({ state: 'up', reason: expect.stringMatching(/^1 .*dead letter/) })
  expect(await uplink.sendAgain!(letters[0]!)).toMatch(/too large/)
  expect(connects()).toBe(1)
}, 30_000)

const closers: Parameters<typeof above>[0][] = [{ closesAbove: 1_000 }, { refusesAbove: 1_000, version: 5 }]
for (const limit of closers) {
  long(
    `what a broker closes on goes in parts, and what cannot be cut is set aside: ${JSON.stringify(limit)}`,
    async () => {
      const { uplink, taken, letters } = await above(limit)
      await uplink.sendReadings(readings(60))
      expect(valuesOf(taken)).toEqual(upTo(60))
      await uplink.sendReadings(readings(1, 'x'.repeat(2_000)))
      expect(letters).toMatchObject([{ topic: 'davy/v1/mine', code: 'forward-too-large' }])
      taken.length = 0
      await uplink.sendTransitions([transition('a'), transition('b', 'x'.repeat(2_000)), transition('c')])
      expect([...new Set(taken.map(({ topic }) => topic.split('/').at(-1)))]).toEqual(['a', 'c'])
      expect(letters).toHaveLength(2)
      await vi.waitFor(() => expect(uplink.link()).toMatchObject({ state: 'up', reason: expect.stringMatching(/^2 /) }))
    },
    170_000,
  )
}

long(
  'a broker that closes on everything is to blame for that itself: nothing is set aside',
  async () => {
    const { uplink, letters, connects } = await above({ closesAbove: -1 })
    const sent = uplink.sendTransitions([transition('b', 'x'.repeat(2_000))]).catch(String)
    await vi.waitFor(() => expect(connects()).toBeGreaterThan(7), 60_000)
    expect(letters).toEqual([])
    await uplink.close()
    expect(await sent).toContain('closed')
  },
  120_000,
)
