/** Publishes transitions of alarms on MQTT, through the embedded broker or any other. */
import type { Transition } from '../../model/alarm.ts'
import type { AlarmSink } from '../../model/ports.ts'
import { alarmTopic } from './topic.ts'

/** A message to go out at QoS 1. */
export interface AlarmMessage {
  readonly topic: string
  /** Empty: what was retained on the topic is forgotten. */
  readonly payload: string
  readonly retain: boolean
}

export interface MqttSinkOptions {
  readonly name?: string
  /** Takes messages in order; resolves once the broker has them. The embedded broker's `publish`, or an `externalPublisher`'s. */
  publish(messages: readonly AlarmMessage[]): Promise<void>
  /** The contract's section 7 form. */
  serialise(transition: Transition): string
  close?(): Promise<void>
}

/** At least once; a transition's id tells repetitions. While an alarm is not `normal` its latest transition is retained. The final
 *  transition is published without being retained, and then the retained one is cleared, so that nobody who listens misses it.
 *  Where two instances of a rule stand on one key, they share the topic, and what is retained is the one that still stands. */
export function createMqttSink({ name = 'mqtt', publish, serialise, close }: MqttSinkOptions): AlarmSink {
  /** Topic → alarm → the latest payload of each alarm that stands. */
  const standing = new Map<string, Map<string, string>>()

  function messagesOf(transition: Transition): AlarmMessage[] {
    const topic = alarmTopic(transition)
    const payload = serialise(transition)
    const alarms = standing.get(topic) ?? new Map<string, string>()
    if (transition.to !== 'normal') {
      standing.set(topic, alarms.set(transition.alarm, payload))
      return [{ topic, payload, retain: true }]
    }
    alarms.delete(transition.alarm)
    if (alarms.size === 0) standing.delete(topic)
    return [
      { topic, payload, retain: false },
      { topic, payload: [...alarms.values()].at(-1) ?? '', retain: true },
    ]
  }

  return {
    name,
    publish: (transitions) => publish(transitions.flatMap(messagesOf)),
    async close() {
      await close?.()
    },
  }
}
