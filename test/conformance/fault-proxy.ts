/** A wire that can be spoilt: a TCP proxy between an adapter and its peer that cuts, refuses, stalls, delays, halves and corrupts. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface FaultProxy {
  /** Where the adapter connects. */
  readonly port: number
  /** Pairs of connections open now. */
  readonly connections: number
  /** Ends every connection; as a reset where `reset` is set. New ones are welcome, unless refused. */
  cut(options?: { reset?: boolean }): void
  /** New connections are closed at once, while set. */
  refuse(refused?: boolean): void
  /** Nothing goes through either way, and nothing is closed, while set. What came meanwhile follows in order. */
  stall(stalled?: boolean): void
  /** Every chunk is held back this long, milliseconds. */
  delay(duration: number): void
  /** The next chunk from the peer ends in its middle, and the connection with it. */
  halve(): void
  /** The next chunk from the peer has a byte changed in it: the one at `at` from its end. */
  corrupt(at?: number): void
  /** Every chunk goes through byte by byte, while set. */
  trickle(trickling?: boolean): void
  close(): Promise<void>
}

type Way = 'to-peer' | 'from-peer'

export async function startFaultProxy(peer: { readonly port: number; readonly host?: string }): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const waiting: (() => void)[] = []
  let refused = false
  let stalled = false
  let pause = 0
  let trickling = false
  let halving = false
  let corrupting: number | undefined

  const server = createServer((near) => {
    near.on('error', () => {})
    if (refused) {
      near.destroy()
      return
    }
    const far = connect({ port: peer.port, host: peer.host ?? '127.0.0.1', noDelay: true })
    near.setNoDelay()
    const pair = [near, far] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    far.on('error', () => {})
    for (const socket of pair) socket.on('close', end)
    carry(near, { to: far, way: 'to-peer', end })
    carry(far, { to: near, way: 'from-peer', end })
  })

  function carry(from: Socket, { to, way, end }: { to: Socket; way: Way; end: () => void }): void {
    from.on('data', (chunk: Buffer) => {
      let bytes = chunk
      let last = false
      if (way === 'from-peer' && halving) {
        halving = false
        bytes = chunk.subarray(0, chunk.length >> 1)
        last = true
      }
      if (way === 'from-peer' && corrupting !== undefined) {
        bytes = Buffer.from(bytes)
        const at = Math.max(0, bytes.length - 1 - corrupting)
        bytes[at] = bytes[at]! ^ 0xff
        corrupting = undefined
      }
      const send = () => {
        if (to.destroyed) return
        if (trickling) for (const byte of bytes) to.write(Buffer.of(byte))
        else to.write(bytes)
        if (last) to.end(end)
      }
      if (stalled) waiting.push(send)
      else if (pause > 0) setTimeout(send, pause)
      else send()
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut({ reset = false }: { reset?: boolean } = {}): void {
    for (const [near, far] of [...pairs]) {
      if (reset) near.resetAndDestroy()
      else near.destroy()
      far.destroy()
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return pairs.size
    },
    cut,
    refuse: (on = true) => {
      refused = on
    },
    stall(on = true) {
      stalled = on
      if (!on) for (const send of waiting.splice(0)) send()
    },
    delay: (duration) => {
      pause = duration
    },
    halve: () => {
      halving = true
    },
    corrupt: (at = 0) => {
      corrupting = at
    },
    trickle: (on = true) => {
      trickling = on
    },
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
