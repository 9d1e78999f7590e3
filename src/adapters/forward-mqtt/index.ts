/** The way up through a broker above. What was handed over is kept and sent again by the client until the broker has acknowledged it. */
import { readFileSync } from 'node:fs'
import { connect, type IClientOptions } from 'mqtt'
import type { AdapterContext, Link, OutMessage, Uplink } from '../../model/ports.ts'
import type { ForwardSettings } from './settings.ts'

/** Connects in the background, and again whenever the broker was away. Throws where a file of the settings cannot be read. */
export function openUplink({ name, mqtt }: ForwardSettings, context: Pick<AdapterContext, 'now'>): Uplink {
  const { url, clientId = `davylamp-${name}`, username, passwordFile, keepalive, tls } = mqtt
  const files = Object.entries(tls ?? {}).map(([part, file]) => [part, readFileSync(file)])
  const options: IClientOptions = {
    clientId,
    protocolVersion: 4,
    // What the broker remembered of us is of no use: what was not acknowledged is sent again from here.
    clean: true,
    keepalive: Math.max(1, Math.round(Number(keepalive) / 1_000)),
    reconnectPeriod: 2_000,
    connectTimeout: 10_000,
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '') }),
    ...Object.fromEntries(files),
  }
  let link: Link = { state: 'connecting', since: context.now(), peer: url }
  const report = (state: Link['state'], reason?: string) => {
    const since = state === link.state ? link.since : context.now()
    link = { state, since, peer: url, ...(reason !== undefined && { reason }) }
  }
  const client = connect(url, options)
  client.on('connect', () => report('up'))
  client.on('error', (error) => report('down', error.message))
  client.on('close', () => report('down', link.reason ?? 'the connection is gone'))

  return {
    name,
    link: () => link,
    async publish(messages: readonly OutMessage[]) {
      await Promise.all(
        messages.map(({ topic, payload, retain }) => client.publishAsync(topic, payload as string, { qos: 1, retain })),
      )
    },
    async close() {
      await client.endAsync(true)
    },
  }
}
