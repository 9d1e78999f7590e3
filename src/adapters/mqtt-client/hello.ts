/** What the client says first: CONNECT, and which filters it subscribes. */
import { generate } from 'mqtt-packet'
import { readPassword } from '../password-file.ts'
import { statePayload, stateTopic } from '../sparkplug/topic.ts'
import type { MqttClientSettings } from './settings.ts'

/** The broker keeps the session for good; without it MQTT 5 ends one with its connection. */
const FOREVER = 0xffff_ffff

/** The bytes of CONNECT; throws where the password cannot be read. `since`: when the connection was made. */
export function helloOf(settings: MqttClientSettings, since: number): Buffer {
  const { clientId, clean, keepalive, username, passwordFile, version, inFlight, sparkplug } = settings
  const password = passwordFile === undefined ? undefined : readPassword(passwordFile)
  const five = version === 5
  return generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: five ? 5 : 4,
    clientId,
    clean,
    keepalive,
    ...(five && {
      properties: {
        ...(!clean && { sessionExpiryInterval: FOREVER }),
        receiveMaximum: Math.min(inFlight, 65_535),
      },
    }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: Buffer.from(password) }),
    ...(sparkplug && {
      will: {
        topic: stateTopic(sparkplug.host),
        payload: Buffer.from(statePayload(false, since)),
        qos: 1,
        retain: true,
        ...(five && { properties: {} }),
      },
    }),
  })
}

/** The filters, in the order in which the broker answers. */
export function subscriptionOf({ topics, share, sparkplug }: MqttClientSettings): readonly string[] {
  const own = share === undefined ? topics : topics.map((topic) => `$share/${share}/${topic}`)
  return sparkplug ? [...own, ...sparkplug.subscribe, stateTopic(sparkplug.host)] : own
}
