/** The demo's field: the example's sources on free ports, and simulated devices at the other end of each. */
import { freePort } from '../../../simulators/ports.ts'
import { createModbusTransport, type ModbusTransport } from '../../../simulators/transports/modbus.ts'
import type { MineFilesSettings } from '../../adapters/mine-files/settings.ts'
import { watchedOf } from '../../adapters/mine-files/watched.ts'
import type { ModbusSettings } from '../../adapters/modbus/settings.ts'
import type { OpcuaSettings } from '../../adapters/opcua/settings.ts'
import type { Installation } from '../../model/site.ts'
import type { Settings, SourceSettings } from '../config/settings-schema.ts'

export interface DemoSources {
  /** The OPC UA and the Modbus sources look at the simulators' ports; everything else stays. */
  readonly settings: Settings
  /** The simulated meters, listening. */
  readonly meters: readonly ModbusTransport[]
}

/** Finds free ports; the meters listen at once, the OPC UA server, which is slow to load, is left for later. */
export async function simulateSources(settings: Settings): Promise<DemoSources> {
  const meters: ModbusTransport[] = []
  const sources: SourceSettings[] = []
  for (const source of settings.sources) {
    if (source.adapter === 'opcua') {
      const own = source.settings as OpcuaSettings
      sources.push({ ...source, settings: { ...own, endpoint: `opc.tcp://127.0.0.1:${await freePort()}` } })
    } else if (source.adapter === 'modbus') {
      const own = source.settings as ModbusSettings
      const meter = await createModbusTransport({ settings: own, port: 0 })
      meters.push(meter)
      const { serial: _, ...over } = own
      sources.push({ ...source, settings: { ...over, host: '127.0.0.1', port: meter.port } })
    } else sources.push(source)
  }
  return { settings: { ...settings, sources }, meters }
}

export function opcuaSources({ sources }: Settings): OpcuaSettings[] {
  return sources.filter(({ adapter }) => adapter === 'opcua').map(({ settings }) => settings as OpcuaSettings)
}

export function modbusSources({ sources }: Settings): ModbusSettings[] {
  return sources.filter(({ adapter }) => adapter === 'modbus').map(({ settings }) => settings as ModbusSettings)
}

/** Each mine that a source of mine files waits for, with its folder: a simulated mining system puts its files there. */
export function mineFolders({ settings, installation }: { settings: Settings; installation: Installation }) {
  return settings.sources
    .filter(({ adapter }) => adapter === 'mine-files')
    .flatMap(({ name, settings: own }) => {
      const { folder, dialect, mines } = watchedOf(own as MineFilesSettings, name)
      return [...mines].flatMap(([mine, { site: id }]) => {
        const site = installation.sites.get(id)
        return site ? [{ folder, dialect, mine, site }] : []
      })
    })
}
