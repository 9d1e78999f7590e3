/** Feeders, fans, doors, smoke detectors and cameras: their state now and then, and every change at once. */
import type { DeviceState, Point } from '../../src/model/point.ts'
import { MINUTE, SECOND } from '../../src/model/time.ts'
import { cadence, pointsOf, type Setting } from '../setting.ts'

export interface Switches {
  set(point: string, state: boolean | DeviceState): void
}

export function createSwitches(setting: Setting): Switches {
  const { timeline, random, gateway, opening } = setting
  const states = new Map<Point, boolean | DeviceState>()
  const points = pointsOf(setting, ['feeder.energized', 'fan.running', 'door.open', 'smoke', 'device.state'])
  for (const point of points) {
    states.set(point, initial(point))
    const own = random.fork(point.id)
    const say = () => gateway.say(point, states.get(point)!)
    const period = point.kind === 'device.state' ? 30 * MINUTE : 10 * SECOND
    if (opening > 0) timeline.after(opening + own.between(0, 500), say)
    timeline.every(() => cadence(setting, period, point), own.between(0, SECOND), say)
  }
  return {
    set(id, state) {
      const point = points.find((one) => one.id === id)
      if (!point) throw new RangeError(`${setting.site.id} has no switch or device ${id}`)
      if (states.get(point) === state) return
      states.set(point, state)
      gateway.say(point, state)
    },
  }
}

function initial({ kind, id }: Point): boolean | DeviceState {
  if (kind === 'device.state') return 'online'
  return kind === 'feeder.energized' || (kind === 'fan.running' && !id.includes('standby'))
}
