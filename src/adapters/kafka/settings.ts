/** Settings of the consumer of Kafka topics. */
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { KAFKA_CONNECTION } from './connection.ts'

export const KafkaSettings = Type.Object(
  {
    ...KAFKA_CONNECTION,
    topics: Type.Array(Type.String({ pattern: '^[A-Za-z0-9._-]{1,249}$', expects: 'the name of a Kafka topic' }), {
      default: ['davy.readings'],
      minItems: 1,
      uniqueItems: true,
      description: 'topics to consume; they have to be there',
    }),
    site: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "site of every message; without it a message's key is its site (`baoyuan`), or its site and point (`baoyuan/face-101/ch4-t1`)",
      }),
    ),
    group: Type.String({
      minLength: 1,
      default: 'davylamp',
      description: 'consumer group: members of one group share the partitions, and the group remembers what was taken',
    }),
    from: Type.Union([Type.Literal('earliest'), Type.Literal('latest')], {
      default: 'earliest',
      description:
        'where a group begins that has taken nothing of a partition, or whose committed offset is no longer there: at what is oldest, or with what comes',
    }),
    sessionTimeout: Type.Integer({
      minimum: 6,
      maximum: 300,
      default: 15,
      description: "seconds without a heartbeat after which the group gives a member's partitions to others",
    }),
  },
  { additionalProperties: false },
)

export type KafkaSettings = Static<typeof KafkaSettings>
export type KafkaInput = Partial<KafkaSettings> & Pick<KafkaSettings, 'brokers'>

/** Settings with every default filled in. */
export function withDefaults(settings: KafkaInput): KafkaSettings {
  return Value.Default(KafkaSettings, structuredClone(settings)) as KafkaSettings
}
