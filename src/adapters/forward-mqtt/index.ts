/** The way up through a broker above. What was handed over is kept and sent again by the client until the broker has acknowledged it. */
import { readFileSync } from 'node:fs'
import { connect, type IClientOptions } from 'mqtt'
import type { Link, Uplink, UplinkContext } from '../../model/ports.ts'
import { readPassword } from '../password-file.ts'
import { type AlarmMessage, createMqttSink } from '../sink-mqtt/index.ts'
import type { MqttUplinkSettings } from './settings.ts'

/** Connects in the background, and again whenever the broker was away. Throws where a file of the settings cannot be read. */
export function openMqttUplink(
  { name, settings }: { readonly name: string; readonly settings: MqttUplinkSettings },
  { now, serialise }: UplinkContext,
): Uplink {
  const { url, clientId = `davylamp-${name}`, username, passwordFile, keepalive, tls } = settings
  const files = Object.entries(tls ?? {}).map(([part, file]) => [part, readFileSync(file)])
  const options: IClientOptions = {
    clientId,
    protocolVersion: 4,
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
  let link: Link = { state: 'connecting', since: now(), peer: url }
  const report = (state: Link['state'], reason?: string) => {
    const since = state === link.state ? link.since : now()
    link = { state, since, peer: url, ...(reason !== undefined && { reason }) }
  }
  const client = connect(url, options)
  client.on('connect', () => report('up'))
  client.on('error', (error) => report('down', error.message))
  client.on('close', () => report('down', link.reason ?? 'the connection is gone'))

  async function publish(messages: readonly AlarmMessage[]): Promise<void> {
    await Promise.all(
      messages.map(({ topic, payload, retain }) => client.publishAsync(topic, payload, { qos: 1, retain })),
    )
  }
  const alarms = createMqttSink({ publish, serialise })

  return {
    name,
    link: () => link,
    sendReadings: (readings) =>
      publish(readings.map(({ site, payload }) => ({ topic: `davy/v1/${site}`, payload, retain: false }))),
    sendTransitions: alarms.publish,
    async close() {
      await client.endAsync(true)
    },
  }
}
