/** The ways up of davy.yaml, each with a life and a cursor of its own. */
import { openUplink } from '../adapters/forward/index.ts'
import type { ForwardSettings } from '../adapters/forward/settings.ts'
import { DavyError, type DeadLetter, type RefusalCode } from '../model/errors.ts'
import type { AlarmStore, DeadLetters, Journal, UplinkContext } from '../model/ports.ts'
import { SECOND } from '../model/time.ts'
import type { Clock } from './clock.ts'
import { type Forward, startForward } from './forward.ts'
import type { Log } from './log.ts'
import { createRoster, type Roster } from './roster.ts'

export interface ForwardParts {
  readonly data: string
  readonly journal: Journal
  readonly alarms: AlarmStore
  readonly letters: Pick<DeadLetters, 'put'>
  /** Told of each dead letter, once it is kept. */
  readonly onRefused: (code: RefusalCode) => void
  readonly clock: Clock
  readonly log: Log
}

/** In front of its name, where a dead letter names its source. */
const SOURCE = 'forward:'
/** How long one may take to let go of its peer. */
const BOUND = 10 * SECOND

/** To begin one throws `settings-invalid` where a file of its settings cannot be read, and where its cursor cannot. */
export function createForwards(
  parts: ForwardParts,
  context: Omit<UplinkContext, 'setAside'>,
): Roster<ForwardSettings, Forward> {
  const { letters, onRefused, clock, log } = parts
  return createRoster<ForwardSettings, Forward>({
    clock,
    bound: BOUND,
    onStuck: (name, reason) => log.warn(`forward ${name}: ${reason}`),
    // Two of one name would be one client to the broker above: the new one connects only when the old one has gone.
    prepare: async (settings) => async () => {
      const source = `${SOURCE}${settings.name}`
      let refused = 0
      const uplink = await openUplink(settings, {
        ...context,
        async setAside(letter) {
          await letters.put([{ ...letter, source, at: clock.now() }])
          refused += 1
          onRefused(letter.code)
          log.warn(`forward ${settings.name}: set aside as a dead letter, ${letter.code}: ${letter.detail}`)
        },
      })
      try {
        return await startForward({ ...parts, settings, uplink, refused: () => refused })
      } catch (error) {
        await uplink.close()
        throw error
      }
    },
    end: (forward) => forward.stop(),
  })
}

/** Sends a dead letter up again; gives why it is still refused, or nothing where the peer has it now. Throws `forward-down`. */
export async function sendUpAgain(letter: DeadLetter, forwards: readonly Forward[]): Promise<string | undefined> {
  const name = letter.source.slice(SOURCE.length)
  const forward = forwards.find((one) => one.view().name === name)
  if (forward) return forward.sendAgain(letter)
  const remedy = 'configure it under `forward:` again, then replay the dead letter'
  throw new DavyError('forward-down', { message: `there is no way up ${name} any more`, remedy })
}
