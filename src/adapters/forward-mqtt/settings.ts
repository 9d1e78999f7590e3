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
    keepalive: DurationSchema({ default: '30s', description: 'keep-alive interval' }),
  },
  { additionalProperties: false, description: 'The broker above.' },
)
export type MqttUplinkSettings = Static<typeof MqttUplinkSettings>
