/** Settings of a way up: readings and transitions go on to whoever watches several sites (a bureau, a province). */
import Type, { type Static } from 'typebox'
import { KafkaUplinkSettings } from '../forward-kafka/settings.ts'
import { MqttUplinkSettings } from '../forward-mqtt/settings.ts'

export const ForwardSettings = Type.Object(
  {
    name: Type.String({
      pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*$',
      maxLength: 60,
      expects: 'a name of letters, digits, dots, dashes and underscores',
      description: 'Names the cursor in the data folder: renamed, it begins anew.',
    }),
    mqtt: Type.Optional(MqttUplinkSettings),
    kafka: Type.Optional(KafkaUplinkSettings),
    sites: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'Only of these sites. Default: all' })),
    readings: Type.Boolean({
      default: true,
      description: 'Forward readings: on `davy/v1/{site}`, or under the key `{site}`.',
    }),
    alarms: Type.Boolean({
      default: false,
      description:
        'Forward transitions: on `davy/v1/{site}/alarms/…`, or under the key of their alarm. A Davylamp above derives its own alarms from the readings; one that embeds its broker refuses these.',
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
