/** How well each place is watched (监控状态), by what the `unmonitored` items ask for there. */
import { matchAreas } from '../model/match.ts'
import type { Point } from '../model/point.ts'
import type { RuleInstance } from '../model/rule.ts'
import { type Area, type Installation, within } from '../model/site.ts'
import { EQUIPMENT, type Equipment, type UnmonitoredParams } from '../rules/unmonitored/params.ts'
import type { AreaView, PointView } from './service.ts'

export type Monitoring = (
  area: Area,
  seen: { readonly count: number; readonly view: (point: Point) => PointView },
) => AreaView['monitoring']

/** Where no item asks for anything, what is declared of the place is expected of it; without either it is not equipped. A kind of
 *  device that an item asks for and nobody has declared is missing: such a place is never called watched. */
export function createMonitoring({ rules, sites }: Pick<Installation, 'rules' | 'sites'>): Monitoring {
  const items = new Map<Area, UnmonitoredParams[]>()
  for (const instance of rules) {
    if (instance.rule !== 'unmonitored') continue
    const { match, params } = instance as RuleInstance<UnmonitoredParams>
    for (const site of sites.values()) {
      for (const area of matchAreas(site, match)) items.set(area, [...(items.get(area) ?? []), params])
    }
  }

  return (area, { count, view }) => {
    const asked = items.get(area)
    const points = [...area.site.points.values()]
    const own = points.filter((point) => point.area === area)
    const wanted = EQUIPMENT.filter((equipment) =>
      asked ? asked.some(({ require }) => require.includes(equipment)) : own.some((point) => isA(point, equipment)),
    )
    if (wanted.length === 0) return 'unequipped'
    const there = (equipment: Equipment) => {
      const devices = own.filter((point) => isA(point, equipment))
      return devices.length > 0 && devices.every((point) => serves(view(point), equipment))
    }
    if (wanted.every(there)) return 'watched'
    const busy = points.some((point) => within(point.area, area) && works(view(point), { point, asked }))
    return count > 0 || busy ? 'unwatched' : 'blind'
  }
}

function isA({ kind, attributes }: Point, equipment: Equipment): boolean {
  return equipment === 'gas' ? kind.startsWith('gas.') : kind === 'device.state' && attributes.device === 'camera'
}

function serves({ state, reading }: PointView, equipment: Equipment): boolean {
  return state === 'live' && (equipment === 'gas' || (reading?.quality === 'good' && reading.value === 'online'))
}

const ANY: Pick<UnmonitoredParams, 'arc' | 'idle' | 'belt'> = { arc: 20, idle: 0, belt: 0 }

/** Welding, or load above what the items of the place take for none. */
function works(
  { state, reading }: PointView,
  { point: { kind }, asked = [ANY] }: { point: Point; asked: readonly (typeof ANY)[] | undefined },
): boolean {
  if (state !== 'live' || typeof reading?.value !== 'number') return false
  const { value } = reading
  const name =
    kind === 'weld.current' ? 'arc' : kind === 'power.active' ? 'idle' : kind === 'belt.rate' ? 'belt' : undefined
  return name !== undefined && asked.some((params) => value > params[name])
}
