/** Every source adapter, one line each; loaded only where it is configured. */
import type { Adapter } from '../model/ports.ts'

export const ADAPTERS: Readonly<Record<string, () => Promise<Adapter>>> = {
  mqtt: async () => (await import('./mqtt/index.ts')).mqtt as Adapter,
  'mqtt-client': async () => (await import('./mqtt-client/index.ts')).mqttClient as Adapter,
  modbus: async () => (await import('./modbus/index.ts')).modbus,
  'mine-files': async () => (await import('./mine-files/index.ts')).mineFiles as Adapter,
  kafka: async () => (await import('./kafka/index.ts')).kafka as Adapter,
  opcua: async () => (await import('./opcua/index.ts')).opcua,
}
