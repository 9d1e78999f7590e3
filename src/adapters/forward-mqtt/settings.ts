/** Settings of a way up through an MQTT broker. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { MQTT_PEER } from '../mqtt-client/reach.ts'

export const MqttUplinkSettings = Type.Object(
  {
    ...MQTT_PEER,
    clientId: Type.Optional(
      Type.String({ minLength: 1, description: "name at the broker. Default: `davylamp-` and the item's name" }),
    ),
    version: Type.Union([Type.Literal('3.1.1'), Type.Literal(5)], {
      default: '3.1.1',
      description: 'version of MQTT to speak; with 5 the broker says how much it takes at once',
    }),
    keepalive: DurationSchema({ default: '30s', description: 'keep-alive interval' }),
  },
  { additionalProperties: false, description: 'The broker above.' },
)
export type MqttUplinkSettings = Static<typeof MqttUplinkSettings>
