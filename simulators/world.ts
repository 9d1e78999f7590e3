/** The simulated installation: every configured device and person of the chosen sites, and what an incident can do to them. */
import type { Installation, Site } from '../src/model/site.ts'
import type { Duration, Instant } from '../src/model/time.ts'
import { type Crew, createCrew } from './behaviours/crew.ts'
import { createMeters } from './behaviours/meters.ts'
import { createSensors, type Sensors } from './behaviours/sensors.ts'
import { createSwitches, type Switches } from './behaviours/switches.ts'
import { createTanks, type Tanks } from './behaviours/tanks.ts'
import { createWelders, type Welders } from './behaviours/welders.ts'
import { type Delays, delaysOf } from './delays.ts'
import { createGateway, type Gateway, type Sent } from './gateway.ts'
import { createRandom } from './random.ts'
import type { Setting } from './setting.ts'
import { createTimeline } from './timeline.ts'

/** What an incident can do at one site. */
export interface Place {
  readonly site: Site
  readonly sensors: Sensors
  readonly switches: Switches
  readonly tanks: Tanks
  readonly welders: Welders
  readonly gateway: Gateway
  /** Throws where nobody is known to work at the site. */
  readonly crew: Crew
}

export interface World {
  readonly now: Instant
  readonly installation: Installation
  readonly delays: Delays
  /** Throws where the site is not simulated. */
  place(site: string): Place
  after(delay: Duration, call: () => void): void
  /** Calls back once the condition holds, looking every ten seconds; gives up after `patience`. */
  when(holds: () => boolean, call: () => void, patience: Duration): void
  /** Lets the world live up to an instant; what was said meanwhile, in order of sending. */
  live(until: Instant): readonly Sent[]
}

export interface WorldOptions {
  readonly installation: Installation
  readonly seed: number
  readonly start: Instant
  /** Tells this run's readings from those of earlier ones. */
  readonly run: string
  /** How many times faster than life; matters to how long people wait for slow rules. Default 1. */
  readonly speed?: number
  /** Only these sites; default: all. */
  readonly sites?: readonly string[]
  /** When somebody begins to listen, from `start`. Default at once. */
  readonly opening?: Duration
}

export function createWorld(options: WorldOptions): World {
  const { installation, seed, start, run, speed = 1, opening = 0 } = options
  const timeline = createTimeline(start)
  const delays = delaysOf(installation, speed)
  const places = new Map<string, Place>()
  let said: Sent[] = []

  for (const site of installation.sites.values()) {
    if (options.sites && !options.sites.includes(site.id)) continue
    const gateway = createGateway({ site, run, now: () => timeline.now, send: (sent) => said.push(sent) })
    const random = createRandom(seed).fork(site.id)
    const setting: Setting = { site, timeline, random, gateway, delays, speed, opening }
    const switches = createSwitches(setting)
    const crew = createCrew(setting)
    createMeters(setting)
    places.set(site.id, {
      site,
      gateway,
      switches,
      sensors: createSensors(setting),
      tanks: createTanks(setting),
      welders: createWelders(setting),
      get crew() {
        if (!crew) throw new RangeError(`nobody is known to work at ${site.id}`)
        return crew
      },
    })
  }

  return {
    get now() {
      return timeline.now
    },
    installation,
    delays,
    place(site) {
      const place = places.get(site)
      if (!place) throw new RangeError(`the site ${site} is not simulated`)
      return place
    },
    after: timeline.after,
    when(holds, call, patience) {
      const end = timeline.now + patience
      const look = () => {
        if (holds()) call()
        else if (timeline.now < end) timeline.after(10_000, look)
      }
      look()
    },
    live(until) {
      timeline.run(until)
      const out = said
      said = []
      return out
    },
  }
}
