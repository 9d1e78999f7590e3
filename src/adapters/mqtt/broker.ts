/** The embedded MQTT broker: a source whose peers are its clients, and the way alarms go out to them. */
import type { Worker } from 'node:worker_threads'
import { DavyError, SourceLost } from '../../model/errors.ts'
import type { AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import { SparkplugHost, TICK } from '../sparkplug/host.ts'
import { isSparkplug, statePayload, stateTopic } from '../sparkplug/topic.ts'
import { SupervisedWorker } from '../supervise.ts'
import type { Certificates } from './certificates.ts'
import { refuseOpenListener, usableCertificates } from './guards.ts'
import { unpack } from './handover.ts'
import type { FromWorker, Outgoing, ToWorker } from './messages.ts'
import { type MqttSettings, type MqttSettingsInput, withDefaults } from './settings.ts'

/** MiB. */
const HEAP = 1_024

export interface Broker extends Source {
  /** Where it listens. With port 0 the port is known once the link is up, and stays the same when opened again. */
  address(): { readonly host: string; readonly port: number; readonly wsPort?: number }
  /** Takes messages of the service itself, in order; resolves once the broker has them (while its thread restarts: afterwards).
   *  Retained ones survive a restart of the thread, not of the process. Rejects with `mqtt-broker-closed` while it is not open. */
  publish(messages: readonly Outgoing[]): Promise<void>
  /** Lets in whom these settings name from now on, and shows them the certificates that stand in the files now. Clients whose user was
   *  removed or changed are closed, all of them where `ca` is another one; the others stay. Throws what `createBroker` throws, and leaves
   *  everything as it was. */
  admit(settings: Pick<MqttSettings, 'users' | 'tls'>): void
  /** Ends the iteration, if there is one; resolves once the port is free. */
  close(): Promise<void>
}

export interface BrokerContext extends AdapterContext {
  readonly name: string
  /** Told of every worker that is started, for supervision from outside. */
  onWorker?(worker: Worker): void
}

/** Throws `mqtt-open-listener` where anybody on the network could forge readings, and `mqtt-tls-unreadable` where certificates cannot be used. */
export function createBroker(settings: MqttSettingsInput, context: BrokerContext): Broker {
  const complete = withDefaults(settings)
  refuseOpenListener(complete, context)
  return new EmbeddedBroker(complete, { ...context, certificates: usableCertificates(complete, context) })
}

/** Kinds of notices counted: some end in the words of a failure. */
const KINDS = 200

class EmbeddedBroker implements Broker {
  readonly name: string
  #settings: MqttSettings
  #certificates: Certificates | undefined
  readonly #context: BrokerContext
  readonly #retained = new Map<string, Outgoing>()
  readonly #sparkplug: SparkplugHost
  readonly #publishing = new Map<number, { messages: readonly Outgoing[] } & PromiseWithResolvers<void>>()
  #inbox: (readonly Frame[])[] = []
  #wake: PromiseWithResolvers<void> | undefined
  #run:
    | {
        readonly worker: SupervisedWorker<FromWorker, ToWorker>
        readonly closed: Promise<void>
        readonly abort: AbortController
      }
    | undefined
  /** Why the first worker of this run could not start. */
  #lost: SourceLost | undefined
  readonly #notices = new Map<string, number>()
  #link: Link
  #port: number
  #wsPort: number | undefined
  #nextId = 1

  constructor(
    settings: MqttSettings,
    { certificates, ...context }: BrokerContext & { readonly certificates: Certificates | undefined },
  ) {
    this.name = context.name
    this.#certificates = certificates
    this.#settings = settings
    this.#context = context
    this.#port = settings.port
    const { now, log, sites } = context
    this.#sparkplug = new SparkplugHost({
      settings: settings.sparkplug,
      ...(sites && { sites }),
      now,
      command: (topic, payload) => this.#say({ topic, payload, retain: false }),
      log: (level, message, detail) => log(level, message, { source: this.name, ...detail }),
    })
    this.#link = { state: 'down', since: context.now(), reason: 'not opened yet', peer: this.#peer() }
  }

  link(): Link {
    return this.#link
  }

  address(): { host: string; port: number; wsPort?: number } {
    const { host } = this.#settings
    return { host, port: this.#port, ...(this.#wsPort !== undefined && { wsPort: this.#wsPort }) }
  }

  notices(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#notices)
  }

  async *open(signal: AbortSignal): AsyncIterable<readonly Frame[]> {
    if (this.#run) throw new DavyError('mqtt-already-open', { message: 'the broker is open already', where: this.name })
    const abort = new AbortController()
    const until = AbortSignal.any([signal, abort.signal])
    if (until.aborted) return
    this.#lost = undefined
    this.#setLink('connecting')
    const closed = Promise.withResolvers<void>()
    const worker = this.#supervise()
    const stop = async () => {
      await worker.stop()
      this.#wake?.resolve()
    }
    let stopping: Promise<void> | undefined
    const end = () => {
      stopping ??= stop()
    }
    this.#run = { worker, closed: closed.promise, abort }
    until.addEventListener('abort', end)
    const ticking = setInterval(() => this.#take(this.#sparkplug.tick()), TICK)
    try {
      while (!until.aborted) {
        const failure = this.#failure()
        if (failure) throw failure
        const batch = this.#inbox.shift()
        if (batch) {
          yield batch
          continue
        }
        this.#wake = Promise.withResolvers()
        await this.#wake.promise
      }
    } finally {
      until.removeEventListener('abort', end)
      clearInterval(ticking)
      end()
      await stopping
      this.#inbox = []
      this.#run = undefined
      this.#setLink('down', this.#failure()?.message ?? 'closed')
      this.#rejectPublishing()
      closed.resolve()
    }
  }

  async publish(messages: readonly Outgoing[]): Promise<void> {
    if (!this.#run) throw this.#closedError()
    for (const message of messages) {
      if (!message.retain) continue
      if (message.payload.length > 0) this.#retained.set(message.topic, message)
      else this.#retained.delete(message.topic)
    }
    const id = this.#nextId++
    const outcome = Promise.withResolvers<void>()
    this.#publishing.set(id, { messages, ...outcome })
    if (this.#link.state === 'up') this.#run.worker.post({ type: 'publish', id, messages })
    await outcome.promise
  }

  admit({ users, tls }: Pick<MqttSettings, 'users' | 'tls'>): void {
    const next = { ...this.#settings, users, ...(tls && this.#settings.tls && { tls }) }
    refuseOpenListener(next, this.#context)
    const certificates = usableCertificates(next, this.#context)
    const anew = certificates?.ca !== this.#certificates?.ca
    this.#settings = next
    this.#certificates = certificates
    // A thread that is being restarted begins with them.
    this.#run?.worker.post({ type: 'admit', users, certificates, anew })
  }

  async close(): Promise<void> {
    const run = this.#run
    run?.abort.abort()
    await run?.closed
  }

  #supervise(): SupervisedWorker<FromWorker, ToWorker> {
    let everUp = false
    return new SupervisedWorker<FromWorker, ToWorker>({
      module: new URL('./worker.ts', import.meta.url),
      name: 'mqtt-broker',
      heap: HEAP,
      data: () => ({
        settings: this.#settings,
        port: this.#port,
        ...(this.#wsPort !== undefined && { wsPort: this.#wsPort }),
        retained: [...this.#retained.values()],
      }),
      onWorker: (worker) => this.#context.onWorker?.(worker),
      onMessage: (message, reply) => {
        if (message.type === 'listening') everUp = true
        this.#hear(message, reply)
      },
      onDown: (reason, pause) => {
        this.#setLink('down', reason)
        this.#context.log('error', `the MQTT broker is down: ${reason}`, { source: this.name, restartIn: pause })
        if (everUp) return
        this.#lost = new SourceLost(`the broker cannot start: ${reason}`, { where: this.#peer() })
        this.#wake?.resolve()
      },
    })
  }

  #hear(message: FromWorker, reply: (message: ToWorker) => void): void {
    switch (message.type) {
      case 'chunk': {
        const { id } = message
        const frames = unpack(message, () => reply({ type: 'settled', chunk: id }))
        this.#take(frames.some(isForSparkplug) ? frames.flatMap((frame) => this.#translate(frame)) : frames)
        return
      }
      case 'listening':
        this.#port = message.port
        this.#wsPort = message.wsPort
        this.#setLink('up')
        this.#context.log('info', `MQTT broker listening on ${this.#peer()}`, { source: this.name })
        for (const [id, { messages }] of this.#publishing) reply({ type: 'publish', id, messages })
        this.#announce()
        return
      case 'published':
        this.#publishing.get(message.id)?.resolve()
        this.#publishing.delete(message.id)
        return
      case 'notice': {
        const { count, detail } = message
        const known = this.#notices.get(message.message)
        if (known !== undefined || this.#notices.size < KINDS) this.#notices.set(message.message, (known ?? 0) + count)
        this.#context.log('warn', message.message, { source: this.name, count, detail })
        return
      }
      case 'cannot-listen':
    }
  }

  #take(frames: readonly Frame[]): void {
    if (frames.length === 0) return
    this.#inbox.push(frames)
    this.#wake?.resolve()
  }

  #translate(frame: Frame): readonly Frame[] {
    return isForSparkplug(frame) ? this.#sparkplug.take(frame) : [frame]
  }

  /** Sparkplug nodes whose primary host we are begin to send; others are asked what they are. */
  #announce(): void {
    const { host } = this.#settings.sparkplug
    this.#say({ topic: stateTopic(host), payload: statePayload(true, this.#context.now()), retain: true })
    this.#sparkplug.resume()
  }

  /** A message that nobody waits for. */
  #say(message: Outgoing): void {
    this.publish([message]).catch(() => {})
  }

  /** Through a call, so that the compiler does not take the field for what it was before waiting. */
  #failure(): SourceLost | undefined {
    return this.#lost
  }

  #rejectPublishing(): void {
    for (const { reject } of this.#publishing.values()) reject(this.#closedError())
    this.#publishing.clear()
  }

  #closedError(): DavyError {
    return new DavyError('mqtt-broker-closed', { message: 'the MQTT broker is not open', where: this.name })
  }

  #setLink(state: LinkState, reason?: string): void {
    this.#link = { state, since: this.#context.now(), peer: this.#peer(), ...(reason !== undefined && { reason }) }
  }

  #peer(): string {
    const { host, tls } = this.#settings
    return `${tls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${this.#port}`
  }
}

function isForSparkplug({ topic, refused }: Frame): boolean {
  return isSparkplug(topic) && !refused
}
