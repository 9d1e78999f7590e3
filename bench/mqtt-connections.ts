/** Ten thousand idle and one thousand active connections on the embedded broker: memory of the process and readings a second, beside a bare server of sockets. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { generate, parser } from 'mqtt-packet'
import { crowdSockets } from './mqtt-crowd.ts'
import { embedded, type Taker } from './taker.ts'

const IDLE = Number(process.env.BENCH_IDLE ?? 10_000)
const ACTIVE = 1_000
const MEASURE = Number(process.env.BENCH_SECONDS ?? 5) * 1_000

if (process.argv[2] === 'crowd') await crowdSockets({ port: Number(process.argv[3]), idle: IDLE, active: ACTIVE })
else {
  for (const [what, start] of Object.entries({ sockets: bareSockets, broker: embedded })) {
    console.log(JSON.stringify({ bench: 'mqtt-connections', what, ...(await measure(await start())) }))
  }
  process.exit()
}

async function measure(taker: Taker) {
  const before = process.memoryUsage.rss()
  const crowd = fork(new URL(import.meta.url), ['crowd', String(taker.port)])
  const [{ connected }] = (await once(crowd, 'message')) as [{ connected: number }]
  await pause(1_000)
  const from = { taken: taker.taken(), at: performance.now() }
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 100)
  await pause(MEASURE)
  clearInterval(watch)
  const perSecond = Math.round(((taker.taken() - from.taken) / (performance.now() - from.at)) * 1_000)
  crowd.kill()
  await once(crowd, 'exit')
  await taker.close()
  const mebi = (bytes: number) => Math.round(bytes / 1_048_576)
  return { connected, perSecond, rssMiB: mebi(most), rssBeforeMiB: mebi(before) }
}

async function bareSockets(): Promise<Taker> {
  let taken = 0
  const server = createServer((socket) => {
    const packets = parser()
    packets.on('packet', (packet) => {
      if (packet.cmd === 'connect') socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }))
      if (packet.cmd !== 'publish') return
      taken++
      if (packet.qos > 0) socket.write(generate({ cmd: 'puback', messageId: packet.messageId! }))
    })
    socket.on('error', () => {})
    socket.on('data', (data) => packets.parse(data))
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, taken: () => taken, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
