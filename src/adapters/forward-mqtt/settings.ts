/** Settings of a way up through an MQTT broker. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const MqttUplinkSettings = Type.Object(
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
    keepalive: DurationSchema({ default: '30s', description: 'Keep-alive interval' }),
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
export type MqttUplinkSettings = Static<typeof MqttUplinkSettings>
