/** Modbus over TCP or a serial line: polls the registers of devices, and of devices behind gateways, by a declared register map. */
import { Value } from 'typebox/value'
import { DavyError } from '../../model/errors.ts'
import type { Adapter } from '../../model/ports.ts'
import { type Duration, parseDuration } from '../../model/time.ts'
import type { Route } from './line.ts'
import { mapPoint } from './register-map.ts'
import { ModbusSettings } from './settings.ts'
import { type ModbusPeer, ModbusSource } from './source.ts'

export const modbus: Adapter<ModbusSettings> = {
  name: 'modbus',
  title: { zh: 'Modbus 轮询（TCP、RTU）', en: 'Modbus polling (TCP, RTU)' },
  settings: ModbusSettings,
  check: (given, { name }) => void peerOf(given, name),
  create: (given, context) => new ModbusSource(peerOf(given, context.name), context),
}

/** Throws `settings-invalid` where parts of the settings contradict each other. */
function peerOf(given: ModbusSettings, name: string): ModbusPeer {
  const { site, slaves, ...where } = Value.Default(ModbusSettings, structuredClone(given)) as ModbusSettings
  const units = new Set<number>()
  return {
    route: routeOf(where, name),
    site,
    slaves: slaves.map(({ unit, every, timeout, points }) => {
      if (units.has(unit)) {
        throw new DavyError('settings-invalid', {
          message: `unit ${unit} is listed twice`,
          where: `${name}: slaves`,
          remedy: 'give each unit one entry with all of its points',
        })
      }
      units.add(unit)
      return { unit, every: milliseconds(every), timeout: milliseconds(timeout), points: points.map(mapPoint) }
    }),
  }
}

function routeOf({ host, port, framing, serial }: Omit<ModbusSettings, 'site' | 'slaves'>, name: string): Route {
  if ((host === undefined) === (serial === undefined)) {
    throw new DavyError('settings-invalid', {
      message: host === undefined ? 'neither `host` nor `serial` is given' : '`host` and `serial` are both given',
      where: name,
      remedy: 'give `host` for a device or gateway on the network, `serial` for a line at this machine',
    })
  }
  return serial ? { kind: 'serial', ...serial } : { kind: framing, host: host!, port }
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
