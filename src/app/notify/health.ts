/** How a channel does: its last success and failure, and the log's words when it begins to fail, goes on failing, and works again. */
import type { Delivery, Lack } from '../../model/notification.ts'
import { type Duration, type Instant, MINUTE } from '../../model/time.ts'
import type { Log } from '../log.ts'

export type Outcome = Delivery['outcome'] | 'dead'

export interface ChannelHealth {
  /** `unknown`: not tried yet. */
  readonly state: 'unknown' | 'up' | 'failing'
  /** Since when it fails. */
  readonly failingSince?: Instant
  /** What has to be mended before the peer takes anything, by the last attempt. */
  readonly lacks?: Lack
  readonly lastSuccess?: Instant
  readonly lastError?: { readonly at: Instant; readonly answer: string }
}

export interface HealthWatch {
  note(outcome: Outcome, answer: string, lacks?: Lack): void
  health(): ChannelHealth
  /** Attempts by outcome since the service began. */
  counts(): Readonly<Partial<Record<Outcome, number>>>
}

/** A failure for so long is an error, said once. */
const LONG: Duration = 10 * MINUTE

/** `before` is what the outbox knows of earlier attempts. */
export function watchHealth(
  channel: string,
  { now, log, before }: { now: () => Instant; log: Log; before: Pick<ChannelHealth, 'lastSuccess' | 'lastError'> },
): HealthWatch {
  let { lastSuccess, lastError } = before
  let failingSince: Instant | undefined
  if (lastError && lastError.at > (lastSuccess ?? 0)) failingSince = lastError.at
  let lacking: Lack | undefined
  let said = false
  const counted: Partial<Record<Outcome, number>> = {}

  function failed(at: Instant, answer: string, lacks: Lack | undefined): void {
    lastError = { at, answer }
    if (lacks && lacks !== lacking) {
      log.error(`notifications by ${channel} are held until somebody mends its ${lacks}: ${answer}`)
    }
    lacking = lacks
    if (failingSince === undefined) {
      failingSince = at
      log.warn(`notifications by ${channel} fail: ${answer}`)
    } else if (!said && at - failingSince >= LONG) {
      said = true
      log.error(
        `notifications by ${channel} have failed for ${Math.floor((at - failingSince) / MINUTE)} minutes: ${answer}`,
      )
    }
  }

  return {
    note(outcome, answer, lacks) {
      const at = now()
      counted[outcome] = (counted[outcome] ?? 0) + 1
      if (outcome === 'failed') failed(at, answer, lacks)
      else if (outcome === 'sent') {
        lastSuccess = at
        if (failingSince !== undefined) log.info(`notifications by ${channel} are taken again`)
        failingSince = undefined
        lacking = undefined
        said = false
      } else {
        lastError = { at, answer }
        log.error(`a notification by ${channel} is dead: ${answer}`)
      }
    },
    health: () => ({
      state: failingSince !== undefined ? 'failing' : lastSuccess !== undefined ? 'up' : 'unknown',
      ...(failingSince !== undefined && { failingSince }),
      ...(lacking && { lacks: lacking }),
      ...(lastSuccess !== undefined && { lastSuccess }),
      ...(lastError && { lastError }),
    }),
    counts: () => counted,
  }
}
