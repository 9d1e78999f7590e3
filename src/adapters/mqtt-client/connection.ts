/** One connection to a broker: MQTT 3.1.1 or 5 as a receiver needs it, acknowledging only what was settled. */
import { readFileSync } from 'node:fs'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { generate, type IConnackPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import type { Frame } from '../../model/ports.ts'
import { statePayload, stateTopic } from '../sparkplug/topic.ts'
import { helloOf, subscriptionOf } from './hello.ts'
import { refusalOf } from './refusals.ts'
import type { MqttClientSettings } from './settings.ts'
import { Unacknowledged } from './unacknowledged.ts'

/** How long connecting and subscribing may take together. */
const READY_WITHIN = 10_000
const SUBSCRIBE_ID = 1
const PUBLISH_ID = 2

export interface ConnectionEvents {
  /** Subscribed: frames may come (queued ones may have come before). `weak`: filters that the broker grants at QoS 0 only, though more was
   *  asked for. */
  ready(weak: readonly string[]): void
  /** The messages of one read. */
  frames(frames: readonly Frame[]): void
  /** The connection is gone, once; nothing follows. */
  lost(reason: string, cause?: Error): void
  /** Somebody, or our own will of an earlier connection, said on our topic of Sparkplug that we are gone. */
  disowned(): void
  /** Retained messages are news of unknown age, and are left out. */
  retained(topic: string): void
}

export class Connection {
  readonly #settings: MqttClientSettings
  readonly #events: ConnectionEvents
  readonly #socket: Socket
  readonly #unacknowledged: Unacknowledged
  readonly #deadline: NodeJS.Timeout
  readonly #version: 4 | 5
  /** When it was made: what its will and its word of being there have in common. */
  readonly #since = Date.now()
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
    const hello = helloOf(settings, this.#since)
    this.#version = settings.version === 5 ? 5 : 4
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
      if (!this.#isFull()) this.#socket.resume()
    })
    this.#deadline = setTimeout(() => this.#lose(`no answer within ${READY_WITHIN / 1_000} s`), READY_WITHIN)
    const packets = parser({ protocolVersion: this.#version })
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

  /** Sends a message once; at QoS 1 the broker's word for it is not waited for. */
  publish(topic: string, payload: string | Uint8Array, { qos, retain }: { qos: 0 | 1; retain: boolean }): void {
    if (this.#over) return
    const message = { cmd: 'publish', topic, payload: Buffer.from(payload), dup: false, retain } as const
    const packet = qos === 0 ? { ...message, qos } : { ...message, qos, messageId: PUBLISH_ID }
    this.#socket.write(generate(packet, { protocolVersion: this.#version }))
  }

  /** Says that the host application is there, or is going. */
  announce(online: boolean): void {
    const { sparkplug } = this.#settings
    if (!sparkplug) return
    const state = statePayload(online, online ? this.#since : Date.now())
    this.publish(stateTopic(sparkplug.host), state, { qos: 1, retain: true })
  }

  /** Says goodbye and frees the socket; `lost` is not called. */
  close(): void {
    if (this.#over) return
    // A goodbye takes the will back, so it has to be said.
    if (this.#keepalive) this.announce(false)
    this.#end()
    if (this.#socket.writable) this.#socket.write(generate({ cmd: 'disconnect' }))
    this.#socket.destroySoon()
    // A peer that does not read must not keep the socket.
    setTimeout(() => this.#socket.destroy(), 1_000).unref()
  }

  #hear(packet: Packet): void {
    if (this.#over) return
    switch (packet.cmd) {
      case 'connack':
        this.#welcome(packet)
        return
      case 'suback': {
        const granted = packet.granted as readonly number[]
        const { qos } = this.#settings
        const filters = subscriptionOf(this.#settings)
        const refused = filters.filter((_, i) => (granted[i] ?? 128) >= 128)
        const weak = filters.filter((_, i) => qos > 0 && granted[i] === 0)
        clearTimeout(this.#deadline)
        if (refused.length > 0) this.#lose(`it refused to subscribe ${refused.join(', ')}`)
        else this.#events.ready(weak)
        return
      }
      case 'publish':
        this.#receive(packet)
        return
      case 'pubrel':
        this.#unacknowledged.release(packet.messageId!)
        this.#socket.write(generate({ cmd: 'pubcomp', messageId: packet.messageId! }))
        return
      case 'disconnect':
        this.#lose(`it said goodbye: ${refusalOf(packet.reasonCode ?? 0)}`)
        return
      default:
    }
  }

  #welcome({ returnCode, reasonCode }: IConnackPacket): void {
    const code = returnCode ?? reasonCode ?? 0
    if (code !== 0) {
      this.#lose(`it refused: ${refusalOf(code)}`)
      return
    }
    const { qos, keepalive } = this.#settings
    const subscriptions = subscriptionOf(this.#settings).map((topic) => ({ topic, qos }))
    const version = { protocolVersion: this.#version }
    this.#socket.write(generate({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions }, version))
    this.#keepalive = setInterval(() => {
      // While we do not read, its silence means nothing.
      if (this.#socket.isPaused()) this.#heardAt = performance.now()
      if (performance.now() - this.#heardAt > keepalive * 1_500) this.#lose(`silent for ${keepalive * 1.5} s`)
      else this.#socket.write(generate({ cmd: 'pingreq' }))
    }, keepalive * 500)
  }

  #receive({ topic, payload, qos, messageId = 0, retain }: IPublishPacket): void {
    const received = this.#unacknowledged.take({ messageId, qos, bytes: topic.length + payload.length })
    if (!received) return
    const settle = () => {
      if (!received.settled && !this.#over) this.#unacknowledged.settle(received)
    }
    const ours = this.#settings.sparkplug && topic === stateTopic(this.#settings.sparkplug.host)
    if (ours && !retain && !isOnline(payload)) this.#events.disowned()
    if (retain && !ours) this.#events.retained(topic)
    if (retain || ours || isAlarm(topic)) settle()
    else this.#batch.push({ topic, payload: payload as Buffer, settle })
  }

  #flush(): void {
    if (this.#over) return
    if (this.#batch.length > 0) {
      const batch = this.#batch
      this.#batch = []
      this.#events.frames(batch)
    }
    if (this.#isFull()) this.#socket.pause()
  }

  #isFull(): boolean {
    const { inFlight, inFlightBytes } = this.#settings
    return this.#unacknowledged.size >= inFlight || this.#unacknowledged.bytes >= inFlightBytes
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

/** What cannot be read does not say that we are there. */
function isOnline(payload: string | Buffer): boolean {
  try {
    return (JSON.parse(String(payload)) as { online?: unknown }).online === true
  } catch {
    return false
  }
}
