/** What `davy.yaml` may say: types, defaults and documentation in one place. All of it may be left out. */
import Type, { type Static } from 'typebox'
import { ForwardSettings } from '../../adapters/forward/settings.ts'
import { MqttSettings } from '../../adapters/mqtt/settings.ts'
import { OpcuaServerSettings } from '../../adapters/sink-opcua/settings.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import { FileSchema } from '../../model/path-schema.ts'
import { ApiSettings } from '../api/settings.ts'
import { DiskSettings } from '../disk/settings.ts'
import { ExportSettings } from '../exports/settings.ts'
import { NotifySchema, type NotifySettings } from '../notify/settings.ts'

const Port = { minimum: 0, maximum: 65535 }

const TlsSchema = Type.Object(
  {
    cert: FileSchema({ description: 'The certificate chain, PEM.' }),
    key: FileSchema({ description: 'Its private key, PEM.' }),
    ca: Type.Optional(FileSchema({ description: 'The authority that signs client certificates, PEM.' })),
  },
  { description: 'Certificate and key.' },
)

const Insecure = Type.Boolean({
  default: false,
  description: 'Listen beyond loopback without TLS all the same: passwords travel in the clear.',
})

const ListenSchema = Type.Object({
  host: Type.String({ default: '127.0.0.1' }),
  port: Type.Integer({ default: 8080, ...Port, description: '0 picks a free one.' }),
  tls: Type.Optional(TlsSchema),
  insecure: Insecure,
})

const BrokerSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'False: no broker here; devices publish elsewhere.' }),
    ...MqttSettings.properties,
  },
  { description: 'The embedded broker.' },
)

const SourceSchema = Type.Object(
  {
    adapter: Type.String({ minLength: 1, description: 'Which adapter; its own settings stand beside.' }),
    name: Type.Optional(
      Type.String({ minLength: 1, description: "Default: the adapter's name; of several, numbered." }),
    ),
  },
  { additionalProperties: Type.Unknown() },
)

/** The whole file; the settings of each source are checked by its adapter. */
export const SettingsSchema = Type.Object(
  {
    listen: ListenSchema,
    mqtt: BrokerSchema,
    opcua: OpcuaServerSettings,
    sources: Type.Array(SourceSchema, {
      default: [],
      description: 'Where readings come from beside the embedded broker and the API.',
    }),
    exports: Type.Array(ExportSettings, {
      default: [],
      description: 'Mine files written upward: [mine files](../adapters/mine-files.md#upward).',
    }),
    storage: Type.Object({
      snapshotEvery: Type.Integer({
        default: 100_000,
        minimum: 1_000,
        description: 'Journal entries between snapshots of the fold.',
      }),
      history: Type.Object({
        keep: DurationSchema({ default: '90d', description: 'Readings for charts and tracks.' }),
      }),
      deadLetters: Type.Object({
        keep: Type.Integer({ default: 10_000, minimum: 1, description: 'Refused messages; the oldest go first.' }),
      }),
      disk: DiskSettings,
    }),
    forward: Type.Array(ForwardSettings, {
      default: [],
      description: 'Ways up: readings and alarms go on to whoever watches several sites.',
    }),
    limits: Type.Object({
      payload: Type.Integer({ default: 1_048_576, minimum: 1_024, description: 'Largest message, bytes.' }),
    }),
    api: ApiSettings,
    notify: NotifySchema,
  },
  { description: 'The service: `davy.yaml`.' },
)

type Declared = Static<typeof SettingsSchema>

/** One source, its own settings checked and defaulted by its adapter. */
export interface SourceSettings {
  readonly adapter: string
  /** Unique over the installation. */
  readonly name: string
  readonly settings: unknown
}

/** What the service runs by: every default filled in, durations in milliseconds, secrets put in. */
export type Settings = Omit<Declared, 'sources' | 'notify'> & {
  readonly sources: readonly SourceSettings[]
  readonly notify: NotifySettings
}
