/** A Sparkplug B host application: edge nodes' messages in, readings out, and rebirth requests to those not understood. */
import type { Frame } from '../../model/ports.ts'
import type { Instant } from '../../model/time.ts'
import { diagnose } from './diagnose.ts'
import { type BornMetric, EdgeNode } from './edge-node.ts'
import { framesOf, type Yield } from './frames.ts'
import { pointOf, siteOf } from './mapping.ts'
import { decodePayload, encodePayload, type Payload } from './payload.ts'
import { deathOf, readingsOf, type SparkplugReading } from './readings.ts'
import type { SparkplugSettings } from './settings.ts'
import { commandTopic, diagnoseTopic, parseTopic, type SparkplugTopic } from './topic.ts'

/** How often its caller ticks it, milliseconds. */
export const TICK = 500

export interface HostOptions {
  readonly settings: SparkplugSettings
  /** The system clock. */
  now(): Instant
  /** Sends a command to a node: once, at QoS 0. */
  command(topic: string, payload: Uint8Array): void
  log(level: 'info' | 'warn', message: string, detail: Readonly<Record<string, unknown>>): void
}

interface Message {
  readonly at: SparkplugTopic
  readonly payload: Payload
  readonly node: EdgeNode
  readonly now: Instant
}

export class SparkplugHost {
  readonly #options: HostOptions
  readonly #nodes = new Map<string, EdgeNode>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /** What one message comes to: frames of readings for the door, which settle the message once all of them are settled. */
  take(message: Frame): readonly Frame[] {
    const at = parseTopic(message.topic)
    if (!at) return unreadable(message, diagnoseTopic(message.topic))
    // Commands of other hosts, and our own.
    if (at.kind === 'NCMD' || at.kind === 'DCMD') return framesOf({ site: '', readings: [] }, message)
    try {
      return framesOf(this.#read(at, message), message)
    } catch {
      // No payload, or one that runs out of the stack or of what a type can hold: an edge node must not end the service.
      return unreadable(message, diagnose(message.payload))
    }
  }

  /** The link is there (again): whatever was said meanwhile was not heard, so a rebirth is requested of all nodes. */
  resume(): void {
    const now = this.#options.now()
    for (const name of this.#options.settings.nodes) {
      const [group, edge] = name.split('/') as [string, string]
      this.#nodeOf({ group, edge }, now)
    }
    for (const node of this.#nodes.values()) {
      node.resume(now)
      this.#ask(node, now)
    }
  }

  /** Called every `TICK`: asks again, and returns the last word of devices that were not born again in time. */
  tick(): readonly Frame[] {
    const now = this.#options.now()
    const frames: Frame[] = []
    for (const node of this.#nodes.values()) {
      if (node.sequence.overdue(now)) this.#miss(node, 'a message is missing')
      this.#ask(node, now)
      const readings = this.#deaths(node, { metrics: node.overdue(now) })
      if (readings.length === 0) continue
      const site = siteOf(node.group, this.#options.settings)
      frames.push(...framesOf({ site, readings }, { topic: '', payload: new Uint8Array(), settle() {} }))
    }
    return frames
  }

  #read(at: SparkplugTopic, { payload: bytes }: Frame): Yield {
    const { settings, now: clock } = this.#options
    const site = siteOf(at.group, settings)
    const payload = decodePayload(bytes)
    const now = clock()
    const node = this.#nodeOf(at, now)
    const births = at.kind.endsWith('BIRTH')
    if (!node || (births && node.sizeBut(at.device) + payload.metrics.length > settings.maxMetrics)) {
      return { site, readings: [], refused: 'sparkplug-too-many' }
    }
    node.heard = now
    const outcome = this.#apply({ at, payload, node, now })
    this.#ask(node, now)
    return { site, ...outcome }
  }

  #apply(message: Message): Omit<Yield, 'site'> {
    const { at, payload, node, now } = message
    switch (at.kind) {
      case 'NBIRTH':
        node.nodeBorn(payload, now)
        return this.#values(message)
      case 'NDEATH': {
        const readings = node.dies(payload) ? this.#deaths(node, { metrics: node.nodeDied() }) : []
        return { readings }
      }
      case 'DDEATH':
        this.#follow(message)
        return { readings: this.#deaths(node, { metrics: node.deviceDied(at.device!), ts: payload.timestamp }) }
      case 'DBIRTH':
        this.#follow(message)
        if (!node.alive) node.want()
        node.deviceBorn(at.device, payload, now)
        return this.#values(message)
      default:
        this.#follow(message)
        if (!node.isBorn(at.device) || !node.alive) node.want()
        return this.#values(message)
    }
  }

  #follow({ payload, node, now }: Message): void {
    if (!node.sequence.take(payload.seq, now)) this.#miss(node, 'more than one message is missing')
  }

  #miss(node: EdgeNode, reason: string): void {
    const { group, edge } = node
    this.#options.log('warn', `Sparkplug: ${reason}; a rebirth is requested`, { node: `${group}/${edge}` })
    node.doubt()
    node.want()
  }

  #values({ at, payload, node }: Message): Omit<Yield, 'site'> {
    const { settings } = this.#options
    const readings: SparkplugReading[] = []
    let unborn = false
    for (const metric of payload.metrics) {
      const born = node.resolve(metric, at.device)
      if (!born) {
        unborn ||= metric.name === undefined || pointOf({ ...at, metric: metric.name }, settings) !== undefined
        continue
      }
      const point = pointOf({ ...at, metric: born.name }, settings)
      if (point !== undefined) readings.push(...readingsOf(metric, { point, type: born.type, sent: payload.timestamp }))
    }
    if (!unborn) return { readings }
    node.want()
    return { readings, refused: 'sparkplug-unborn' }
  }

  /** A will was written when the node connected, so its time is no time of death: without `ts` arrival stands for it. */
  #deaths(
    { group, edge }: EdgeNode,
    { metrics, ts }: { readonly metrics: readonly BornMetric[]; readonly ts?: number | undefined },
  ): SparkplugReading[] {
    return metrics.flatMap(({ name, device }) => {
      const point = pointOf(
        { group, edge, ...(device !== undefined && { device }), metric: name },
        this.#options.settings,
      )
      return point === undefined ? [] : [deathOf(point, ts)]
    })
  }

  #ask(node: EdgeNode, now: Instant): void {
    if (!node.ask(now, this.#options.settings.rebirth)) return
    const metrics = [{ name: 'Node Control/Rebirth', type: 'Boolean', value: true } as const]
    this.#options.command(commandTopic(node), encodePayload({ timestamp: now, metrics }))
  }

  /** The node of a topic; `undefined` where as many are known as may be, and none of them has died. */
  #nodeOf({ group, edge }: { readonly group: string; readonly edge: string }, now: Instant): EdgeNode | undefined {
    const key = `${group}/${edge}`
    const known = this.#nodes.get(key)
    if (known) return known
    const { maxNodes, reorder } = this.#options.settings
    if (this.#nodes.size >= maxNodes) {
      const idle = [...this.#nodes].filter(([, node]) => !node.alive).sort(([, a], [, b]) => a.heard - b.heard)[0]
      if (!idle) return undefined
      this.#nodes.delete(idle[0])
    }
    const node = new EdgeNode({ group, edge, now, reorder })
    this.#nodes.set(key, node)
    return node
  }
}

function unreadable(message: Frame, detail: string): readonly Frame[] {
  return framesOf({ site: '', readings: [], refused: 'sparkplug-unreadable', detail }, message)
}
