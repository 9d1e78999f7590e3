/** Names devices whose clock runs ahead, in the log: once when it is first seen, and again every hour while it lasts. */
import type { Reading } from '../model/reading.ts'
import { formatDuration, HOUR, type Instant, SECOND } from '../model/time.ts'
import type { Log } from './log.ts'

/** Called with each judged batch. */
export function createClockReport(log: Log): (readings: readonly Reading[]) => void {
  const told = new Map<string, Instant>()
  return (readings) => {
    for (const { point, ts, received, timing } of readings) {
      if (timing !== 'early') continue
      const name = `${point.siteId}/${point.id}`
      const last = told.get(name)
      if (last !== undefined && received - last < HOUR) continue
      told.set(name, received)
      const by = formatDuration(Math.round((ts - received) / SECOND) * SECOND)
      log.warn(`${name}: its clock is ${by} ahead; its readings are uncertain until it is set`, {
        aheadMs: ts - received,
      })
    }
  }
}

/** Told once, after recovery: arrival goes on from what the journal has seen, whatever the machine says. */
export function warnOfOwnClock({ seen, now }: { readonly seen: Instant; readonly now: Instant }, log: Log): void {
  if (seen - now <= SECOND) return
  log.warn(
    `the machine's clock is ${Math.ceil((seen - now) / SECOND)} s behind what the journal has seen: until it has caught up, arrival stands still and readings count as late`,
  )
}
