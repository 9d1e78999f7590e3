/** What Modbus frames travel on: a TCP connection in either framing, or a serial line. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import ModbusRTU from 'modbus-serial'
import type { Duration } from '../../model/time.ts'
import type { SerialSettings } from './settings.ts'

export type Client = InstanceType<typeof ModbusRTU.default>

/** Where the slaves are. `rtu`: frames end with a checksum and carry no number, as on a serial line. */
export type Route =
  | { readonly kind: 'tcp' | 'rtu'; readonly host: string; readonly port: number }
  | ({ readonly kind: 'serial' } & Required<SerialSettings>)

/** An open line. */
export interface Line {
  readonly client: Client
  isOpen(): boolean
  /** Why it is not open. */
  reason(): string
  onClose(listener: () => void): void
  close(): void
}

/** The route as people name it: `host:port` or the device. */
export function nameOf(route: Route): string {
  return route.kind === 'serial' ? route.path : `${route.host}:${route.port}`
}

/** Whether a late answer cannot be told from the next one: nothing in a serial frame says which request it answers. */
export function isUnnumbered({ kind }: Route): boolean {
  return kind !== 'tcp'
}

/** Silence that ends a frame on the line: three and a half characters of eleven bits, at least 1.75 ms. */
export function pauseOf(route: Route): Duration {
  return route.kind === 'serial' ? Math.max(1.75, (3.5 * 11 * 1_000) / route.baudRate) : 0
}

interface Limits {
  readonly timeout: Duration
  readonly signal: AbortSignal
}

/** Throws where the peer cannot be reached within `timeout`, the device cannot be opened, or the signal aborts. */
export function openLine(route: Route, limits: Limits): Promise<Line> {
  return route.kind === 'serial' ? openSerial(route) : openSocket(route, limits)
}

async function openSocket(
  { kind, host, port }: Extract<Route, { host: string }>,
  { timeout, signal }: Limits,
): Promise<Line> {
  const limit = AbortSignal.timeout(timeout)
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 })
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, limit]) })
  } catch (error) {
    socket.on('error', () => {})
    socket.destroy()
    throw limit.aborted ? new Error(`no connection within ${timeout} ms`, { cause: error }) : error
  }
  let reason = 'closed by the peer'
  socket.on('error', (error) => {
    reason = error.message
  })
  const client = clientOf()
  // The library's port for raw serial frames over a socket bears the name of the oldest such servers.
  if (kind === 'tcp') await client.linkTCP(socket, { port })
  else await client.linkTelnet(socket, { port })
  return lineOf(socket, { client, reason: () => reason })
}

function lineOf(socket: Socket, { client, reason }: Pick<Line, 'client' | 'reason'>): Line {
  return {
    client,
    reason,
    isOpen: () => !socket.destroyed && socket.readyState === 'open',
    onClose: (listener) => socket.on('close', listener),
    close: () => socket.destroy(),
  }
}

async function openSerial({ kind: _, path, ...options }: Extract<Route, { path: string }>): Promise<Line> {
  const client = clientOf()
  await client.connectRTUBuffered(path, options)
  return {
    client,
    reason: () => 'the device went away',
    isOpen: () => client.isOpen,
    onClose: (listener) => client.on('close', listener),
    close() {
      if (client.isOpen) client.close(() => {})
    },
  }
}

function clientOf(): Client {
  const client = new ModbusRTU.default()
  client.on('error', () => {})
  return client
}
