/** The poll loop of one Modbus host or serial line as a `Source`. */
import { setTimeout as wait } from 'node:timers/promises'
import { SourceLost } from '../../model/errors.ts'
import type { AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import type { Duration } from '../../model/time.ts'
import { frameOf } from '../outgoing.ts'
import { Connection } from './connection.ts'
import { isUnnumbered, nameOf, type Route } from './line.ts'
import { blocksOf } from './register-map.ts'
import { nextSlave, pollSlave, reschedule, type Slave } from './slave.ts'

export interface ModbusPeer {
  readonly route: Route
  readonly site: string
  readonly slaves: readonly Pick<Slave, 'unit' | 'every' | 'timeout' | 'points'>[]
}

const CONNECT_TIMEOUT: Duration = 5_000

export class ModbusSource implements Source {
  readonly name: string
  readonly #peer: ModbusPeer
  readonly #context: AdapterContext
  #link: Link
  /** The points were told that the link is down; said once, however often the runner tries. */
  #toldDown = false

  constructor(peer: ModbusPeer, context: AdapterContext & { readonly name: string }) {
    this.name = context.name
    this.#peer = peer
    this.#context = context
    this.#link = { state: 'down', since: context.now(), reason: 'not opened', peer: nameOf(peer.route) }
  }

  link(): Link {
    return this.#link
  }

  async *open(signal: AbortSignal): AsyncGenerator<readonly Frame[], void, undefined> {
    if (signal.aborted) return
    this.#report('connecting')
    let connection: Connection | undefined
    const hangUp = () => connection?.close()
    signal.addEventListener('abort', hangUp)
    const slaves = this.#peer.slaves.map((slave): Slave => {
      return { ...slave, blocks: blocksOf(slave.points), failures: 0, due: performance.now() }
    })
    let lost: unknown
    try {
      connection = await this.#connect(signal)
      this.#report('up')
      for (;;) {
        const slave = nextSlave(slaves, performance.now())
        await connection.rest(slave.due - performance.now())
        if (signal.aborted) return
        if (!connection.isOpen) throw new Error(connection.reason)
        const poll = await pollSlave(slave, { connection, now: () => this.#context.now() })
        if (signal.aborted) return
        if (poll.outcome !== 'lost') this.#judge(slave, { slaves, outcome: poll.outcome })
        if (poll.reopen) connection.close()
        if (poll.readings.length > 0) yield [frameOf(this.#peer.site, poll.readings)]
        if (poll.reopen) {
          await this.#quiet(slave, signal)
          connection = await this.#connect(signal)
        }
      }
    } catch (error) {
      lost = error
    } finally {
      signal.removeEventListener('abort', hangUp)
      connection?.close()
      this.#report('down', lost === undefined || signal.aborted ? 'closed' : reasonOf(lost))
    }
    if (signal.aborted) return
    if (!this.#toldDown) {
      this.#toldDown = true
      yield this.#allDown()
    }
    throw new SourceLost(`Modbus at ${this.#link.peer}: ${this.#link.reason}`, { where: this.name, cause: lost })
  }

  #connect(signal: AbortSignal): Promise<Connection> {
    return Connection.open(this.#peer.route, { timeout: CONNECT_TIMEOUT, signal })
  }

  /** A serial frame does not say which request it answers: the line rests, closed, until a late one must have passed. */
  async #quiet({ timeout }: Slave, signal: AbortSignal): Promise<void> {
    if (isUnnumbered(this.#peer.route)) await wait(timeout, undefined, { signal })
  }

  /** Takes the outcome into the slave's schedule and the link's state, and names in the log who fell silent or came back. */
  #judge(slave: Slave, { slaves, outcome }: { slaves: readonly Slave[]; outcome: 'answered' | 'silent' }): void {
    const before = slave.failures
    reschedule(slave, { outcome, now: performance.now() })
    if (outcome === 'answered') this.#toldDown = false
    if (before > 0 === slave.failures > 0) return
    const { unit } = slave
    if (before === 0) this.#context.log('warn', `Modbus unit ${unit} at ${this.#link.peer} does not answer`, { unit })
    else this.#context.log('info', `Modbus unit ${unit} at ${this.#link.peer} answers again`, { unit })
    const silent = slaves.filter(({ failures }) => failures > 0).map((s) => s.unit)
    const reason = silent.length > 0 ? `no answer from unit ${silent.join(', ')}` : undefined
    this.#report(silent.length === slaves.length ? 'down' : 'up', reason)
  }

  /** A frame a slave: the door takes no more than ten thousand readings in one. */
  #allDown(): Frame[] {
    const ts = this.#context.now()
    return this.#peer.slaves.map(({ points }) =>
      frameOf(
        this.#peer.site,
        points.map(({ point }) => ({ point, ts, value: null, quality: 'bad', status: 'link-down' })),
      ),
    )
  }

  #report(state: LinkState, reason?: string): void {
    const since = state === this.#link.state ? this.#link.since : this.#context.now()
    const { peer } = this.#link
    this.#link = reason === undefined ? { state, since, peer } : { state, since, peer, reason }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
