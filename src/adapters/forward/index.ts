/** Ways up, by what they speak; each is loaded only where it is configured. */
import { DavyError } from '../../model/errors.ts'
import type { Uplink, UplinkContext } from '../../model/ports.ts'
import type { ForwardSettings } from './settings.ts'

/** Connects in the background. Throws `settings-invalid` where a file of the settings cannot be read, or they contradict each other.
 *  They have passed the configuration's check, so that there is either `mqtt` or `kafka`. */
export async function openUplink(settings: ForwardSettings, context: UplinkContext): Promise<Uplink> {
  try {
    return await open(settings, context)
  } catch (cause) {
    throw new DavyError('settings-invalid', {
      message: (cause as Error).message,
      where: `forward: ${settings.name}`,
      remedy: 'see that its files are there and can be read; paths are relative to the folder of davy.yaml',
      cause,
    })
  }
}

async function open({ name, mqtt, kafka }: ForwardSettings, context: UplinkContext): Promise<Uplink> {
  if (kafka) return (await import('../forward-kafka/index.ts')).openKafkaUplink({ name, settings: kafka }, context)
  return (await import('../forward-mqtt/index.ts')).openMqttUplink({ name, settings: mqtt! }, context)
}
