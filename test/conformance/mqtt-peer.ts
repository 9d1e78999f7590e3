/** A device on MQTT for tests: mqtt.js, which sends on reconnect again what was not acknowledged. */
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'

export interface MqttPeer {
  readonly client: MqttClient
  /** Publishes `n` readings at QoS 1 without waiting for acknowledgements. */
  emit(n: number): Promise<readonly number[]>
  emitRaw(topic: string, payload: string | Buffer): void
  acknowledged(): number
  close(): Promise<void>
}

/** Connects a device that reports on `davy/v1/{site}/{point}`. */
export async function mqttPeer(
  url: string,
  { site = 'mine', point = 'p1', ...options }: IClientOptions & { site?: string; point?: string } = {},
): Promise<MqttPeer> {
  const client = await connectAsync(url, { reconnectPeriod: 20, clean: false, clientId: 'device-1', ...options })
  client.on('error', () => {})
  let acknowledged = 0
  let next = 1
  return {
    client,
    async emit(n) {
      const values = Array.from({ length: n }, () => next++)
      for (const value of values) {
        client.publish(`davy/v1/${site}/${point}`, JSON.stringify({ value }), { qos: 1 }, (error) => {
          if (!error) acknowledged++
        })
      }
      return values
    },
    emitRaw(topic, payload) {
      client.publish(topic, payload, { qos: 1 })
    },
    acknowledged: () => acknowledged,
    async close() {
      await client.endAsync(true)
    },
  }
}
