/** The register map: settings checked against themselves, and near registers merged into block reads. */
import { DavyError } from '../../model/errors.ts'
import { type Coding, type RegisterType, sentinelPattern, TYPES } from './codec.ts'
import type { PointSettings } from './settings.ts'

export type Table = 'holding' | 'input' | 'coil' | 'discrete'

/** One point in one table; `size` in registers, or bits of a coil table. */
export interface Mapped {
  readonly point: string
  readonly table: Table
  readonly address: number
  readonly size: number
  readonly coding: Coding
}

/** One request. */
export interface Block {
  readonly table: Table
  readonly address: number
  readonly size: number
  readonly points: readonly Mapped[]
}

/** Largest read the protocol allows. */
const MOST: Record<Table, number> = { holding: 125, input: 125, coil: 2_000, discrete: 2_000 }
/** Unwanted registers read along rather than asked around: a request costs more than sixteen bytes. */
const GAP = 8

/** Throws `DavyError` where type, table, mask and sentinels do not fit each other. */
export function mapPoint(settings: PointSettings): Mapped {
  const { point, table, address, order, scale, offset, mask, bit } = settings
  const bitwise = table === 'coil' || table === 'discrete'
  const type: RegisterType = settings.type ?? (bitwise ? 'bool' : 'u16')
  const size = bitwise ? 1 : TYPES[type].registers
  if (bitwise && type !== 'bool') throw misfit(point, `a ${table} is bool, not ${type}`)
  if (bitwise && (bit !== undefined || mask !== undefined)) throw misfit(point, `a ${table} has no mask or bit`)
  if (mask !== undefined && TYPES[type].form !== 'bits')
    throw misfit(point, `mask applies to bool and bits, not ${type}`)
  if (bit !== undefined && type !== 'bool') throw misfit(point, `bit applies to bool, not ${type}`)
  if (bit !== undefined && mask !== undefined) throw misfit(point, 'give bit or mask, not both')
  if (address + size > 65_536) throw misfit(point, `${type} at ${address} runs past the last register, 65535`)
  const sentinels = settings.sentinels.map((sentinel) => {
    const pattern = bitwise ? undefined : sentinelPattern(sentinel, type)
    if (pattern === undefined) throw misfit(point, `${table} ${type} cannot hold the sentinel ${sentinel}`)
    return pattern
  })
  return {
    point,
    table,
    address,
    size,
    coding: {
      type,
      order,
      scale,
      offset,
      sentinels: new Set(sentinels),
      ...(mask === undefined ? {} : { mask }),
      ...(bit === undefined ? {} : { bit }),
    },
  }
}

function misfit(point: string, message: string): DavyError {
  return new DavyError('settings-invalid', {
    message,
    where: `point ${point}`,
    remedy: "see the register map in the adapter's reference",
  })
}

/** Merges points of a table that lie together into the fewest reads the limits allow, in order of address. */
export function blocksOf(points: readonly Mapped[]): readonly Block[] {
  const blocks: Block[] = []
  for (const table of ['holding', 'input', 'coil', 'discrete'] as const) {
    const sorted = points.filter((p) => p.table === table).sort((a, b) => a.address - b.address)
    let members: Mapped[] = []
    let start = 0
    let end = 0
    const close = () => {
      if (members.length > 0) blocks.push({ table, address: start, size: end - start, points: members })
    }
    for (const point of sorted) {
      const reach = Math.max(end, point.address + point.size)
      if (members.length > 0 && point.address <= end + GAP && reach - start <= MOST[table]) {
        members.push(point)
        end = reach
        continue
      }
      close()
      members = [point]
      start = point.address
      end = point.address + point.size
    }
    close()
  }
  return blocks
}
