/** Ways up, by what they speak; each is loaded only where it is configured. */
import type { Uplink, UplinkContext } from '../../model/ports.ts'
import type { ForwardSettings } from './settings.ts'

/** Connects in the background. Throws where a file of the settings cannot be read. Settings have passed the configuration's check, so
 *  that there is either `mqtt` or `kafka`. */
export async function openUplink({ name, mqtt, kafka }: ForwardSettings, context: UplinkContext): Promise<Uplink> {
  if (kafka) return (await import('../forward-kafka/index.ts')).openKafkaUplink({ name, settings: kafka }, context)
  return (await import('../forward-mqtt/index.ts')).openMqttUplink({ name, settings: mqtt! }, context)
}
