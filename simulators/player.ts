/** Lets a world live on the system clock and sends what its devices say: faster or slower than life, but never with a time that has not come. */
import type { Duration, Instant } from '../src/model/time.ts'
import type { SimulatedReading } from './gateway.ts'
import type { Transport } from './transports/transport.ts'
import type { World } from './world.ts'

/** As the app's system clock. */
export interface PlayerClock {
  now(): Instant
  every(period: Duration, call: () => void): { cancel(): void }
}

export interface Player {
  /** Readings sent so far. */
  readonly sent: number
  stop(): void
}

const STEP: Duration = 100

/** What happened in the world before now is not sent. Its simulated instants are laid onto the clock: `speed` of them a real one. */
export function play(
  world: World,
  { clock, speed, transports }: { clock: PlayerClock; speed: number; transports: readonly Transport[] },
): Player {
  const origin = { real: clock.now(), simulated: world.now }
  let count = 0
  const toReal = (ts: Instant) => Math.round(origin.real + (ts - origin.simulated) / speed)
  const step = () => {
    const until = origin.simulated + (clock.now() - origin.real) * speed
    const batches = new Map<Transport, SimulatedReading[]>()
    for (const { reading } of world.live(until)) {
      const way = transports.find((transport) => transport.carries(reading))
      if (!way) continue
      const batch = batches.get(way) ?? []
      batch.push({ ...reading, ts: toReal(reading.ts) })
      batches.set(way, batch)
      count += 1
    }
    for (const [way, batch] of batches) way.send(batch)
  }
  const running = clock.every(STEP, step)
  return {
    get sent() {
      return count
    },
    stop: () => running.cancel(),
  }
}
