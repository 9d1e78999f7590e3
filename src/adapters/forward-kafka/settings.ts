/** Settings of a way up through Kafka. */
import Type, { type Static } from 'typebox'
import { KAFKA_CONNECTION } from '../kafka/connection.ts'

const topic = (name: string, description: string) =>
  Type.String({
    default: name,
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    expects: 'the name of a Kafka topic',
    description,
  })

export const KafkaUplinkSettings = Type.Object(
  {
    ...KAFKA_CONNECTION,
    readingsTopic: topic('davy.readings', 'topic of readings; their key is the site'),
    alarmsTopic: topic(
      'davy.alarms',
      "topic of transitions; their key is the alarm, the header `id` the transition's id",
    ),
  },
  { additionalProperties: false, description: 'The Kafka cluster above.' },
)
export type KafkaUplinkSettings = Static<typeof KafkaUplinkSettings>
