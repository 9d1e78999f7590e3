/** One edge node as its births and deaths tell it: its devices, their metrics, and which aliases mean what. */
import type { Instant } from '../../model/time.ts'
import type { DatatypeName } from './datatype.ts'
import type { Metric, Payload } from './payload.ts'
import { Sequence } from './sequence.ts'

/** What a birth said of a metric. */
export interface BornMetric {
  readonly name: string
  readonly type?: DatatypeName
  /** Absent for a metric of the node itself. */
  readonly device?: string
}

interface Device {
  readonly metrics: Map<string, BornMetric>
  readonly aliases: bigint[]
  /** `awaited`: born before, and to be born again before `until`. */
  state: 'born' | 'awaited' | 'dead'
  until: Instant
}

/** How long a device has to be born again after its node was, or after the link was away, milliseconds. */
const BIRTH_WITHIN = 30_000
/** Requests without an answer before the node is left to itself until it speaks again. */
const REQUESTS = 5

/** Key of the node itself among its devices. */
const SELF = ''

export class EdgeNode {
  readonly group: string
  readonly edge: string
  readonly sequence: Sequence
  /** Arrival of its last message. */
  heard: Instant
  #bdSeq: bigint | undefined
  /** False: aliases may have changed unheard, and mean nothing until the next birth. */
  #trusted = false
  #wanted = false
  #asked = Number.NEGATIVE_INFINITY
  #requests = 0
  readonly #aliases = new Map<bigint, BornMetric>()
  readonly #devices = new Map<string, Device>()

  constructor(at: { readonly group: string; readonly edge: string; readonly now: Instant; readonly reorder: number }) {
    this.group = at.group
    this.edge = at.edge
    this.heard = at.now
    this.sequence = new Sequence(at.reorder * 1_000)
  }

  /** Whether the node has been born and not died since. */
  get alive(): boolean {
    return this.#devices.get(SELF)?.state === 'born'
  }

  /** What its devices but one (`undefined`: the node itself) take up: themselves and the metrics they were born with. */
  sizeBut(name: string | undefined): number {
    let size = 0
    for (const [id, { metrics }] of this.#devices) if (id !== (name ?? SELF)) size += metrics.size + 1
    return size
  }

  /** The node's birth: all that was known of aliases is void, and devices have to be born again. */
  nodeBorn(payload: Payload, now: Instant): void {
    this.#bdSeq = bdSeqOf(payload)
    this.#aliases.clear()
    for (const [name, { state }] of this.#devices) if (state === 'dead') this.#devices.delete(name)
    this.#trusted = true
    this.#wanted = false
    this.#requests = 0
    this.sequence.start(payload.seq ?? 0)
    this.#await(now)
    this.deviceBorn(undefined, payload, now)
  }

  /** A device's birth (`undefined`: the node's own metrics). */
  deviceBorn(name: string | undefined, { metrics }: Payload, now: Instant): void {
    const device: Device = { metrics: new Map(), aliases: [], state: 'born', until: now }
    for (const alias of this.#devices.get(name ?? SELF)?.aliases ?? []) {
      if (this.#aliases.get(alias)?.device === name) this.#aliases.delete(alias)
    }
    this.#devices.set(name ?? SELF, device)
    for (const metric of metrics) {
      if (metric.name === undefined) continue
      const born = {
        name: metric.name,
        ...(metric.type && { type: metric.type }),
        ...(name !== undefined && { device: name }),
      }
      device.metrics.set(metric.name, born)
      if (metric.alias === undefined) continue
      device.aliases.push(metric.alias)
      this.#aliases.set(metric.alias, born)
    }
  }

  /** Whether a death is of the life that runs, not the late will of an earlier one. */
  dies(payload: Payload): boolean {
    const bdSeq = bdSeqOf(payload)
    return bdSeq === undefined || this.#bdSeq === undefined || bdSeq === this.#bdSeq
  }

  /** The node died: returns the metrics that spoke until now. */
  nodeDied(): readonly BornMetric[] {
    this.doubt()
    this.sequence.stop()
    this.#wanted = false
    return [...this.#devices.keys()].flatMap((name) => this.#bury(name))
  }

  /** A device died. */
  deviceDied(name: string): readonly BornMetric[] {
    return this.#bury(name)
  }

  /** What a metric is; `undefined` where no birth that holds has said so. */
  resolve(metric: Metric, device: string | undefined): BornMetric | undefined {
    const { name, alias, type } = metric
    if (name !== undefined) {
      const known = this.#devices.get(device ?? SELF)?.metrics.get(name)
      if (known) return known
      return type ? { name, type, ...(device !== undefined && { device }) } : undefined
    }
    const born = alias === undefined || !this.#trusted ? undefined : this.#aliases.get(alias)
    return born?.device === device ? born : undefined
  }

  /** Whether a device (`undefined`: the node) has been born and not died since. */
  isBorn(device: string | undefined): boolean {
    return this.#devices.get(device ?? SELF)?.state === 'born'
  }

  /** Something was missed that may have been a birth. */
  doubt(): void {
    this.#trusted = false
    this.#aliases.clear()
    this.sequence.stop()
  }

  /** The link was away: everything has to be born again. */
  resume(now: Instant): void {
    this.doubt()
    this.#await(now)
    this.want()
  }

  /** It shall be asked to be born again. */
  want(): void {
    this.#wanted = true
  }

  /** Whether to ask now; asking is noted. */
  ask(now: Instant, every: number): boolean {
    if (!this.#wanted || now - this.#asked < every * 1_000) return false
    if (this.#requests >= REQUESTS && this.heard <= this.#asked) return false
    this.#requests = this.heard > this.#asked ? 1 : this.#requests + 1
    this.#asked = now
    return true
  }

  /** Metrics of devices that were not born again in time; they count as dead from here on. */
  overdue(now: Instant): readonly BornMetric[] {
    return [...this.#devices].flatMap(([name, { state, until }]) =>
      state === 'awaited' && now >= until ? this.#bury(name) : [],
    )
  }

  #await(now: Instant): void {
    for (const device of this.#devices.values()) {
      if (device.state !== 'born') continue
      device.state = 'awaited'
      device.until = now + BIRTH_WITHIN
    }
  }

  #bury(name: string): readonly BornMetric[] {
    const device = this.#devices.get(name)
    if (!device || device.state === 'dead') return []
    device.state = 'dead'
    return [...device.metrics.values()]
  }
}

function bdSeqOf({ metrics }: Payload): bigint | undefined {
  const value = metrics.find(({ name }) => name === 'bdSeq')?.value('Int64')
  if (typeof value === 'bigint') return value
  return Number.isInteger(value) ? BigInt(value as number) : undefined
}
