/** A thousand Modbus registers each second from fifty slaves behind one address: what was polled of what was due, and the processor
 *  time it took, beside the library alone asking for the same blocks. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import ModbusRTU from 'modbus-serial'
import { startModbusServer } from '../simulators/servers/modbus.ts'
import { modbus } from '../src/adapters/modbus/index.ts'
import type { ModbusSettings } from '../src/adapters/modbus/settings.ts'
import { perSecond, print, timed } from './machine.ts'

const SLAVES = 50
const REGISTERS = 20
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10)
const UNITS = Array.from({ length: SLAVES }, (_, i) => i + 1)

const server = await startModbusServer({ units: UNITS.map((unit) => ({ unit })) })
const { port } = server

async function poll(): Promise<void> {
  const slaves = UNITS.map((unit) => ({
    unit,
    every: '1s',
    points: Array.from({ length: REGISTERS }, (_, address) => ({ point: `s${unit}/r${address}`, address })),
  }))
  const source = modbus.create({ host: '127.0.0.1', port, site: 'plant', slaves } as unknown as ModbusSettings, {
    name: 'plc',
    now: Date.now,
    log: () => {},
  })
  const abort = new AbortController()
  let readings = 0
  const polling = (async () => {
    for await (const frames of source.open(abort.signal)) {
      for (const frame of frames) {
        readings += (JSON.parse(new TextDecoder().decode(frame.payload)) as unknown[]).length
        frame.settle('journaled')
      }
    }
  })()
  const { seconds, cpuSeconds } = await timed(() => pause(SECONDS * 1_000))
  const kept = readings / (SLAVES * REGISTERS * seconds)
  print({
    bench: 'modbus',
    what: 'source and simulated slaves',
    readingsPerSecond: perSecond(readings, seconds),
    ofWhatWasDue: Number(kept.toFixed(3)),
    coreShare: Number((cpuSeconds / seconds).toFixed(3)),
    rssMiB: Math.round(process.memoryUsage.rss() / 1_048_576),
  })
  abort.abort()
  await polling
}

/** The same blocks, one after the other, as fast as the library goes. */
async function bare(): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const client = new ModbusRTU.default()
  await client.linkTCP(socket, { port })
  let registers = 0
  const end = performance.now() + SECONDS * 500
  const { seconds, cpuSeconds } = await timed(async () => {
    while (performance.now() < end) {
      for (const unit of UNITS) {
        client.setID(unit)
        registers += (await client.readHoldingRegisters(0, REGISTERS)).data.length
      }
    }
  })
  print({
    bench: 'modbus',
    what: 'modbus-serial alone and simulated slaves, unpaced',
    registersPerSecond: perSecond(registers, seconds),
    coreShare: Number((cpuSeconds / seconds).toFixed(3)),
  })
  socket.destroy()
}

await poll()
await bare()
await server.stop()
