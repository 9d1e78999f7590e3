/** The adapter of the embedded MQTT broker. */
import type { Adapter } from '../../model/ports.ts'
import { createBroker } from './broker.ts'
import { MqttSettings } from './settings.ts'

export const mqtt: Adapter<MqttSettings> = {
  name: 'mqtt',
  title: { en: 'Embedded MQTT broker', zh: '内置 MQTT 服务器' },
  settings: MqttSettings,
  create: createBroker,
}
