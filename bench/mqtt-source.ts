/** Single readings a second through the embedded broker, settled at once, beside bare mqtt-packet and bare aedes under the same load. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { availableParallelism, cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { Aedes } from 'aedes'
import { generate, parser } from 'mqtt-packet'
import { embedded, type Taker } from './taker.ts'

const CONNECTIONS = 100
const WINDOW = 100
const WARM_UP = 2_000
const MEASURE = Number(process.env.BENCH_SECONDS ?? 5) * 1_000

const print = (line: Record<string, unknown>) => console.log(JSON.stringify({ bench: 'mqtt-source', ...line }))
print({ machine: cpus()[0]?.model, cores: availableParallelism(), node: process.version })
for (const qos of [1, 0]) {
  for (const [what, start] of Object.entries({ 'mqtt-packet': barePackets, aedes: bareAedes, broker: embedded })) {
    print(await measure({ what, qos, taker: await start() }))
  }
}
process.exit()

async function measure({ what, qos, taker }: { what: string; qos: number; taker: Taker }) {
  const load = fork(new URL('./mqtt-load.ts', import.meta.url), [taker.port, CONNECTIONS, WINDOW, qos].map(String))
  let acknowledged = 0
  load.on('message', (message: { acknowledged: number }) => {
    acknowledged = message.acknowledged
  })
  await pause(WARM_UP)
  const before = { taken: taker.taken(), acknowledged, at: performance.now(), cpu: process.cpuUsage() }
  await pause(MEASURE)
  const seconds = (performance.now() - before.at) / 1_000
  const { user, system } = process.cpuUsage(before.cpu)
  const messages = taker.taken() - before.taken
  load.kill()
  await once(load, 'exit')
  const rssMiB = Math.round(process.memoryUsage.rss() / 1_048_576)
  await taker.close()
  return {
    what,
    qos,
    connections: CONNECTIONS,
    perSecond: Math.round(messages / seconds),
    ...(qos > 0 && { acknowledgedPerSecond: Math.round((acknowledged - before.acknowledged) / seconds) }),
    cpuMicrosPerMessage: Number(((user + system) / messages).toFixed(2)),
    rssMiB,
  }
}

async function bareAedes(): Promise<Taker> {
  let taken = 0
  const aedes = await Aedes.createBroker({
    authorizePublish(_client, _packet, done) {
      taken++
      done()
    },
  })
  const { port, close } = await listen(createServer((socket) => void aedes.handle(socket)))
  return { port, taken: () => taken, close: () => new Promise((resolve) => aedes.close(() => resolve(close()))) }
}

async function barePackets(): Promise<Taker> {
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
    socket.on('data', (data) => {
      socket.cork()
      packets.parse(data)
      socket.uncork()
    })
  })
  return { ...(await listen(server)), taken: () => taken }
}

async function listen(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
