/** A real Modbus server, over TCP in either framing, whose units can fall silent, refuse, and lose their connections, for tests and the demo. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Order, RegisterType } from '../../src/adapters/modbus/codec.ts'
import type { Table } from '../../src/adapters/modbus/register-map.ts'
import { encodeRegisters } from './modbus-encode.ts'
import { cut, type Framing, type Request } from './modbus-framing.ts'

/** How many registers and bits a unit has from address 0 on; beyond answers exception 2 (illegal address). */
export interface SimulatedUnit {
  readonly unit: number
  readonly holding?: number
  readonly input?: number
  readonly coil?: number
  readonly discrete?: number
}

export interface ModbusServer {
  readonly host: string
  readonly port: number
  /** Connections open now, and requests received since the start. */
  readonly connections: number
  readonly requests: number
  /** Sets registers (0…65535), or bits (0, 1) of the coil tables. */
  set(unit: number, place: { table: Table; address: number }, words: readonly number[]): void
  /** Sets registers by type and byte order [ABCD]. */
  setNumber(
    unit: number,
    place: {
      table?: 'holding' | 'input'
      address: number
      type: Exclude<RegisterType, 'bool' | 'bits'>
      order?: Order
    },
    value: number | bigint,
  ): void
  /** The unit stops (or resumes) answering; the connection stays. */
  mute(unit: number, muted?: boolean): void
  /** The unit answers every read with this exception code; `undefined` ends it. */
  exception(unit: number, code: number | undefined): void
  /** Reads that touch this address are refused with exception 2, as of a hole in a register map. */
  hole(unit: number, place: { table: Table; address: number }): void
  /** Answers are held back this long, milliseconds. */
  delay(unit: number, duration: number): void
  /** Ends every connection; new ones are welcome. */
  hangUp(): void
  /** Closes the listener and every connection. */
  stop(): Promise<void>
}

interface Unit {
  readonly tables: Readonly<Record<Table, Uint16Array>>
  readonly holes: Set<string>
  muted: boolean
  exception: number | undefined
  delay: number
}

const FUNCTIONS: Readonly<Record<number, Table>> = { 1: 'coil', 2: 'discrete', 3: 'holding', 4: 'input' }
const ILLEGAL_FUNCTION = 1
const ILLEGAL_ADDRESS = 2
const ILLEGAL_VALUE = 3

/** Listens on loopback; `port` 0 picks a free one. Units that are not simulated never answer, as on a serial line. */
export async function startModbusServer({
  port = 0,
  host = '127.0.0.1',
  framing = 'tcp',
  units,
}: {
  port?: number
  host?: string
  framing?: Framing
  units: readonly SimulatedUnit[]
}): Promise<ModbusServer> {
  const known = new Map(units.map((unit) => [unit.unit, makeUnit(unit)]))
  const sockets = new Set<Socket>()
  let requests = 0

  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay()
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      for (let request = cut(rest, framing); request; request = cut(rest, framing)) {
        requests++
        serve(socket, request)
        rest = rest.subarray(request.length)
      }
    })
  })

  function serve(socket: Socket, { unit: address, pdu, wrap }: Request): void {
    const unit = known.get(address)
    if (!unit || unit.muted) return
    const response = wrap(answer(unit, pdu))
    // A transparent serial device server passes on what comes from the line to whoever is connected then.
    const send = () => (framing === 'rtu' ? [...sockets].at(-1) : socket)?.write(response)
    if (unit.delay > 0) setTimeout(send, unit.delay).unref()
    else send()
  }

  server.listen(port, host)
  await once(server, 'listening')
  const unitOf = (unit: number): Unit => {
    const found = known.get(unit)
    if (!found) throw new RangeError(`unit ${unit} is not simulated`)
    return found
  }
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }

  return {
    host,
    port: (server.address() as AddressInfo).port,
    get connections() {
      return sockets.size
    },
    get requests() {
      return requests
    },
    set(unit, { table, address }, words) {
      unitOf(unit).tables[table].set(words, address)
    },
    setNumber(unit, { table = 'holding', address, ...coding }, value) {
      unitOf(unit).tables[table].set(encodeRegisters(value, coding), address)
    },
    mute(unit, muted = true) {
      unitOf(unit).muted = muted
    },
    exception(unit, code) {
      unitOf(unit).exception = code
    },
    hole(unit, { table, address }) {
      unitOf(unit).holes.add(`${table}:${address}`)
    },
    delay(unit, duration) {
      unitOf(unit).delay = duration
    },
    hangUp,
    async stop() {
      if (!server.listening) return
      server.close()
      hangUp()
      await once(server, 'close')
    },
  }
}

function makeUnit({ holding = 1_000, input = 1_000, coil = 1_000, discrete = 1_000 }: SimulatedUnit): Unit {
  return {
    tables: {
      holding: new Uint16Array(holding),
      input: new Uint16Array(input),
      coil: new Uint16Array(coil),
      discrete: new Uint16Array(discrete),
    },
    holes: new Set(),
    muted: false,
    exception: undefined,
    delay: 0,
  }
}

/** The response PDU to a request PDU. */
function answer(unit: Unit, request: Buffer): Buffer {
  const code = request[0]!
  const refuse = (exception: number) => Buffer.from([code | 0x80, exception])
  if (unit.exception !== undefined) return refuse(unit.exception)
  const table = FUNCTIONS[code]
  if (table === undefined) return refuse(ILLEGAL_FUNCTION)
  if (request.length < 5) return refuse(ILLEGAL_VALUE)
  const start = request.readUInt16BE(1)
  const count = request.readUInt16BE(3)
  const bitwise = table === 'coil' || table === 'discrete'
  if (count === 0 || count > (bitwise ? 2_000 : 125)) return refuse(ILLEGAL_VALUE)
  if (start + count > unit.tables[table].length) return refuse(ILLEGAL_ADDRESS)
  for (let address = start; unit.holes.size > 0 && address < start + count; address++) {
    if (unit.holes.has(`${table}:${address}`)) return refuse(ILLEGAL_ADDRESS)
  }
  const words = unit.tables[table].subarray(start, start + count)
  const data = Buffer.alloc(bitwise ? Math.ceil(count / 8) : count * 2)
  words.forEach((word, i) => {
    if (!bitwise) data.writeUInt16BE(word, i * 2)
    else if (word !== 0) data[i >> 3]! |= 1 << (i & 7)
  })
  return Buffer.concat([Buffer.from([code, data.length]), data])
}
