/** The way out through an external broker. */
import { readFileSync } from 'node:fs'
import { connect, type IClientOptions } from 'mqtt'
import { DavyError } from '../../model/errors.ts'
import { readPassword } from '../password-file.ts'
import type { AlarmMessage } from './index.ts'

export interface ExternalBroker {
  /** `mqtt://host[:1883]` or `mqtts://host[:8883]`. */
  readonly url: string
  readonly clientId?: string
  readonly username?: string
  /** File that holds the password. */
  readonly passwordFile?: string
  /** File of the authority that signed the broker's certificate. */
  readonly caFile?: string
  /** How long a publish may wait for the broker, milliseconds [30 000]. */
  readonly patience?: number
}

export interface ExternalPublisher {
  /** Resolves once the broker has acknowledged all; rejects with `mqtt-not-published` where it did not in time: publish again then. */
  publish(messages: readonly AlarmMessage[]): Promise<void>
  close(): Promise<void>
}

/** Connects in the background and again whenever the broker was away. */
export function externalPublisher({
  url,
  clientId = 'davylamp-alarms',
  username,
  passwordFile,
  caFile,
  patience = 30_000,
}: ExternalBroker): ExternalPublisher {
  const options: IClientOptions = {
    clientId,
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 1_000,
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: readPassword(passwordFile) }),
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
  }
  const client = connect(url, options)
  let problem = 'not connected'
  client.on('error', (error) => {
    problem = error.message
  })
  return {
    async publish(messages) {
      const deadline = Promise.withResolvers<never>()
      const timer = setTimeout(() => {
        deadline.reject(
          new DavyError('mqtt-not-published', {
            message: `${messages.length} messages were not acknowledged within ${patience} ms: ${problem}`,
            where: url,
            remedy: 'see whether the broker runs and accepts the credentials',
          }),
        )
      }, patience)
      try {
        // One client keeps the order in which publish was called, and sends again after a reconnect what was not acknowledged.
        const published = messages.map(({ topic, payload, retain }) =>
          client.publishAsync(topic, payload, { qos: 1, retain }),
        )
        await Promise.race([Promise.all(published), deadline.promise])
      } finally {
        clearTimeout(timer)
      }
    },
    async close() {
      await client.endAsync(!client.connected)
    },
  }
}
