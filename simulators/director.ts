/** The demo's programme: four kinds of alarm within the first minute, then one incident after another, and a shift change when one is due. */
import { nextShiftChange, shiftAt } from '../src/model/shift.ts'
import { type Duration, type Instant, MINUTE, SECOND } from '../src/model/time.ts'
import { SCENARIOS } from './index.ts'
import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

/** Seconds after the doors open, whatever the speed. */
const OPENING: readonly (readonly [Duration, string])[] = [
  [SECOND, 'card-left'],
  [2 * SECOND, 'no-card'],
  [5 * SECOND, '26th-man'],
  [9 * SECOND, 'camera-lost'],
  [14 * SECOND, 'gas-rising'],
  [40 * SECOND, 'tank-filling'],
  [60 * SECOND, 'welder-without-session'],
]
const LATER = [
  'cable-cut',
  'tank-filling',
  '26th-man',
  'clock-astray',
  'no-card',
  'welder-without-session',
  'gas-rising',
  'link-outage',
  'camera-lost',
  'card-left',
]
/** Where the limit of a coal face does not hold, a heading shows the same. */
const INSTEAD: Readonly<Record<string, string>> = { '26th-man': '19th-man' }
/** Between two incidents, by the clock on the wall. */
const PAUSE = 20 * SECOND
/** So long before the end of a shift the next crew comes down. */
const BEFORE_SHIFT = 40 * MINUTE

/** How long the world must have lived before the doors open: whoever arrives in the first seconds has set out by then. */
export const WARM_UP: Duration = 15 * MINUTE

export interface Programme {
  /** When the doors open, in simulated time: `WARM_UP` after the world's beginning. */
  readonly speed: number
  /** The clock on the wall, which shifts go by. */
  readonly now: () => Instant
  /** A scenario has begun to show. */
  readonly tell: (scenario: Scenario) => void
}

/** To be called before the world has lived. */
export function direct(world: World, { speed, now, tell }: Programme): void {
  const { site } = world.place('baoyuan')
  const calendar = { shifts: site.shifts, zone: site.timezone }
  const wall = (duration: Duration) => duration * speed
  let changing = false

  function choose(name: string): Scenario {
    const scenario = SCENARIOS.get(name)!
    const holds = scenario.work === undefined || shiftAt(now(), calendar)?.shift.work === scenario.work
    return holds ? scenario : SCENARIOS.get(INSTEAD[name]!)!
  }

  let busy = 0
  for (const [slot, name] of OPENING) {
    const scenario = choose(name)
    const shows = WARM_UP + wall(slot)
    world.after(shows - (scenario.lead ?? 0), () => scenario.play(world))
    world.after(shows, () => tell(scenario))
    busy = Math.max(busy, shows + scenario.duration(world.delays))
  }

  function next(turn: number): void {
    const name = LATER[turn % LATER.length]!
    const scenario = choose(name)
    // Two crews fill the roads at a shift change: nobody is sent about then.
    const skipped = changing && name in INSTEAD
    if (!skipped) {
      tell(scenario)
      scenario.play(world)
    }
    const length = skipped ? 0 : scenario.duration(world.delays)
    world.after(length + wall(PAUSE), () => next(turn + 1))
  }
  world.after(busy + wall(PAUSE), () => next(0))

  let remaining = 0
  const watch = () => {
    const before = remaining
    remaining = wall(nextShiftChange(now(), calendar) - now())
    if (before > BEFORE_SHIFT && remaining <= BEFORE_SHIFT && !changing) {
      const change = SCENARIOS.get('shift-change')!
      changing = true
      tell(change)
      change.play(world)
      world.after(change.duration(world.delays), () => {
        changing = false
      })
    }
    world.after(10 * SECOND, watch)
  }
  world.after(WARM_UP, watch)
}
