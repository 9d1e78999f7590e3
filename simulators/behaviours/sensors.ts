/** Gas, air, dust and temperature heads: correlated within a place, breathing with day and work, each with its own small noise. */
import type { Point, PointKind } from '../../src/model/point.ts'
import { MINUTE, SECOND } from '../../src/model/time.ts'
import { cadence, pointsOf, type Setting, shown } from '../setting.ts'
import { type Course, createRipple, createSignal, diurnal, type Ripple, type Signal } from './signal.ts'

interface Nature {
  readonly base: number
  /** How far the day, the work and chance move it. */
  readonly day: number
  readonly work: number
  readonly noise: number
  readonly decimals: number
}

const AIR: Readonly<Partial<Record<PointKind, Nature>>> = {
  'gas.ch4': { base: 0.3, day: 0.02, work: 0.08, noise: 0.006, decimals: 2 },
  'gas.co': { base: 3.2, day: 0.3, work: 0.9, noise: 0.15, decimals: 1 },
  'gas.o2': { base: 20.8, day: 0, work: 0.05, noise: 0.02, decimals: 1 },
  'gas.co2': { base: 0.12, day: 0, work: 0.02, noise: 0.004, decimals: 2 },
  'gas.h2s': { base: 0.6, day: 0.1, work: 0.2, noise: 0.05, decimals: 1 },
  'gas.lel': { base: 2, day: 0.4, work: 0.7, noise: 0.2, decimals: 1 },
  'env.temperature': { base: 24.6, day: 0.4, work: 0.5, noise: 0.05, decimals: 1 },
  'env.wind': { base: 1.6, day: 0, work: 0.12, noise: 0.03, decimals: 2 },
  'env.dust': { base: 2.2, day: 0, work: 0.7, noise: 0.08, decimals: 1 },
}
const KINDS = Object.keys(AIR) as PointKind[]

/** What is usual where. */
const CH4: Readonly<Record<string, number>> = { T0: 0.46, T1: 0.38, T2: 0.31, roadway: 0.12, 'main-return': 0.33 }
const ELSEWHERE: Readonly<Record<string, number>> = {
  'env.wind/return-airway': 4.8,
  'env.temperature/machine-chamber': 28.2,
}

const PERIOD = 5 * SECOND

export interface Sensors {
  /** Drives a head along a course from what it shows now. */
  drive(point: string, course: Course): void
  value(point: string): number
}

export function createSensors(setting: Setting): Sensors {
  const { timeline, random, gateway } = setting
  const places = new Map<string, Ripple>()
  const rippleOf = ({ area }: Point) => {
    const place = area?.id ?? ''
    let ripple = places.get(place)
    if (!ripple) {
      ripple = createRipple(random.fork(`place/${place}`), [2 * MINUTE, 25 * MINUTE])
      places.set(place, ripple)
    }
    return ripple
  }
  const signals = new Map<string, Signal>()
  for (const point of pointsOf(setting, KINDS)) {
    const nature = AIR[point.kind]!
    const own = random.fork(point.id)
    const ripple = rippleOf(point)
    const base = baseOf(point, nature) * own.between(0.96, 1.04)
    // Swings belong to what is usual there: a place with little gas has little ripple.
    const scale = base / nature.base
    const signal = createSignal((at) => base + scale * (nature.day * diurnal(at) + nature.work * ripple(at)))
    signals.set(point.id, signal)
    timeline.every(
      () => cadence(setting, PERIOD, point),
      own.between(0, PERIOD),
      () => {
        const value = signal.at(timeline.now) + scale * nature.noise * (own.next() + own.next() - 1)
        gateway.say(point, shown(Math.max(0, value), nature.decimals))
      },
    )
  }
  const of = (point: string) => {
    const signal = signals.get(point)
    if (!signal) throw new RangeError(`${setting.site.id} has no sensor ${point}`)
    return signal
  }
  return {
    drive: (point, course) => of(point).drive(timeline.now, course),
    value: (point) => of(point).at(timeline.now),
  }
}

function baseOf({ kind, area, attributes }: Point, { base }: Nature): number {
  // Oxygen and its like are the same everywhere.
  if (kind === 'gas.ch4') return (area?.kind === 'heading-face' ? 0.72 : 1) * (CH4[String(attributes.place)] ?? base)
  if (kind === 'gas.co' && attributes.place === 'belt') return 1.4
  return ELSEWHERE[`${kind}/${area?.kind}`] ?? base
}
