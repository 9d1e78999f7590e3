/** MQTT devices at a steady pace in a process of their own; now and then a gas point crosses its limit, up and down in turn. */
import { connect, type Socket } from 'node:net'
import { argv } from 'node:process'
import { generate } from 'mqtt-packet'

const [port, perSecond, connections, crossings] = argv.slice(2).map(Number) as [number, number, number, number]
const sockets: Socket[] = []
/** Points of mine-0 that cross; the others stay calm. */
const CROSSING = 50
let n = 0
let crossed = 0
const high = new Map<number, boolean>()

for (let i = 0; i < connections; i++) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  socket.resume()
  socket.write(generate({ cmd: 'connect', clientId: `paced-${i}`, protocolId: 'MQTT', clean: true, keepalive: 60 }))
  sockets.push(socket)
}

const STEP = 5
const started = performance.now()
let sent = 0
setInterval(() => {
  const due = Math.floor(((performance.now() - started) / 1_000) * perSecond)
  for (; sent < due; sent++) publish()
}, STEP)
process.on('disconnect', () => process.exit())

function publish(): void {
  n += 1
  const crosses = n % Math.round(perSecond / crossings) === 0
  const point = crosses ? 21 + (crossed++ % CROSSING) : 21 + CROSSING + (n % 500)
  let value = 0.3
  if (crosses) {
    const up = !high.get(point)
    high.set(point, up)
    value = up ? 1.2 : 0.4
  }
  const payload = JSON.stringify({ ts: Date.now(), value, quality: 'good', ref: `gw1-${n}` })
  const messageId = (n % 60_000) + 1
  const topic = `davy/v1/mine-0/gas/ch4-${point}`
  sockets[n % sockets.length]!.write(
    generate({ cmd: 'publish', topic, payload, qos: 1, messageId, dup: false, retain: false }),
  )
}
