/** A connection to a broker that says of each message what came of it: the only module of the way up that knows the client library. */
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { LinkState } from '../../model/ports.ts'
import { refusalOf } from '../mqtt-client/refusals.ts'
import { readPassword } from '../password-file.ts'
import type { MqttUplinkSettings } from './settings.ts'

/** A message to go out at QoS 1. */
export interface OutMessage {
  readonly topic: string
  readonly value: string
  readonly retain: boolean
}

/** `closed`: the connection ended before the broker's word; with `too-large` the broker itself has said so. */
export type Outcome = 'taken' | 'too-large' | 'closed'

export interface Writer {
  /** What came of each, in their order; waits for a connection first. Rejects where the broker refuses one for another reason. */
  write(messages: readonly OutMessage[]): Promise<readonly Outcome[]>
  /** Bytes of a message's value on a topic that the broker has said it takes, without end where it has not. */
  room(topic: string): number
  close(): Promise<void>
}

/** Reason code of MQTT 5. */
const PACKET_TOO_LARGE = 149
/** What a packet of one message has beside topic and value: lengths, id, properties. */
const PACKET_HEAD = 16
/** Messages under way at once, where the broker does not say. */
const WINDOW = 1_000

/** Connects in the background, and again whenever the broker was away. Throws where a file of the settings cannot be read. */
export function openWriter(
  {
    url,
    clientId,
    username,
    passwordFile,
    keepalive,
    tls,
    version,
  }: MqttUplinkSettings & { readonly clientId: string },
  report: (state: LinkState, reason?: string) => void,
): Writer {
  const files = Object.entries(tls ?? {}).map(([part, file]) => [part, readFileSync(file)])
  const options: IClientOptions = {
    clientId,
    protocolVersion: version === 5 ? 5 : 4,
    // What the broker remembered of us is of no use: what was not acknowledged is sent again from here.
    clean: true,
    keepalive: Math.max(1, Math.round(keepalive / 1_000)),
    reconnectPeriod: 2_000,
    // One that is starting, or whose users are being changed, refuses today and not tomorrow.
    reconnectOnConnackError: true,
    connectTimeout: 10_000,
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: readPassword(passwordFile) }),
    ...Object.fromEntries(files),
  }
  const client = connect(url, options)
  /** Ids of what was sent and not acknowledged. */
  const underWay = new Set<number>()
  let up = Promise.withResolvers<void>()
  let connected = false
  let ending = false
  let maximum = Number.POSITIVE_INFINITY
  let window = WINDOW
  let farewell: number | undefined
  let reason: string | undefined

  client.on('connect', ({ properties }) => {
    maximum = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY
    window = Math.min(properties?.receiveMaximum ?? WINDOW, WINDOW)
    farewell = undefined
    connected = true
    reason = undefined
    report('up')
    up.resolve()
  })
  client.on('disconnect', ({ reasonCode }) => {
    farewell = reasonCode
    if (reasonCode !== undefined) lost(refusalOf(reasonCode))
  })
  client.on('error', (error) => {
    lost(error.message)
    // What it cannot read may be an answer that would be waited for in vain.
    if (connected) client.stream.destroy()
  })
  client.on('close', () => {
    lost(reason ?? 'the connection is gone')
    if (connected && !ending) up = Promise.withResolvers()
    connected = false
    // Whoever wrote them decides what becomes of them: the library would send the same again for ever.
    for (const id of [...underWay]) client.removeOutgoingMessage(id)
  })

  function lost(why: string): void {
    reason = why
    report('down', why)
  }

  const room = (topic: string) => maximum - Buffer.byteLength(topic) - PACKET_HEAD

  function send({ topic, value, retain }: OutMessage, alone: boolean): Promise<Outcome> {
    if (!connected || ending) return Promise.resolve('closed')
    if (Buffer.byteLength(value) > room(topic)) return Promise.resolve('too-large')
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    const id = publish(client, { topic, value, retain }, (error) => {
      underWay.delete(id)
      if (!error) resolve('taken')
      else if (!connected) resolve(alone && farewell === PACKET_TOO_LARGE ? 'too-large' : 'closed')
      else reject(error)
    })
    underWay.add(id)
    return promise
  }

  return {
    room,
    async write(messages) {
      await up.promise
      if (ending) throw new Error('closed')
      const outcomes: Outcome[] = []
      for (let from = 0; from < messages.length; from += window) {
        outcomes.push(
          ...(await Promise.all(
            messages.slice(from, from + window).map((message) => send(message, messages.length === 1)),
          )),
        )
      }
      return outcomes
    },
    async close() {
      ending = true
      up.resolve()
      await client.endAsync(true)
    },
  }
}

/** The id it went out under. */
function publish(client: MqttClient, { topic, value, retain }: OutMessage, done: (error?: unknown) => void): number {
  // Its answer never comes within this turn.
  client.publish(topic, value, { qos: 1, retain }, done)
  return client.getLastMessageId()
}
