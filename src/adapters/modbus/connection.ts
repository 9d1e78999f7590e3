/** One TCP connection to a Modbus host, with one request in flight: more would let answers reach the wrong request. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import ModbusRTU from 'modbus-serial'
import type { Duration } from '../../model/time.ts'
import type { Block } from './register-map.ts'

type Client = InstanceType<typeof ModbusRTU.default>

/** `silence` and `garbled`: what comes next on this connection may belong to this request, so it must be reopened. */
export type Answer =
  | { readonly kind: 'words'; readonly words: readonly number[] }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'garbled'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }

export class Connection {
  readonly #socket: Socket
  readonly #client: Client
  #reason = 'closed by the peer'
  /** Ends the one wait that is under way. */
  #interrupt: (() => void) | undefined

  private constructor(socket: Socket, client: Client) {
    this.#socket = socket
    this.#client = client
    socket.on('error', (error) => {
      this.#reason = error.message
    })
    socket.on('close', () => this.#interrupt?.())
    client.on('error', () => {})
  }

  /** Throws where the peer cannot be reached within `timeout`, or the signal aborts. */
  static async open(
    peer: { readonly host: string; readonly port: number },
    { timeout, signal }: { timeout: Duration; signal: AbortSignal },
  ): Promise<Connection> {
    const limit = AbortSignal.timeout(timeout)
    const socket = connect({ ...peer, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 })
    try {
      await once(socket, 'connect', { signal: AbortSignal.any([signal, limit]) })
    } catch (error) {
      socket.on('error', () => {})
      socket.destroy()
      throw limit.aborted ? new Error(`no connection within ${timeout} ms`, { cause: error }) : error
    }
    const client = new ModbusRTU.default()
    const connection = new Connection(socket, client)
    await client.linkTCP(socket, { port: peer.port })
    return connection
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readyState === 'open'
  }

  /** Why it is not open. */
  get reason(): string {
    return this.#reason
  }

  /** Never rejects. One at a time. */
  async read(block: Block, { unit, timeout }: { unit: number; timeout: Duration }): Promise<Answer> {
    if (!this.isOpen) return { kind: 'lost', reason: this.#reason }
    this.#client.setID(unit)
    this.#client.setTimeout(timeout)
    const interrupted = new Promise<Answer>((resolve) => {
      this.#interrupt = () => resolve({ kind: 'lost', reason: this.#reason })
    })
    const answer = await Promise.race([this.#ask(block), interrupted])
    this.#interrupt = undefined
    return answer
  }

  /** Waits, at most until the connection closes. */
  rest(duration: Duration): Promise<void> {
    if (!this.isOpen || duration <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#interrupt = undefined
        resolve()
      }
      const timer = setTimeout(end, duration)
      this.#interrupt = end
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  async #ask({ table, address, size }: Block): Promise<Answer> {
    try {
      switch (table) {
        case 'holding':
          return { kind: 'words', words: (await this.#client.readHoldingRegisters(address, size)).data }
        case 'input':
          return { kind: 'words', words: (await this.#client.readInputRegisters(address, size)).data }
        case 'coil':
          return { kind: 'words', words: (await this.#client.readCoils(address, size)).data.map(Number) }
        case 'discrete':
          return { kind: 'words', words: (await this.#client.readDiscreteInputs(address, size)).data.map(Number) }
      }
    } catch (error) {
      const { modbusCode, errno, message } = error as { modbusCode?: number; errno?: string; message?: string }
      if (modbusCode !== undefined) return { kind: 'exception', code: modbusCode }
      if (errno === 'ETIMEDOUT') return { kind: 'silence' }
      return { kind: 'garbled', reason: message ?? String(error) }
    }
  }
}
