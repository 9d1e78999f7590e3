/** What a scenario is: an incident, or a stretch of normal life, that any world can play. */
import type { Text } from '../src/model/text.ts'
import type { Duration } from '../src/model/time.ts'
import type { Delays } from './delays.ts'
import type { World } from './world.ts'

/** An alarm that a scenario raises under the example configuration; by the end it has cleared. */
export interface ExpectedAlarm {
  readonly site: string
  readonly rule: string
  readonly key: string
}

export interface Scenario {
  /** Its file, its word on the command line. */
  readonly name: string
  readonly title: Text
  readonly description: Text
  /** Where it plays; the first is where it happens. */
  readonly sites: readonly string[]
  /** When it plays in virtual time, ISO 8601. */
  readonly start: string
  /** What it is about holds only in shifts of this kind of work. */
  readonly work?: string
  /** It is about an hour of the day, so it shows its alarm only at that hour. */
  readonly hour?: string
  /** How long after its beginning there is something to see: people have to walk, gas to gather. */
  readonly lead?: Duration
  duration(delays: Delays): Duration
  /** Exactly these, and nothing else. */
  readonly expects: readonly ExpectedAlarm[]
  /** Begins now. */
  play(world: World): void
}
