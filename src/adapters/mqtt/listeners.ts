/** The doors of the broker: TCP or TLS, and WebSocket beside it, as streams of bytes with an address. */
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { isLoopback } from '../../model/loopback.ts'
import { type Certificates, serverOptions } from './certificates.ts'
import type { MqttSettings } from './settings.ts'

export interface Listening {
  readonly server: Server
  /** For connections to come; those that are there go on. Nothing where it listens in clear. */
  renew(certificates: Certificates): void
  /** Takes no more connections; those that are there are their owner's. */
  close(): void
}

export interface Doors {
  /** A connection has come; what it is given is closed with it. */
  accept(stream: Duplex, address: string): void
  /** A connection failed before it was one. */
  failed(what: string, address: string): void
}

type Tls = MqttSettings['tls']

/** MQTT on TCP, or on TLS. */
export function openSockets(tls: Tls, { accept, failed }: Doors): Listening {
  const admit = (socket: Socket) => accept(socket, String(socket.remoteAddress))
  if (!tls) {
    const server = createServer({ noDelay: true }, admit)
    return { server, renew() {}, close: () => server.close() }
  }
  const server = createTlsServer({ ...serverOptions(tls), noDelay: true, handshakeTimeout: 10_000 }, admit)
  server.on('tlsClientError', (error, socket) =>
    failed(`a TLS connection failed: ${error.message}`, String(socket.remoteAddress)),
  )
  return {
    server,
    renew: (certificates) => server.setSecureContext({ ...certificates }),
    close: () => server.close(),
  }
}

/** MQTT in binary WebSocket messages, subprotocol `mqtt`. `users`: whether clients have to say who they are. Where they have not, pages
 *  from elsewhere are refused: any site that somebody on this machine looks at could speak to the broker otherwise. */
export function openWebSockets(
  { tls, packet, users }: { readonly tls: Tls; readonly packet: number; readonly users: () => boolean },
  { accept, failed }: Doors,
): Listening {
  const timeouts = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 }
  const secure = tls && createHttpsServer({ ...serverOptions(tls), ...timeouts })
  const server = secure ?? createHttpServer(timeouts)
  server.on('request', (_, response) => response.writeHead(426, { connection: 'close' }).end())
  const sockets = new WebSocketServer({
    server,
    maxPayload: packet,
    perMessageDeflate: false,
    verifyClient: ({ origin }: { origin?: string }) => users() || origin === undefined || isHere(origin),
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  })
  sockets.on('error', () => {})
  sockets.on('wsClientError', (error, socket) =>
    failed(`a WebSocket connection failed: ${error.message}`, String((socket as Socket).remoteAddress)),
  )
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket)
    stream.on('error', () => {})
    accept(stream, String(request.socket.remoteAddress))
  })
  return {
    server,
    renew: (certificates) => secure?.setSecureContext({ ...certificates }),
    close: () => void sockets.close(() => server.close()),
  }
}

/** Whether a page comes from this machine. */
function isHere(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}
