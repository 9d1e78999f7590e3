/** Who works in a mine of the benchmarks: in by the gate, along the roads to their place, seen there until they go out. */
import { PLACES, READERS_A_PLACE } from './mine-files.ts'
import type { Say } from './mine-life.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** From one road's reader to the next, and on to a place. */
const PACE = 50_000
const LONG_PACE = 3 * MINUTE
const ROADS = ['road-0', 'road-1', 'road-2', 'road-3']
/** People a shift: the crews of all places together. */
export const SHIFT = PLACES.reduce((sum, { crew }) => sum + crew, 0)

interface Worker {
  readonly id: number
  readonly place: string
  /** Milliseconds by which news of this card lags. */
  readonly lag: number
  enter: number
  leave: number
  inside: boolean
  /** Steps along the roads, then at the place. */
  step: number
  /** When the next step is due, and the next sighting. */
  walk: number
  next: number
  reader: string
  distance: number
}

export interface Workers {
  /** Everything of this second, beginning at `at`. */
  second(at: number, say: Say): void
  inside(): number
}

/** Three shifts from 06:00 on; those whose shift it is at `start` go in within half a minute. */
export function createWorkers({
  people,
  start,
  every,
  random,
}: {
  people: number
  start: number
  /** Milliseconds between two sightings of a card. */
  every: number
  random: () => number
}): Workers {
  const posts = PLACES.flatMap(({ area, crew }) => Array.from({ length: crew }, () => area))
  const workers: Worker[] = []
  for (let id = 0; id < Math.min(people, 3 * SHIFT); id++) {
    const shift = Math.floor(id / SHIFT)
    const post = id % SHIFT
    // 06:00 at UTC+8.
    const first = Math.floor(start / DAY) * DAY - 2 * 60 * MINUTE + shift * 8 * 60 * MINUTE
    let enter = first - 5 * MINUTE + post * 500
    while (enter + 8 * 60 * MINUTE + 10 * MINUTE <= start) enter += DAY
    const leave = enter + 8 * 60 * MINUTE + 10 * MINUTE
    if (enter < start) enter = start + post * 40
    const where = { inside: false, step: 0, walk: 0, next: enter, reader: '', distance: 0 }
    workers.push({ id, place: posts[post]!, lag: (id * 37) % 900, enter, leave, ...where })
  }
  let inside = 0

  function move(worker: Worker, at: number): void {
    const road = ROADS[worker.step]
    worker.step += 1
    worker.distance = 5 + Math.floor(random() * 20)
    if (road !== undefined) {
      worker.reader = `readers/${road}-0`
      worker.walk = at + 2 * MINUTE
      // The road is long: nobody is at two readers at once.
      worker.next = at + (worker.step === 1 ? 10_000 : PACE)
      return
    }
    const before = worker.reader
    worker.reader = `readers/${worker.place}-${Math.floor(random() * READERS_A_PLACE)}`
    worker.walk = at + (3 + 6 * random()) * MINUTE
    if (worker.reader !== before) worker.next = at + (worker.step === ROADS.length + 1 ? LONG_PACE : 12_000)
  }

  function act(worker: Worker, at: number, say: Say): void {
    const { id } = worker
    const ts = worker.next - worker.lag
    if (!worker.inside) {
      worker.inside = true
      inside += 1
      worker.step = 0
      move(worker, at)
      say('gate', ts, `{"direction":"in","person":"p-${id}","card":"card-${id}"}`)
    } else if (at >= worker.leave) {
      worker.inside = false
      inside -= 1
      worker.enter = worker.leave + DAY - 8 * 60 * MINUTE - 10 * MINUTE
      worker.leave += DAY
      worker.next = worker.enter
      say('gate', ts, `{"direction":"out","person":"p-${id}","card":"card-${id}"}`)
    } else if (at >= worker.walk) {
      move(worker, at)
    } else {
      worker.next += every
      worker.distance = Math.min(30, Math.max(0, worker.distance + Math.floor(random() * 5) - 2))
      const moving = random() < 0.3 ? ',"moving":true' : ''
      say(worker.reader, ts, `{"card":"card-${id}","distance":${worker.distance}${moving}}`)
    }
  }

  return {
    second(at, say) {
      for (const worker of workers) while (worker.next < at + 1_000) act(worker, Math.max(at, worker.next), say)
    },
    inside: () => inside,
  }
}
