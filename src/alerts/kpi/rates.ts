/** How fast alarms come, from counts by the minute: averages, peaks, and how much of the time was a flood. */
import { PRACTICE } from '../../model/handling.ts'
import { type Duration, HOUR, type Instant, MINUTE } from '../../model/time.ts'

export interface Rates {
  readonly perHour: { readonly average: number; readonly peak: number }
  readonly perTenMinutes: { readonly average: number; readonly peak: number }
  readonly flood: {
    /** Of the time. */
    readonly share: number
    readonly time: Duration
    /** How many floods began. */
    readonly floods: number
  }
}

/** `minutes`: minute since the epoch and alarms raised in it, in order. Peaks are of windows that slide by the minute. */
export function ratesOf(
  minutes: readonly (readonly [minute: number, raised: number])[],
  { from, to }: { from: Instant; to: Instant },
): Rates {
  const span = Math.max(MINUTE, to - from)
  const raised = minutes.reduce((sum, [, count]) => sum + count, 0)
  const last = Math.ceil(to / MINUTE)
  const counts = new Map(minutes)
  const { from: begins, until: ends, within } = PRACTICE.flood
  const window = within / MINUTE
  let [ten, hour, tenPeak, hourPeak] = [0, 0, 0, 0]
  let flooded = false
  let [time, floods] = [0, 0]
  // Where nothing is raised, nothing changes but for what leaves the windows: an hour's walk after each alarm suffices.
  let next = 0
  for (let minute = minutes[0]?.[0] ?? last; minute < last; minute++) {
    if (ten === 0 && hour === 0 && !flooded) {
      while (next < minutes.length && minutes[next]![0] < minute) next++
      const upcoming = minutes[next]?.[0]
      if (upcoming === undefined) break
      minute = Math.max(minute, upcoming)
    }
    const came = counts.get(minute) ?? 0
    ten += came - (counts.get(minute - window) ?? 0)
    hour += came - (counts.get(minute - 60) ?? 0)
    tenPeak = Math.max(tenPeak, ten)
    hourPeak = Math.max(hourPeak, hour)
    if (!flooded && ten >= begins) {
      flooded = true
      floods += 1
    } else if (flooded && ten < ends) flooded = false
    if (flooded) time += MINUTE
  }
  const round = (rate: number) => Math.round(rate * 100) / 100
  return {
    perHour: { average: round((raised / span) * HOUR), peak: hourPeak },
    perTenMinutes: { average: round((raised / span) * within), peak: tenPeak },
    flood: { share: Math.min(1, time / span), time, floods },
  }
}
