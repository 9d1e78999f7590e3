/** The pause before a message is tried again: doubled at each attempt, and spread so that messages do not come back all at once. */
import { crc32 } from 'node:zlib'
import type { Duration } from '../../model/time.ts'

/** Between half and all of the doubled pause, by the message's id: the spread needs no chance. Attempts are those made so far. */
export function backOff(
  { id, attempts }: { readonly id: string; readonly attempts: number },
  { first, longest }: { readonly first: Duration; readonly longest: Duration },
): Duration {
  const pause = Math.min(longest, first * 2 ** Math.min(30, Math.max(0, attempts - 1)))
  const share = crc32(`${id} ${attempts}`) / 2 ** 32
  return Math.round(pause * (0.5 + share / 2))
}
