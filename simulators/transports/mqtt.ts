/** One site's gateway on MQTT: QoS 1, a bounded outbox while the broker is away, everything in order afterwards. */
import mqtt from 'mqtt'
import type { SimulatedReading } from '../gateway.ts'
import type { Transport } from './transport.ts'

export interface MqttTransportOptions {
  readonly url: string
  readonly site: string
  readonly clientId: string
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** The link's state changed, or readings had to be given up; in words. */
  readonly onNotice?: (notice: string) => void
}

export interface MqttTransport extends Transport {
  readonly connected: boolean
  /** Readings acknowledged by the broker. */
  readonly acknowledged: number
  /** Readings given up because the outbox was full. */
  readonly lost: number
  /** Readings not yet acknowledged. */
  readonly waiting: number
}

/** Readings kept while the broker is away: some minutes of a mine. */
const ROOM = 50_000
/** Readings in one message, and messages under way. */
const BATCH = 200
const AHEAD = 4
/** Longest wait for the last acknowledgements. */
const FAREWELL = 5_000

export function createMqttTransport(options: MqttTransportOptions): MqttTransport {
  const { url, site, clientId, user, password, onNotice = () => {} } = options
  const client = mqtt.connect(url, {
    clientId,
    clean: true,
    reconnectPeriod: 500,
    queueQoSZero: false,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
  })
  let outbox: SimulatedReading[] = []
  let underway = 0
  let unacknowledged = 0
  let acknowledged = 0
  let lost = 0
  let up: boolean | undefined
  let ending = false
  let idle: (() => void) | undefined

  client.on('connect', () => {
    up = true
    pump()
  })
  client.on('close', () => {
    if (up && !ending) onNotice(`${site}: the link to ${url} is down; readings are kept`)
    up = false
  })
  client.on('error', (error) => {
    if (up !== false && !ending) onNotice(`${site}: ${url}: ${error.message || 'no connection'}`)
    up = false
  })

  function pump(): void {
    while (client.connected && underway < AHEAD && outbox.length > 0) {
      const batch = outbox.slice(0, BATCH)
      outbox = outbox.slice(BATCH)
      const payload = JSON.stringify(batch.map(({ site: _, ...reading }) => reading))
      underway += 1
      unacknowledged += batch.length
      // The client itself sends an unacknowledged message again once the broker is back.
      client.publish(`davy/v1/${site}`, payload, { qos: 1 }, (error) => {
        underway -= 1
        unacknowledged -= batch.length
        if (error) lost += batch.length
        else acknowledged += batch.length
        if (underway === 0 && outbox.length === 0) idle?.()
        pump()
      })
    }
  }

  return {
    get connected() {
      return client.connected
    },
    get acknowledged() {
      return acknowledged
    },
    get lost() {
      return lost
    },
    get waiting() {
      return outbox.length + unacknowledged
    },
    carries: (reading) => reading.site === site,
    send(readings) {
      for (const reading of readings) outbox.push(reading)
      if (outbox.length > ROOM) {
        const over = outbox.length - ROOM
        outbox = outbox.slice(over)
        if (lost === 0) onNotice(`${site}: the outbox is full; the oldest readings are given up`)
        lost += over
      }
      pump()
    },
    async stop() {
      if (client.connected && underway + outbox.length > 0) {
        let timer: ReturnType<typeof setTimeout> | undefined
        await new Promise<void>((resolve) => {
          idle = resolve
          timer = setTimeout(resolve, FAREWELL)
        })
        clearTimeout(timer)
      }
      ending = true
      await client.endAsync(true)
    },
  }
}
