/** One connection to a broker: MQTT 3.1.1 as a receiver needs it, acknowledging only what was settled. */
import { readFileSync } from 'node:fs'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { generate, type IConnackPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import type { Frame } from '../../model/ports.ts'
import type { MqttClientSettings } from './settings.ts'
import { Unacknowledged } from './unacknowledged.ts'

/** How long connecting and subscribing may take together. */
const READY_WITHIN = 10_000
const SUBSCRIBE_ID = 1

const REFUSALS: Readonly<Record<number, string>> = {
  1: 'it does not speak MQTT 3.1.1',
  2: 'it does not accept the client id',
  3: 'it is not available',
  4: 'wrong user name or password',
  5: 'not authorised',
}

export interface ConnectionEvents {
  /** Subscribed: frames may come (queued ones may have come before). */
  ready(): void
  /** The messages of one read. */
  frames(frames: readonly Frame[]): void
  /** The connection is gone, once; nothing follows. */
  lost(reason: string, cause?: Error): void
  /** Retained messages are news of unknown age, and are left out. */
  retained(topic: string): void
}

export class Connection {
  readonly #settings: MqttClientSettings
  readonly #events: ConnectionEvents
  readonly #socket: Socket
  readonly #unacknowledged: Unacknowledged
  readonly #deadline: NodeJS.Timeout
  #keepalive: NodeJS.Timeout | undefined
  #heardAt = performance.now()
  #batch: Frame[] = []
  #over = false

  /** Connects at once. Throws where a file of the settings cannot be read. */
  constructor(settings: MqttClientSettings, events: ConnectionEvents) {
    this.#settings = settings
    this.#events = events
    const { hostname, port, protocol } = new URL(settings.url)
    const host = hostname.replace(/^\[|\]$/g, '')
    const secure = protocol === 'mqtts:'
    const hello = this.#hello()
    const files = Object.entries(settings.tls ?? {}).map(([name, file]) => [name, readFileSync(file)])
    this.#socket = secure
      ? connectTls({
          host,
          port: Number(port || 8_883),
          ...(isIP(host) === 0 && { servername: host }),
          ...Object.fromEntries(files),
        })
      : connect({ host, port: Number(port || 1_883), noDelay: true })
    this.#unacknowledged = new Unacknowledged((acknowledgements) => {
      if (this.#over) return
      if (acknowledgements.length > 0) this.#socket.write(acknowledgements)
      if (this.#unacknowledged.size < settings.inFlight) this.#socket.resume()
    })
    this.#deadline = setTimeout(() => this.#lose(`no answer within ${READY_WITHIN / 1_000} s`), READY_WITHIN)
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet: Packet) => this.#hear(packet))
    packets.on('error', (error: Error) => this.#lose(`it sent what is not MQTT: ${error.message}`, error))
    this.#socket.once(secure ? 'secureConnect' : 'connect', () => this.#socket.write(hello))
    this.#socket.on('data', (data) => {
      this.#heardAt = performance.now()
      packets.parse(data)
      this.#flush()
    })
    this.#socket.on('error', (error) => this.#lose(error.message, error))
    this.#socket.on('close', () => this.#lose('it closed the connection'))
  }

  /** Says goodbye and frees the socket; `lost` is not called. */
  close(): void {
    if (this.#over) return
    this.#end()
    if (this.#socket.writable) this.#socket.write(generate({ cmd: 'disconnect' }))
    this.#socket.destroySoon()
    // A peer that does not read must not keep the socket.
    setTimeout(() => this.#socket.destroy(), 1_000).unref()
  }

  #hello(): Buffer {
    const { clientId, clean, keepalive, username, passwordFile } = this.#settings
    const password = passwordFile === undefined ? undefined : readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '')
    return generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId,
      clean,
      keepalive,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: Buffer.from(password) }),
    })
  }

  #hear(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#welcome(packet)
        return
      case 'suback': {
        const refused = this.#settings.topics.filter((_, i) => packet.granted[i] === 128)
        clearTimeout(this.#deadline)
        if (refused.length > 0) this.#lose(`it refused to subscribe ${refused.join(', ')}`)
        else this.#events.ready()
        return
      }
      case 'publish':
        this.#receive(packet)
        return
      case 'pubrel':
        this.#unacknowledged.release(packet.messageId!)
        this.#socket.write(generate({ cmd: 'pubcomp', messageId: packet.messageId! }))
        return
      default:
    }
  }

  #welcome({ returnCode = 0 }: IConnackPacket): void {
    if (returnCode !== 0) {
      this.#lose(`it refused: ${REFUSALS[returnCode] ?? `code ${returnCode}`}`)
      return
    }
    const { topics, qos, keepalive } = this.#settings
    const subscriptions = topics.map((topic) => ({ topic, qos }))
    this.#socket.write(generate({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions }))
    this.#keepalive = setInterval(() => {
      // While we do not read, its silence means nothing.
      if (this.#socket.isPaused()) this.#heardAt = performance.now()
      if (performance.now() - this.#heardAt > keepalive * 1_500) this.#lose(`silent for ${keepalive * 1.5} s`)
      else this.#socket.write(generate({ cmd: 'pingreq' }))
    }, keepalive * 500)
  }

  #receive({ topic, payload, qos, messageId = 0, retain }: IPublishPacket): void {
    const received = this.#unacknowledged.take(messageId, qos)
    if (!received) return
    const settle = () => {
      if (!received.settled && !this.#over) this.#unacknowledged.settle(received)
    }
    if (retain) this.#events.retained(topic)
    if (retain || isAlarm(topic)) settle()
    else this.#batch.push({ topic, payload: payload as Buffer, settle })
  }

  #flush(): void {
    if (this.#over) return
    if (this.#batch.length > 0) {
      const batch = this.#batch
      this.#batch = []
      this.#events.frames(batch)
    }
    if (this.#unacknowledged.size >= this.#settings.inFlight) this.#socket.pause()
  }

  #lose(reason: string, cause?: Error): void {
    if (this.#over) return
    this.#end()
    this.#socket.destroy()
    this.#events.lost(reason, cause)
  }

  #end(): void {
    this.#over = true
    clearTimeout(this.#deadline)
    clearInterval(this.#keepalive)
  }
}

/** What the service itself publishes comes back to whoever subscribes a whole site. */
function isAlarm(topic: string): boolean {
  return /^davy\/v1\/[^/]+\/alarms(\/|$)/.test(topic)
}
