/** Settings of a way up: readings and transitions go on to a broker above (a bureau's, a province's). */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

const UpstreamSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^mqtts?://[^/@\\s]+/?$',
      expects: 'mqtt://host:1883 or mqtts://host:8883',
      description: '`mqtt://host[:1883]`, or `mqtts://host[:8883]` for TLS; credentials have their own settings',
    }),
    clientId: Type.Optional(
      Type.String({ minLength: 1, description: "Name at the broker. Default: `davylamp-` and the item's name" }),
    ),
    username: Type.Optional(Type.String({ minLength: 1 })),
    passwordFile: Type.Optional(Type.String({ description: 'File that holds the password' })),
    keepalive: DurationSchema({ default: '30s', description: 'Between signs of life' }),
    tls: Type.Optional(
      Type.Object(
        {
          ca: Type.Optional(Type.String({ description: "File of the authority that signed the broker's certificate" })),
          cert: Type.Optional(Type.String({ description: 'File of our client certificate' })),
          key: Type.Optional(Type.String({ description: 'File of its private key' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false, description: 'The broker above.' },
)

export const ForwardSettings = Type.Object(
  {
    name: Type.String({
      pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*$',
      maxLength: 60,
      description: 'Names the cursor in the data folder: renamed, it begins anew.',
    }),
    mqtt: UpstreamSchema,
    sites: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'Only of these sites. Default: all' })),
    readings: Type.Boolean({ default: true, description: 'Forward readings, on `davy/v1/{site}`.' }),
    alarms: Type.Boolean({
      default: false,
      description:
        'Forward transitions, on `davy/v1/{site}/alarms/…`. A Davylamp above that embeds its broker derives its own alarms from the readings, and refuses these.',
    }),
    from: Type.Union([Type.Literal('now'), Type.Literal('start')], {
      default: 'now',
      description: 'Where the first run begins: with what comes, or with the beginning of the journal.',
    }),
    batch: Type.Integer({ default: 500, minimum: 1, maximum: 5_000, description: 'Readings in one message, at most' }),
    rate: Type.Integer({
      default: 5_000,
      minimum: 1,
      description: 'Readings a second while a backlog is sent: the link, and whoever is above, have live work to do',
    }),
  },
  { additionalProperties: false },
)
export type ForwardSettings = Static<typeof ForwardSettings>
