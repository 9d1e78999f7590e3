/** Meters behind a gateway: a Modbus TCP server whose registers are laid out as a Modbus source's map says. */
import type { ModbusSettings } from '../../src/adapters/modbus/settings.ts'
import { type ModbusServer, startModbusServer } from '../servers/modbus.ts'
import type { Transport } from './transport.ts'

export interface ModbusTransport extends Transport {
  readonly port: number
}

/** Throws where the port cannot be had; 0 picks a free one. Bits are not simulated. */
export async function createModbusTransport({
  settings,
  port,
}: {
  settings: ModbusSettings
  port: number
}): Promise<ModbusTransport> {
  const server: ModbusServer = await startModbusServer({
    port,
    framing: settings.framing,
    units: settings.slaves.map(({ unit }) => ({ unit, holding: 65_536, input: 65_536 })),
  })
  const points = new Map(
    settings.slaves.flatMap(({ unit, points: own }) => own.map((point) => [point.point, { unit, point }] as const)),
  )
  return {
    port: server.port,
    carries: ({ site, point }) => site === settings.site && points.has(point),
    send(readings) {
      for (const { point: id, value } of readings) {
        const { unit, point } = points.get(id)!
        const { table, address, type = 'u16', order, scale, offset } = point
        if (typeof value !== 'number' || type === 'bool' || type === 'bits') continue
        if (table !== 'holding' && table !== 'input') continue
        const raw = (value - offset) / scale
        const whole = type === 'f32' || type === 'f64' ? raw : Math.round(raw)
        const place = { table, address, type, order }
        server.setNumber(unit, place, type.endsWith('64') && type !== 'f64' ? BigInt(whole) : whole)
      }
    },
    stop: () => server.stop(),
  }
}
