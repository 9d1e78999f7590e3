/** Settings of the OPC UA server: where it listens, how it is secured, who may read without logging in. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { FolderSchema } from '../../model/path-schema.ts'

export const OpcuaServerSettings = Type.Object(
  {
    enabled: Type.Boolean({
      default: false,
      description: 'Whether SCADA clients may connect; costs 250 MB of memory.',
    }),
    host: Type.String({
      default: '127.0.0.1',
      description: 'Address to listen on; anything but loopback needs `security` (or `insecure: true`).',
    }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: 4_841,
      description: '0 picks a free port and keeps it while the service runs.',
    }),
    security: Type.Union([Type.Literal('None'), Type.Literal('Basic256Sha256')], {
      default: 'None',
      description:
        'Security policy. Basic256Sha256 signs and encrypts, and asks for clients whose certificate is trusted.',
    }),
    insecure: Type.Boolean({
      default: false,
      description: 'Listen beyond loopback without `security` all the same: values and alarms travel in the clear.',
    }),
    anonymous: Type.Boolean({
      default: false,
      description: 'Clients that do not log in may read and subscribe; on loopback only. They never acknowledge.',
    }),
    certificates: Type.Optional(
      FolderSchema({
        description: 'Folder of own, trusted and rejected certificates. Default: `opcua` of the data folder.',
      }),
    ),
    language: Type.Union([Type.Literal('zh'), Type.Literal('en')], {
      default: 'zh',
      description: 'Language of names and of the messages of alarms.',
    }),
    names: Type.Boolean({
      default: false,
      description: 'People and cards in alarms as they are; otherwise under pseudonyms, as viewers see them.',
    }),
    sessions: Type.Integer({ minimum: 1, maximum: 1_000, default: 20, description: 'Clients connected at once.' }),
    conditions: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 5_000,
      description:
        'Alarms held as conditions at once, 0.2 MB each; those in excess wait for room, and the log says so.',
    }),
    keepNormal: DurationSchema({
      default: '10m',
      description: 'How long the condition of an alarm that is over stays in the address space.',
    }),
  },
  {
    additionalProperties: false,
    description: 'The OPC UA server for SCADA clients: [OPC UA server](../opcua-server.md).',
  },
)

export type OpcuaServerSettings = Static<typeof OpcuaServerSettings>
