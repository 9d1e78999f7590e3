/** Modbus TCP: polls the registers of devices, and of devices behind gateways, by a declared register map. */
import { Value } from 'typebox/value'
import { DavyError } from '../../model/errors.ts'
import type { Adapter } from '../../model/ports.ts'
import { type Duration, parseDuration } from '../../model/time.ts'
import { mapPoint } from './register-map.ts'
import { ModbusSettings } from './settings.ts'
import { ModbusSource } from './source.ts'

export const modbus: Adapter<ModbusSettings> = {
  name: 'modbus',
  title: { zh: 'Modbus TCP 轮询', en: 'Modbus TCP polling' },
  settings: ModbusSettings,
  create(given, context) {
    const { host, port, site, slaves } = Value.Default(ModbusSettings, structuredClone(given)) as ModbusSettings
    const units = new Set<number>()
    return new ModbusSource(
      {
        host,
        port,
        site,
        slaves: slaves.map(({ unit, every, timeout, points }) => {
          if (units.has(unit)) {
            throw new DavyError('settings-invalid', {
              message: `unit ${unit} is listed twice`,
              where: `${context.name}: slaves`,
              remedy: 'give each unit one entry with all of its points',
            })
          }
          units.add(unit)
          return { unit, every: milliseconds(every), timeout: milliseconds(timeout), points: points.map(mapPoint) }
        }),
      },
      context,
    )
  },
}

/** The configuration's loader gives milliseconds; defaults and settings written in code are texts such as `1s`. */
function milliseconds(duration: Duration | string): Duration {
  const parsed = typeof duration === 'string' ? parseDuration(duration) : duration
  if (parsed !== undefined && parsed > 0) return parsed
  throw new DavyError('settings-invalid', {
    message: `${duration} is not a duration above zero`,
    where: 'slaves',
    remedy: 'write e.g. 500ms or 2s',
  })
}
