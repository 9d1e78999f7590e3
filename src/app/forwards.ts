/** The ways up of davy.yaml, each with a life and a cursor of its own. */
import { openUplink } from '../adapters/forward/index.ts'
import type { ForwardSettings } from '../adapters/forward/settings.ts'
import type { AlarmStore, Journal, UplinkContext } from '../model/ports.ts'
import { SECOND } from '../model/time.ts'
import type { Clock } from './clock.ts'
import { type Forward, startForward } from './forward.ts'
import type { Log } from './log.ts'
import { createRoster, type Roster } from './roster.ts'

export interface ForwardParts {
  readonly data: string
  readonly journal: Journal
  readonly alarms: AlarmStore
  readonly clock: Clock
  readonly log: Log
}

/** How long one may take to let go of its peer. */
const BOUND = 10 * SECOND

/** To begin one throws `settings-invalid` where a file of its settings cannot be read, and where its cursor cannot. */
export function createForwards(parts: ForwardParts, context: UplinkContext): Roster<ForwardSettings, Forward> {
  const { clock, log } = parts
  return createRoster<ForwardSettings, Forward>({
    clock,
    bound: BOUND,
    onStuck: (name, reason) => log.warn(`forward ${name}: ${reason}`),
    // Two of one name would be one client to the broker above: the new one connects only when the old one has gone.
    prepare: async (settings) => async () => {
      const uplink = await openUplink(settings, context)
      try {
        return await startForward({ ...parts, settings, uplink })
      } catch (error) {
        await uplink.close()
        throw error
      }
    },
    end: (forward) => forward.stop(),
  })
}
