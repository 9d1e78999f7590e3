/** Tanks: filled and emptied between a third and two thirds, pressure and temperature with them. */
import type { Point } from '../../src/model/point.ts'
import { type Duration, HOUR, MINUTE, SECOND } from '../../src/model/time.ts'
import { cadence, pointsOf, type Setting, shown } from '../setting.ts'
import { createRipple, diurnal } from './signal.ts'

const PERIOD = 2 * SECOND

interface Tank {
  level: number
  /** Where it is going, and how fast: percent a minute. */
  goal: number
  rate: number
  since: number
}

export interface Tanks {
  level(tank: string): number
  /** Fills or empties to a level, percent, at a rate a minute; then the usual life goes on. */
  fill(tank: string, to: number, rate: number): void
}

export function createTanks(setting: Setting): Tanks {
  const { timeline, random, gateway } = setting
  const tanks = new Map<string, Tank>()
  const points = pointsOf(setting, ['tank.level', 'tank.pressure', 'tank.temperature'])

  function at(name: string): Tank {
    let tank = tanks.get(name)
    const own = random.fork(`tank/${name}`)
    if (!tank) {
      tank = { level: own.between(38, 62), goal: own.between(35, 68), rate: 0.4, since: timeline.now }
      tanks.set(name, tank)
    }
    const passed = (timeline.now - tank.since) / MINUTE
    tank.since = timeline.now
    const way = tank.goal - tank.level
    tank.level += Math.sign(way) * Math.min(Math.abs(way), passed * tank.rate)
    if (tank.level === tank.goal) {
      // The next transfer, seeded by when it begins.
      const next = own.fork(String(Math.floor(timeline.now / HOUR)))
      tank.goal = tank.level > 52 ? next.between(33, 48) : next.between(55, 68)
      tank.rate = next.between(0.2, 0.6)
    }
    return tank
  }

  for (const point of points) {
    const own = random.fork(point.id)
    const ripple = createRipple(own, [MINUTE, 15 * MINUTE])
    const tank = String(point.attributes.tank ?? point.id.split('/').at(-2))
    timeline.every(
      () => cadence(setting, PERIOD, point),
      own.between(0, PERIOD),
      () => gateway.say(point, shown(read(point, { level: at(tank).level, ripple: ripple(timeline.now) }), 2)),
    )
  }

  function read({ kind }: Point, { level, ripple }: { level: number; ripple: number }): number {
    if (kind === 'tank.level') return level
    if (kind === 'tank.pressure') return 9 + level * 0.12 + 0.4 * ripple
    return 23 + 3 * diurnal(timeline.now) + 0.2 * ripple
  }

  return {
    level: (name) => at(name).level,
    fill(name, to, rate) {
      Object.assign(at(name), { goal: to, rate })
    },
  }
}

/** How long a fill takes. */
export function fillTime({ from, to, rate }: { from: number; to: number; rate: number }): Duration {
  return (Math.abs(to - from) / rate) * MINUTE
}
