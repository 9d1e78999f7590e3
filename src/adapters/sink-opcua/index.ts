/** The OPC UA server's side in the main thread: keeps its thread alive, hands it values and alarms, and answers for its clients. */
import type { Worker } from 'node:worker_threads'
import type { Transition } from '../../model/alarm.ts'
import type { AlarmSink, Link, LinkState } from '../../model/ports.ts'
import type { Duration, Instant } from '../../model/time.ts'
import { SupervisedWorker } from '../supervise.ts'
import { conditionOf, indexPlant, type PlantIndex } from './mapping.ts'
import type { Attempt, ConditionState, FromWorker, Order, Plant, PointValue, ToWorker, WorkerData } from './protocol.ts'
import type { OpcuaServerSettings } from './settings.ts'

/** What the server asks of the service. */
export interface OpcuaHouse {
  now(): Instant
  log(level: 'info' | 'warn' | 'error', message: string): void
  /** Told of every thread that is started, for supervision from outside. */
  onWorker?(worker: Worker): void
  plant(): Plant
  /** Every value there is, for a thread that begins. */
  values(): readonly PointValue[]
  /** The latest transition of every alarm that stands. */
  standing(): readonly Transition[]
  /** Whether the lifecycle of the alarm asks for confirmation. */
  confirms(alarm: string): boolean
  /** The transition as clients may see it: its id and its alarm's too. */
  mask(t: Transition): Transition
  /** Resolves with the name of a StatusCode. A `session` that logs in again is somebody else from then on. */
  login(session: string, attempt: Attempt): Promise<string>
  /** A session has ended; without one, all have. */
  logout(session?: string): void
  /** Carries a client's order out; resolves with the name of a StatusCode. */
  obey(order: Order, by: { session: string; address: string }): Promise<string>
}

export interface OpcuaServer extends AlarmSink {
  /** Newer values; of one point only the newest goes out. */
  note(values: readonly PointValue[]): void
  /** The sites changed: clients are disconnected and find the new ones when they come again. */
  rebuild(): Promise<void>
  /** Ends a client's session. */
  dismiss(session: string): void
  link(): Link
  /** `opc.tcp://…` once it listens. */
  address(): string | undefined
  /** Resolves once it listens; rejects with the reason where the first attempt fails. */
  open(): Promise<void>
}

/** Between two batches of values. */
const EVERY: Duration = 200
/** Values in one batch. */
const BATCH = 5_000
/** MiB. */
const HEAP = 2_048

export function createOpcuaServer({
  settings,
  certificates,
  house,
}: {
  readonly settings: OpcuaServerSettings
  readonly certificates: string
  readonly house: OpcuaHouse
}): OpcuaServer {
  let port = settings.port
  let index: PlantIndex = indexPlant(house.plant())
  let worker: SupervisedWorker<FromWorker, ToWorker> | undefined
  let link: Link = { state: 'connecting', since: house.now(), peer: peer() }
  let pending = new Map<number, PointValue>()
  /** The thread has a batch of values in hand. */
  let busy = false
  let timer: NodeJS.Timeout | undefined
  let rebuilding: Promise<void> = Promise.resolve()
  let closed = false

  function peer(): string {
    return `opc.tcp://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`
  }

  function setLink(state: LinkState, reason?: string): void {
    link = { state, since: house.now(), peer: peer(), ...(reason !== undefined && { reason }) }
  }

  const stateOf = (t: Transition): ConditionState =>
    conditionOf(house.mask(t), { index, confirms: house.confirms(t.alarm), of: t.alarm })

  function flush(): void {
    if (busy || pending.size === 0 || link.state !== 'up') return
    const values = [...pending.values()].slice(0, BATCH)
    for (const { point } of values) pending.delete(point)
    busy = true
    worker?.post({ type: 'values', values })
  }

  function hear(message: FromWorker, reply: (message: ToWorker) => void): void {
    const answer = (id: number, status: Promise<string>) => {
      status
        .catch((error: unknown) => {
          house.log('error', `OPC UA server: ${String(error)}`)
          return 'BadInternalError'
        })
        .then((status) => reply({ type: 'answer', id, status }))
    }
    switch (message.type) {
      case 'listening':
        port = message.port
        setLink('up')
        house.log('info', `OPC UA server listening on ${peer()}`)
        busy = false
        pending = new Map(house.values().map((value) => [value.point, value]))
        reply({ type: 'conditions', conditions: house.standing().map(stateOf) })
        return
      case 'taken':
        busy = false
        return
      case 'login':
        answer(message.id, house.login(message.session, message.attempt))
        return
      case 'logout':
        house.logout(message.session)
        return
      case 'order':
        answer(message.id, house.obey(message.order, message))
        return
      case 'log':
        house.log(message.level, `OPC UA server: ${message.message}`)
        return
      case 'cannot-listen':
    }
  }

  function start(): Promise<void> {
    const opened = Promise.withResolvers<void>()
    let everUp = false
    timer = setInterval(flush, EVERY)
    worker = new SupervisedWorker<FromWorker, ToWorker>({
      module: new URL('./worker.ts', import.meta.url),
      name: 'opcua-server',
      heap: HEAP,
      data: (): WorkerData => ({ settings, port, certificates, plant: index.plant }),
      onMessage(message, reply) {
        hear(message, reply)
        if (message.type !== 'listening') return
        everUp = true
        opened.resolve()
      },
      onWorker: (started) => house.onWorker?.(started),
      onDown(reason, pause) {
        setLink('down', reason)
        house.logout()
        house.log('error', `the OPC UA server is down: ${reason}; it starts again in ${pause} ms`)
        if (!everUp) opened.reject(new Error(reason))
      },
    })
    return opened.promise
  }

  async function halt(): Promise<void> {
    clearInterval(timer)
    await worker?.stop()
    worker = undefined
    house.logout()
    setLink('down', 'closed')
  }

  return {
    name: 'opcua',
    async publish(transitions) {
      // Whoever is not up yet is told of all that stands once it is.
      if (link.state === 'up') worker?.post({ type: 'conditions', conditions: transitions.map(stateOf) })
    },
    note(values) {
      if (link.state !== 'up') return
      for (const value of values) pending.set(value.point, value)
    },
    rebuild() {
      rebuilding = rebuilding.then(async () => {
        const next = house.plant()
        if (closed || JSON.stringify(next) === JSON.stringify(index.plant)) return
        await halt()
        index = indexPlant(next)
        if (!closed) await start()
      })
      const done = rebuilding
      rebuilding = done.catch(() => {})
      return done
    },
    dismiss: (session) => worker?.post({ type: 'dismiss', session }),
    link: () => link,
    address: () => (link.state === 'up' ? peer() : undefined),
    open: start,
    async close() {
      closed = true
      await halt()
      await rebuilding
      await halt()
    },
  }
}
