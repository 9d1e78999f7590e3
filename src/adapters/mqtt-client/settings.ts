/** Settings of the client to an external MQTT broker. */
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { SPARKPLUG } from '../sparkplug/settings.ts'
import { MQTT_PEER } from './reach.ts'

export const MqttClientSettings = Type.Object(
  {
    ...MQTT_PEER,
    topics: Type.Array(Type.String({ minLength: 1 }), {
      default: ['davy/v1/#'],
      minItems: 1,
      description: 'filters to subscribe; alarms (`davy/v1/{site}/alarms/…`) that come with them are left out',
    }),
    share: Type.Optional(
      Type.String({
        pattern: '^[^/+#]+$',
        expects: 'a name without /, + and #',
        description:
          'group of a shared subscription to `topics`: services of one group take turns (`clientId` has to differ). Not for Sparkplug, whose messages only make sense together',
      }),
    ),
    version: Type.Union([Type.Literal('3.1.1'), Type.Literal(5)], {
      default: '3.1.1',
      description: 'version of MQTT to speak',
    }),
    sparkplug: Type.Optional(
      Type.Object(
        {
          subscribe: Type.Array(Type.String({ pattern: '^spBv1\\.0/', expects: 'a filter below spBv1.0/' }), {
            default: ['spBv1.0/#'],
            description: 'filters to subscribe, where the broker does not allow all',
          }),
          ...SPARKPLUG,
        },
        { additionalProperties: false, description: 'take Sparkplug B too, as a host application' },
      ),
    ),
    clientId: Type.String({
      minLength: 1,
      default: 'davylamp',
      description: 'name of the session at the broker; two services on one broker need two',
    }),
    clean: Type.Boolean({
      default: false,
      description: 'true: the broker forgets what it could not deliver while the service was away',
    }),
    qos: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)], {
      default: 1,
      description: 'highest quality of service; at 0 nothing is sent again',
    }),
    keepalive: Type.Integer({
      minimum: 1,
      maximum: 3_600,
      default: 30,
      description: 'keep-alive in seconds; after one and a half of it the broker is taken for lost',
    }),
    inFlight: Type.Integer({
      minimum: 1,
      default: 2_000,
      description:
        "messages taken from the broker and not yet in the journal (Mosquitto's `max_inflight_messages` limits it too)",
    }),
    inFlightBytes: Type.Integer({
      minimum: 1_024,
      default: 64 * 1_024 * 1_024,
      description: 'the same in bytes, of topics and payloads; at least one message is taken, however large',
    }),
  },
  { additionalProperties: false },
)

export type MqttClientSettings = Static<typeof MqttClientSettings>
export type MqttClientInput = Partial<Omit<MqttClientSettings, 'sparkplug'>> &
  Pick<MqttClientSettings, 'url'> & { readonly sparkplug?: Partial<NonNullable<MqttClientSettings['sparkplug']>> }

/** Settings with every default filled in. */
export function withDefaults(settings: MqttClientInput): MqttClientSettings {
  return Value.Default(MqttClientSettings, structuredClone(settings)) as MqttClientSettings
}
