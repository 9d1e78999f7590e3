/** The embedded broker's settings: type, default, check and documentation in one. */
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { SHORTEST_PASSWORD } from '../../model/password.ts'
import { FileSchema } from '../../model/path-schema.ts'
import { SPARKPLUG } from '../sparkplug/settings.ts'

const MqttUser = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 200, description: 'the name the device connects with' }),
    password: Type.Optional(
      Type.String({
        minLength: SHORTEST_PASSWORD,
        writeOnly: true,
        description: `in clear, ${SHORTEST_PASSWORD} characters at least; prefer \`hash\``,
      }),
    ),
    hash: Type.Optional(
      Type.String({
        writeOnly: true,
        expects: 'a hash as `davy hash-password` prints it',
        pattern: '^scrypt\\$\\d+\\$\\d+\\$\\d+\\$[A-Za-z0-9+/=_-]+\\$[A-Za-z0-9+/=_-]+$',
        description: '`scrypt$N$r$p$salt$hash`, salt and hash in base64',
      }),
    ),
    site: Type.String({
      minLength: 1,
      description: 'the one site it publishes and subscribes for; `*` for an integrator of all sites',
    }),
  },
  { additionalProperties: false },
)

export const MqttSettings = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      description: 'address to listen on; anything but loopback needs `users` and `tls` (or `insecure: true`)',
    }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: 1_883,
      description: '0 picks a free port and keeps it while the service runs',
    }),
    users: Type.Array(MqttUser, {
      default: [],
      description: 'who may connect; empty: anonymous clients, on loopback only',
    }),
    tls: Type.Optional(
      Type.Object(
        {
          cert: FileSchema({ description: 'file of the certificate chain, PEM' }),
          key: FileSchema({ description: 'file of the private key, PEM' }),
          ca: Type.Optional(
            FileSchema({ description: 'file of the authority whose client certificates are required' }),
          ),
        },
        { additionalProperties: false, description: 'listen with TLS instead of in clear' },
      ),
    ),
    sparkplug: Type.Object(SPARKPLUG, {
      additionalProperties: false,
      default: {},
      description: 'Sparkplug B on `spBv1.0/#`: what nodes and devices measure, as readings',
    }),
    ws: Type.Optional(
      Type.Object(
        { port: Type.Integer({ minimum: 0, maximum: 65_535, description: '0 picks a free port' }) },
        {
          additionalProperties: false,
          description: 'listen for MQTT over WebSocket too, on the same host, with the same `tls`, users and limits',
        },
      ),
    ),
    insecure: Type.Boolean({
      default: false,
      description:
        'listen beyond loopback without `tls`, where passwords travel in the clear, or without `users`, where anybody may forge readings',
    }),
    limits: Type.Object(
      {
        packet: Type.Integer({
          minimum: 1_024,
          maximum: 268_435_455,
          default: 16 * 1_024 * 1_024,
          description: 'bytes in one MQTT packet; a larger one closes its connection',
        }),
        connections: Type.Integer({ minimum: 1, default: 20_000, description: 'clients connected at once' }),
        perAddress: Type.Integer({
          minimum: 1,
          default: 20_000,
          description: 'of these from one address; lower it where every device has an address of its own',
        }),
        strangers: Type.Integer({
          minimum: 1,
          default: 1_000,
          description: 'of those from one address that have not said who they are',
        }),
        connectWithin: Type.Integer({
          minimum: 1,
          default: 10,
          description: 'seconds in which a connection must say who it is',
        }),
        rate: Type.Integer({
          minimum: 1,
          default: 20_000,
          description:
            'packets a second from one connection; a faster one is read more slowly, and nothing of it is lost',
        }),
        unsettled: Type.Integer({
          minimum: 1,
          default: 20_000,
          description: 'messages taken from sockets and not yet in the journal; beyond it the sockets are not read',
        }),
        unsettledBytes: Type.Integer({
          minimum: 1_024,
          default: 64 * 1_024 * 1_024,
          description: 'the same in bytes',
        }),
        queue: Type.Integer({
          minimum: 1,
          default: 10_000,
          description: 'messages kept for one subscriber that is away or slow; what exceeds it is dropped and logged',
        }),
        queueBytes: Type.Integer({
          minimum: 1_024,
          default: 16 * 1_024 * 1_024,
          description: 'the same in bytes',
        }),
        sessions: Type.Integer({
          minimum: 1,
          default: 1_000,
          description: 'sessions kept for clients that are away; the one away longest goes first',
        }),
        sessionExpiry: Type.Integer({
          minimum: 1,
          default: 86_400,
          description: 'seconds for which such a session is kept',
        }),
      },
      { additionalProperties: false, default: {}, description: 'what one client, and all together, may take' },
    ),
  },
  { additionalProperties: false },
)

export type MqttSettings = Static<typeof MqttSettings>
export type MqttUser = Static<typeof MqttUser>

type PartialSettings = Partial<Omit<MqttSettings, 'limits' | 'sparkplug'>> & {
  readonly limits?: Partial<MqttSettings['limits']>
  readonly sparkplug?: Partial<MqttSettings['sparkplug']>
}

export type { PartialSettings as MqttSettingsInput }

/** Settings with every default filled in. */
export function withDefaults(settings: PartialSettings): MqttSettings {
  return Value.Default(MqttSettings, structuredClone(settings)) as MqttSettings
}
