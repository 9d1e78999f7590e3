/** How readings leave the simulators: over the protocol by which the service expects each point. */
import type { SimulatedReading } from '../gateway.ts'

export interface Transport {
  /** Whether this is the way of a point. */
  carries(reading: SimulatedReading): boolean
  /** Never blocks and never fails: what cannot go out now is kept, within bounds. */
  send(readings: readonly SimulatedReading[]): void
  /** Sends what is left, if that can be done soon, and lets go of the peer. */
  stop(): Promise<void>
}
