/** The event stream: one serialisation for each way of seeing, many readers, and nobody skips a transition unknowingly. */
import type { ServerResponse } from 'node:http'
import type { StreamedTransition } from '../../model/ports.ts'
import { nextShiftChange } from '../../model/shift.ts'
import { formatInstant, type Instant, SECOND } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Masking } from '../privacy/masking.ts'
import type { Service } from '../service.ts'
import { serialiseTransition } from '../wire.ts'
import type { SiteView } from './schemas.ts'
import type { CountsEvent, HelloEvent } from './schemas-admin.ts'
import { createLinkNews, type LinkNews } from './stream-links.ts'
import { siteView } from './views.ts'

const PAGE = 200
const COUNTS_EVERY = 500
const TICK = 250
const HEARTBEAT_TICKS = (15 * SECOND) / TICK
const LINK_TICKS = SECOND / TICK

interface Client {
  readonly out: ServerResponse
  /** Whether persons and cards are hidden from its reader. */
  readonly mask: boolean
  /** Whether the session behind it still stands. */
  readonly stands: () => boolean
  /** Stream number of the last transition written. */
  seq: number
  /** False while it reads what it missed from the store; live batches are then left to the store, too. */
  live: boolean
  /** Ticks its buffer has been full without a break. */
  stalled: number
}

/** Owns the open streams from `createApi` until the server closes. */
export class StreamHub {
  readonly #service: Service
  readonly #clock: Clock
  readonly #masking: Masking
  readonly #buffer: number
  readonly #clients = new Set<Client>()
  readonly #stops: readonly (() => void)[]
  #newest = 0
  #found: Promise<void> | undefined
  readonly #links: LinkNews
  #ticks = 0
  /** Sites whose counts changed since they were last sent. */
  #touched = new Set<string>()
  #sent: Instant = Number.NEGATIVE_INFINITY
  #shiftChange: Instant = Number.NEGATIVE_INFINITY

