/** Keeps the outbox's file bounded: what is over goes after a while, and so does what nobody could be told of. */
import type { Outbox } from '../../model/notification.ts'
import { DAY } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { NotifySettings } from './settings.ts'

/** However short `keep` is, so long everything may wait for its channel. */
const LONGEST = 30 * DAY

/** Portion by portion, so that what is urgent comes between; ends early when the signal aborts. Says what nobody was told of. */
export async function pruneOutbox(
  outbox: Outbox,
  {
    settings: { keep, retry },
    clock,
    log,
    signal,
  }: { settings: NotifySettings; clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  const now = clock.now()
  const bounds = { over: now - keep, waiting: now - Math.max(keep, retry.giveUp, LONGEST) }
  let lost = 0
  for (let more = true; more && !signal.aborted; ) {
    const { gone, untold } = await outbox.prune(bounds)
    lost += untold
    more = gone > 0
  }
  if (lost > 0) log.error(`${lost} notifications have waited for too long and are told no more`)
}
