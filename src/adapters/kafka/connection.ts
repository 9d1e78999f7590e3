/** How a Kafka cluster is reached: settings that the source and the way up share, and what the client library makes of them. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { BaseOptions } from '@platformatic/kafka'
import Type, { type Static } from 'typebox'
import { FileSchema } from '../../model/path-schema.ts'
import { readPassword } from '../password-file.ts'

const BROKER = /^(?:\[([0-9A-Fa-f:]+)\]|([^:/@\s[\]]+)):(\d{1,5})$/

/** Properties to spread into the settings of whoever talks to a cluster. */
export const KAFKA_CONNECTION = {
  brokers: Type.Array(
    Type.String({ pattern: BROKER.source, expects: 'host:9092', description: '`host:port`, `[address]:port`' }),
    { minItems: 1, description: 'brokers to begin with; they name the others' },
  ),
  clientId: Type.Optional(Type.String({ minLength: 1, description: 'name in the logs and quotas of the brokers' })),
  tls: Type.Optional(
    Type.Object(
      {
        ca: Type.Optional(
          FileSchema({
            description: "file of the authority that signed the brokers' certificates; default: those of the system",
          }),
        ),
        cert: Type.Optional(FileSchema({ description: 'file of our client certificate' })),
        key: Type.Optional(FileSchema({ description: 'file of its private key' })),
      },
      { additionalProperties: false, description: 'speak TLS; `{}` where there is nothing else to say' },
    ),
  ),
  sasl: Type.Optional(
    Type.Object(
      {
        mechanism: Type.Union([Type.Literal('scram-sha-512'), Type.Literal('scram-sha-256'), Type.Literal('plain')], {
          default: 'scram-sha-512',
          description: '`plain` sends the password as it is, and is taken with `tls` only',
        }),
        username: Type.String({ minLength: 1 }),
        passwordFile: FileSchema({ description: 'file that holds the password; read whenever a client is made' }),
      },
      { additionalProperties: false, description: 'credentials' },
    ),
  ),
}

const ConnectionSettings = Type.Object(KAFKA_CONNECTION)
export type KafkaConnection = Static<typeof ConnectionSettings>

/** How long an answer may take, and how often a question is asked again before the cluster is taken for lost, milliseconds. */
const ANSWER_WITHIN = 15_000
const CONNECT_WITHIN = 5_000
const RETRIES = 2
const RETRY_AFTER = 300

/** What is wrong with settings that are each well formed; `undefined`: nothing. */
export function misfitOf({ brokers, tls, sasl }: KafkaConnection): string | undefined {
  const nowhere = brokers.find((broker) => !(Number(BROKER.exec(broker)?.[3]) <= 65_535))
  if (nowhere !== undefined) return `"${nowhere}" is no host and port`
  return sasl?.mechanism === 'plain' && !tls ? '`plain` sends the password as it is: give `tls` too' : undefined
}

/** Options of a client. Throws where a file of the settings cannot be read, or a password would travel in the clear. */
export function optionsOf(connection: KafkaConnection, clientId: string) {
  const { brokers, tls, sasl } = connection
  const misfit = misfitOf(connection)
  if (misfit !== undefined) throw new Error(misfit)
  const files = Object.entries(tls ?? {}).map(([part, file]) => [part, readFileSync(file)])
  const bootstrapBrokers = brokers.map((broker) => {
    const [, address, host, port] = BROKER.exec(broker)!
    return { host: (address ?? host)!, port: Number(port) }
  })
  return {
    clientId,
    bootstrapBrokers,
    timeout: ANSWER_WITHIN,
    requestTimeout: ANSWER_WITHIN,
    connectTimeout: CONNECT_WITHIN,
    retries: RETRIES,
    retryDelay: RETRY_AFTER,
    // A name is told to the server, an address must not be.
    ...(tls && {
      tls: Object.fromEntries(files),
      tlsServerName: bootstrapBrokers.some(({ host }) => isIP(host) === 0),
    }),
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism.toUpperCase() as 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
        username: sasl.username,
        password: readPassword(sasl.passwordFile),
      },
    }),
  } satisfies BaseOptions
}

/** What is wrong, in words for the operator: the innermost reasons, each once. The library wraps them several times over. */
export function reasonOf(error: unknown): string {
  const reasons = new Set<string>()
  const dig = (thing: unknown): void => {
    const { errors, cause, message } = (thing ?? {}) as Partial<AggregateError>
    if (errors && errors.length > 0) for (const inner of errors) dig(inner)
    else if (cause) dig(cause)
    else reasons.add(message || String((thing as { code?: unknown })?.code ?? thing))
  }
  dig(error)
  return [...reasons].slice(0, 3).join('; ')
}
