/** A load of MQTT devices in a process of its own, each with one point and a reference of its own a reading: keeps a window of QoS 1 publishes open on every connection. */
import { connect } from 'node:net'
import { argv } from 'node:process'
import { generate } from 'mqtt-packet'

const [port, connections, window, qos] = argv.slice(2, 6).map(Number) as [number, number, number, 0 | 1]
/** `{index}` and `{site}` stand for the connection's number and its last digit. */
const topic = argv[6] ?? 'davy/v1/bench/area/p{index}'
const PUBACK = 4

/** Numbers start with nine digits, so that none needs padding and every reference is distinct. */
const FIRST_NUMBER = 100_000_000

let sent = 0
let acknowledged = 0

for (let i = 0; i < connections; i++) open(i)
setInterval(() => process.send?.({ sent, acknowledged }), 100)
process.on('disconnect', () => process.exit())

function open(index: number): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  socket.write(generate({ cmd: 'connect', clientId: `load-${index}`, protocolId: 'MQTT', clean: true, keepalive: 60 }))
  // One buffer holds a whole window; only message id and value are written anew.
  const packets = Array.from({ length: window }, (_, i) => publish(index, i + 1))
  const size = packets[0]!.length
  const idAt = packets[0]!.length - packetBody(index).length - 2
  const tsAt = idAt + (qos > 0 ? 2 : 0) + '{"ts":'.length
  const refAt = size - '000000000"}'.length
  let id = 0
  let started = false
  const fill = (count: number) => {
    const buffer = Buffer.allocUnsafe(count * size)
    const now = String(Date.now())
    for (let i = 0; i < count; i++) {
      packets[0]!.copy(buffer, i * size)
      id = (id % 60_000) + 1
      if (qos > 0) buffer.writeUInt16BE(id, i * size + idAt)
      buffer.write(now, i * size + tsAt, 'latin1')
      buffer.write(String(FIRST_NUMBER + sent++), i * size + refAt, 'latin1')
    }
    return socket.write(buffer)
  }
  socket.on('data', (data) => {
    let bytes = data.length
    if (!started) {
      started = true
      bytes -= PUBACK
      if (qos === 0) return blast()
      fill(window)
    }
    const acks = bytes / PUBACK
    acknowledged += acks
    if (acks > 0) fill(acks)
  })
  const blast = () => {
    while (fill(window));
    socket.once('drain', blast)
  }
}

function packetBody(index: number): string {
  return `{"ts":${Date.now()},"value":0.42,"quality":"good","ref":"gw${String(index).padStart(4, '0')}-000000000"}`
}

function publish(index: number, messageId: number): Buffer {
  return generate({
    cmd: 'publish',
    topic: topic.replace('{index}', String(index + 100)).replace('{site}', String(index % 10)),
    payload: packetBody(index),
    qos,
    messageId,
    dup: false,
    retain: false,
  })
}
