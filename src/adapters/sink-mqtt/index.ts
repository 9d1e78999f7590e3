/** Publishes transitions of alarms on MQTT, through the embedded broker or any other. */
import { SEVERITIES, type Transition } from '../../model/alarm.ts'
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
  /** As in the reference of transitions. */
  serialise(transition: Transition): string
  close?(): Promise<void>
}

/** At least once; a transition's id tells repetitions. While an alarm is active its latest transition is retained. The one that ends it,
 *  and what is said of it afterwards, is published without being retained, and then the retained one is cleared, so that nobody who
 *  listens misses it. Several items of a rule that stand on one key share the topic: every transition of each is heard there, and the
 *  last word, which is retained, is the latest of the worst that is active: the severest, then the newest. */
export function createMqttSink({ name = 'mqtt', publish, serialise, close }: MqttSinkOptions): AlarmSink {
  /** Topic → alarm → its latest transition, for each alarm that is active. */
  const standing = new Map<string, Map<string, Transition>>()

  function messagesOf(transition: Transition): AlarmMessage[] {
    const topic = alarmTopic(transition)
    const alarms = standing.get(topic) ?? new Map<string, Transition>()
    alarms.delete(transition.alarm)
    if (transition.to === 'unacked' || transition.to === 'acked') alarms.set(transition.alarm, transition)
    if (alarms.size === 0) standing.delete(topic)
    else standing.set(topic, alarms)
    const worst = worstOf(alarms)
    const payload = serialise(transition)
    if (worst === transition) return [{ topic, payload, retain: true }]
    return [
      { topic, payload, retain: false },
      { topic, payload: worst ? serialise(worst) : '', retain: true },
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

function worstOf(alarms: ReadonlyMap<string, Transition>): Transition | undefined {
  const rank = ({ severity }: Transition) => SEVERITIES.indexOf(severity)
  return [...alarms.values()].sort((a, b) => rank(a) - rank(b) || b.offset - a.offset)[0]
}