  constructor({
    service,
    clock,
    masking,
    buffer,
  }: { service: Service; clock: Clock; masking: Masking; buffer: number }) {
    this.#service = service
    this.#clock = clock
    this.#masking = masking
    this.#buffer = buffer
    this.#links = createLinkNews(service)
    const tick = clock.every(TICK, () => this.#tick())
    this.#stops = [
      service.onTransitions((batch) => this.#publish(batch)),
      service.onChange((sites) => this.#touch(sites), TICK),
      () => tick.cancel(),
    ]
  }

  get size(): number {
    return this.#clients.size
  }

  /** Begins a stream on a response whose head is written; `after` is the last stream number its reader has. */
  async open(
    out: ServerResponse,
    { after, mask, stands }: { after: number | undefined; mask: boolean; stands: () => boolean },
  ): Promise<void> {
    const client: Client = { out, mask, stands, seq: 0, live: false, stalled: 0 }
    this.#clients.add(client)
    out.on('close', () => this.#clients.delete(client))
    out.on('error', () => this.#clients.delete(client))
    try {
      this.#found ??= this.#findNewest()
      await this.#found
      // A number from the future is another installation's: starting over is said, not hidden.
      const reset = after !== undefined && after > this.#newest
      client.seq = after === undefined || reset ? this.#newest : after
      const hello: HelloEvent = { seq: this.#newest, at: formatInstant(this.#clock.now()), ...(reset && { reset }) }
      out.write(frame('hello', hello, client.seq))
      await this.#catchUp(client)
    } catch {
      // Ended rather than left behind: the reader comes back with its last id.
      drop(client)
    }
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const { out } of this.#clients) out.end()
  }

  async #findNewest(): Promise<void> {
    const newest = await this.#service.alarms.last()
    this.#newest = Math.max(this.#newest, newest)
  }

  async #catchUp(client: Client): Promise<void> {
    client.live = false
    while (this.#clients.has(client)) {
      const missed = await this.#service.alarms.since(client.seq, PAGE)
      if (missed.length > 0) {
        client.out.write(this.#encode(missed, client.mask))
        client.seq = missed.at(-1)!.seq
        // At its own pace: however much it missed, one page at most is held for it.
        if (client.out.writableNeedDrain) await drained(client.out)
      } else if (this.#newest <= client.seq) {
        // No await between this look and the next batch, so nothing falls between store and live.
        client.live = true
        client.out.write(frame('links', this.#links.now()))
        client.out.write(this.#counts(this.#service.installation().sites.keys()))
        return
      } else {
        await this.#clock.wait(10)
      }
    }
  }

  #publish(batch: readonly StreamedTransition[]): void {
    const first = batch[0]
    const last = batch.at(-1)
    if (!first || !last) return
    this.#newest = Math.max(this.#newest, last.seq)
    if (this.#clients.size === 0) return
    this.#touch(batch.map(({ transition }) => transition.site))
    // One serialisation for all who see everything, one for all who do not, and none for nobody.
    const bytes = new Map<boolean, Buffer>()
    for (const client of this.#clients) {
      if (!client.live || last.seq <= client.seq) continue
      if (first.seq === client.seq + 1) {
        client.seq = last.seq
        const known = bytes.get(client.mask) ?? this.#encode(batch, client.mask)
        bytes.set(client.mask, known)
        this.#send(client, known)
      } else {
        // It overlaps or leaves a gap: the store knows what is missing.
        this.#catchUp(client).catch(() => drop(client))
      }
    }
  }

  /** Sends counts at once, or with the next tick where some were sent just before. */
  #touch(sites: Iterable<string>): void {
    if (this.#clients.size === 0) return
    for (const site of sites) this.#touched.add(site)
    const now = this.#clock.now()
    if (this.#touched.size === 0 || now - this.#sent < COUNTS_EVERY) return
    this.#sent = now
    const changed = this.#touched
    this.#touched = new Set()
    this.#broadcast(this.#counts(changed))
  }

  #tick(): void {
    if (this.#clients.size === 0) return
    this.#ticks++
    this.#touch(this.#newShifts())
    if (this.#ticks % LINK_TICKS === 0) this.#tell('links', this.#links.changed())
    if (this.#ticks % LINK_TICKS === 0) this.#tell('traffic', this.#links.traffic())
    const heartbeat = this.#ticks % HEARTBEAT_TICKS === 0
    for (const client of this.#clients) {
      client.stalled = client.out.writableNeedDrain ? client.stalled + 1 : 0
      if (client.stalled > 2 * HEARTBEAT_TICKS || (heartbeat && !client.stands())) drop(client)
    }
    if (heartbeat) this.#broadcast(Buffer.from(': still here\n\n'))
  }

  /** All sites once a shift anywhere has begun or ended: limits hold by shift, though nobody moved. */
  #newShifts(): Iterable<string> {
    const now = this.#service.now()
    if (now < this.#shiftChange) return []
    const first = this.#shiftChange === Number.NEGATIVE_INFINITY
    const { sites } = this.#service.installation()
    const changes = [...sites.values()].map(({ shifts, timezone }) => nextShiftChange(now, { shifts, zone: timezone }))
    this.#shiftChange = Math.min(...changes)
    return first ? [] : sites.keys()
  }

  #tell(event: string, news: object | undefined): void {
    if (news) this.#broadcast(frame(event, news))
  }

  #counts(ids: Iterable<string>): Buffer {
    const { sites } = this.#service.installation()
    const views: SiteView[] = []
    for (const id of ids) {
      const site = sites.get(id)
      if (site) views.push(siteView(this.#service, site))
    }
    return frame('counts', { sites: views } satisfies CountsEvent)
  }

  #encode(batch: readonly StreamedTransition[], mask: boolean): Buffer {
    const installation = this.#service.installation()
    let text = ''
    for (const { seq, transition: plain } of batch) {
      const transition = mask ? this.#masking.transition(plain) : plain
      text += `id: ${seq}\nevent: transition\ndata: ${JSON.stringify(serialiseTransition(transition, installation))}\n\n`
    }
    return Buffer.from(text)
  }

  /** To all who are live; who is catching up gets the state of things when done. */
  #broadcast(bytes: Buffer): void {
    for (const client of this.#clients) if (client.live) this.#send(client, bytes)
  }

  /** The bound is on what was not taken before: no single batch is too large for a reader that keeps up. */
  #send(client: Client, bytes: Buffer): void {
    if (client.out.writableLength > this.#buffer) drop(client)
    else client.out.write(bytes)
  }
}

function drop({ out }: Client): void {
  out.destroy()
}

function frame(event: string, data: object, id?: number): Buffer {
  return Buffer.from(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

function drained(out: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      out.off('drain', done)
      out.off('close', done)
      resolve()
    }
    out.on('drain', done)
    out.on('close', done)
  })
}
