/** A Sparkplug B edge node over a real socket: births with aliases, data by alias alone, deaths, gaps, and history it kept while nobody took it. */
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import type { DatatypeName } from '../../src/adapters/sparkplug/datatype.ts'
import { decodePayload, encodePayload, type NewMetric } from '../../src/adapters/sparkplug/payload.ts'

/** What a metric is, as its birth tells it. */
export interface SimulatedMetric {
  readonly name: string
  readonly type: DatatypeName
  readonly value: NewMetric['value']
}

export interface SparkplugNodeOptions {
  readonly url: string
  readonly group: string
  readonly edge: string
  readonly metrics?: readonly SimulatedMetric[]
  readonly devices?: Readonly<Record<string, readonly SimulatedMetric[]>>
  /** Keeps data while this host is not online. */
  readonly primaryHost?: string
  /** What it does when asked to be born again: `answer` [default], or be `deaf`. */
  readonly rebirth?: 'answer' | 'deaf'
  readonly connection?: IClientOptions
  readonly now?: () => number
}

export interface SimulatedChange {
  readonly device?: string
  readonly name: string
  readonly value: NewMetric['value']
  /** Milliseconds; default now. */
  readonly timestamp?: number
  readonly quality?: number
  readonly historical?: boolean
}

export class SparkplugNode {
  readonly #options: SparkplugNodeOptions
  readonly #definitions = new Map<string, { alias: number; type: DatatypeName; value: NewMetric['value'] }>()
  readonly #kept: SimulatedChange[] = []
  #client: MqttClient | undefined
  #bdSeq = -1
  #seq = 0
  #hostOnline: boolean
  /** How often it was asked to be born again. */
  asked = 0
  /** How often it was born. */
  births = 0

  constructor(options: SparkplugNodeOptions) {
    this.#options = options
    this.#hostOnline = options.primaryHost === undefined
    const groups = [['', options.metrics ?? []] as const, ...Object.entries(options.devices ?? {})]
    for (const [device, metrics] of groups) {
      for (const { name, type, value } of metrics) {
        this.#definitions.set(`${device}\0${name}`, { alias: this.#definitions.size + 1, type, value })
      }
    }
  }

  /** Whether its primary host takes what it says. */
  get online(): boolean {
    return this.#hostOnline
  }

  /** Connects with the death as its will, and is born (where it has a primary host: once that is online). */
  async connect(): Promise<void> {
    const { url, connection, primaryHost } = this.#options
    this.#bdSeq = (this.#bdSeq + 1) % 256
    const will = { topic: this.#topic('NDEATH'), payload: this.#deathPayload(), qos: 1, retain: false } as const
    const client = await connectAsync(url, { reconnectPeriod: 0, ...connection, will })
    this.#client = client
    client.on('error', () => {})
    client.on('message', (topic, payload) => this.#hear(topic, payload))
    await client.subscribeAsync(this.#topic('NCMD'), { qos: 1 })
    if (primaryHost === undefined) this.birth()
    else await client.subscribeAsync(`spBv1.0/STATE/${primaryHost}`, { qos: 1 })
  }

  /** Says what it is: the node, then each device. */
  birth(): void {
    this.births++
    this.#seq = 0
    const bdSeq: NewMetric = { name: 'bdSeq', type: 'Int64', value: BigInt(this.#bdSeq) }
    const rebirth: NewMetric = { name: 'Node Control/Rebirth', type: 'Boolean', value: false }
    this.#send('NBIRTH', undefined, [bdSeq, rebirth, ...this.#born('')])
    for (const device of Object.keys(this.#options.devices ?? {})) this.deviceBirth(device)
  }

  deviceBirth(device: string): void {
    this.#send('DBIRTH', device, this.#born(device))
  }

  deviceDeath(device: string): void {
    this.#send('DDEATH', device, [])
  }

  /** Reports changes by alias alone; while the host is away they are kept, and sent as history afterwards. */
  report(...changes: readonly SimulatedChange[]): void {
    const now = this.#now()
    const timed = changes.map((change) => ({ timestamp: now, ...change }))
    if (!this.#client?.connected || !this.#hostOnline) {
      this.#kept.push(...timed.map((change) => ({ ...change, historical: true })))
      return
    }
    for (const device of new Set(timed.map((change) => change.device))) {
      const metrics = timed.filter((change) => change.device === device).map((change) => this.#changed(change))
      this.#send(device === undefined ? 'NDATA' : 'DDATA', device, metrics)
    }
  }

  /** Loses the next message on the way: its number is used up. */
  lose(): void {
    this.#seq = (this.#seq + 1) % 256
  }

  /** Goes without a word: the broker publishes the will. */
  vanish(): void {
    this.#client?.stream.destroy()
  }

  /** A late will of an earlier life. */
  async oldDeath(bdSeq: number): Promise<void> {
    await this.#client?.publishAsync(this.#topic('NDEATH'), this.#deathPayload(bdSeq), { qos: 1 })
  }

  /** Waits until what was sent before is with the broker, and closes with a word of death. */
  async close(): Promise<void> {
    const client = this.#client
    if (!client) return
    if (client.connected) await client.publishAsync(this.#topic('NDEATH'), this.#deathPayload(), { qos: 1 })
    await client.endAsync(true)
  }

  #hear(topic: string, payload: Buffer): void {
    if (topic.startsWith('spBv1.0/STATE/')) {
      const { online } = JSON.parse(payload.toString()) as { online: boolean }
      const returned = online && !this.#hostOnline
      this.#hostOnline = online
      if (!returned) return
      this.birth()
      this.report(...this.#kept.splice(0))
      return
    }
    const asked = decodePayload(payload).metrics.some(
      (metric) => metric.name === 'Node Control/Rebirth' && metric.value(),
    )
    if (!asked) return
    this.asked++
    if (this.#options.rebirth !== 'deaf') this.birth()
  }

  #born(device: string): NewMetric[] {
    const timestamp = this.#now()
    return [...this.#definitions]
      .filter(([key]) => key.startsWith(`${device}\0`))
      .map(([key, { alias, type, value }]) => ({
        name: key.slice(device.length + 1),
        alias,
        type,
        value: value ?? null,
        timestamp,
      }))
  }

  #changed({ device = '', name, value, timestamp, quality, historical }: SimulatedChange): NewMetric {
    const definition = this.#definitions.get(`${device}\0${name}`)!
    if (!historical) definition.value = value
    return {
      alias: definition.alias,
      as: definition.type,
      value: value ?? null,
      ...(timestamp !== undefined && { timestamp }),
      ...(quality !== undefined && { quality }),
      ...(historical && { historical }),
    }
  }

  #send(kind: string, device: string | undefined, metrics: readonly NewMetric[]): void {
    const payload = encodePayload({ timestamp: this.#now(), seq: this.#seq, metrics })
    this.#seq = (this.#seq + 1) % 256
    this.#client?.publish(this.#topic(kind, device), Buffer.from(payload), { qos: 1 })
  }

  #deathPayload(bdSeq = this.#bdSeq): Buffer {
    const metrics = [{ name: 'bdSeq', type: 'Int64', value: BigInt(bdSeq) } as const]
    return Buffer.from(encodePayload({ timestamp: this.#now(), metrics }))
  }

  #topic(kind: string, device?: string): string {
    const { group, edge } = this.#options
    return ['spBv1.0', group, kind, edge, ...(device === undefined ? [] : [device])].join('/')
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}
