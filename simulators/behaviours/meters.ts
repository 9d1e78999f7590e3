/** Power meters: the hoist's cycles, and the fan and the pumps that never rest. */
import type { Point } from '../../src/model/point.ts'
import { type Duration, HOUR, MINUTE, SECOND } from '../../src/model/time.ts'
import type { Random } from '../random.ts'
import { cadence, pointsOf, type Setting, shown } from '../setting.ts'
import { createRipple } from './signal.ts'

const PERIOD = 2 * SECOND

/** Winds up, runs, brakes (and gives power back), waits for the next skip; kW. */
const HOIST: readonly (readonly [until: Duration, power: number])[] = [
  [12 * SECOND, 1_850],
  [62 * SECOND, 960],
  [72 * SECOND, -180],
  [100 * SECOND, 25],
]

export function createMeters(setting: Setting): void {
  const { timeline, random, gateway } = setting
  const loads = new Map<unknown, () => number>()
  for (const point of pointsOf(setting, ['power.active', 'power.current'])) {
    const own = random.fork(point.id)
    const power = loadOf(point, { own, setting })
    loads.set(point.attributes.load, power)
    timeline.every(
      () => cadence(setting, PERIOD, point),
      own.between(0, PERIOD),
      () => gateway.say(point, shown(power(), 1)),
    )
  }
  for (const point of pointsOf(setting, ['power.energy'])) {
    const power = loads.get(point.attributes.load) ?? (() => 100)
    let energy = random.fork(point.id).between(1e5, 2e5)
    let since = timeline.now
    timeline.every(
      () => cadence(setting, PERIOD, point),
      SECOND,
      () => {
        energy += (Math.max(0, power()) * (timeline.now - since)) / HOUR
        since = timeline.now
        gateway.say(point, shown(energy, 1))
      },
    )
  }
}

function loadOf(
  { attributes }: Point,
  { own, setting: { timeline } }: { own: Random; setting: Setting },
): () => number {
  const ripple = createRipple(own, [MINUTE, 12 * MINUTE])
  const noise = (size: number) => size * (own.next() - 0.5)
  if (attributes.load === 'main-hoist') {
    const begin = timeline.now
    const length = HOIST.at(-1)![0]
    return () => {
      const phase = (timeline.now - begin) % length
      return HOIST.find(([until]) => phase < until)![1] * (1 + noise(0.04))
    }
  }
  // A second pump runs for the third of an hour in which the sump is emptied.
  if (attributes.load === 'main-pump') {
    return () => (timeline.now % HOUR < 20 * MINUTE ? 372 : 186) + 4 * ripple(timeline.now) + noise(3)
  }
  return () => 412 + 5 * ripple(timeline.now) + noise(3)
}
