/** What the readings of each site were worth over the last hour: counted as they come, a bucket a minute. */
import type { Reading } from '../model/reading.ts'
import { type Instant, MINUTE } from '../model/time.ts'

export interface DataQuality {
  readonly readings: number
  /** Bad or uncertain, and in time. */
  readonly bad: number
  readonly late: number
}

export interface DataQualityTally {
  note(readings: readonly Reading[]): void
  of(site: string, now: Instant): DataQuality
}

const MINUTES = 60
const NOTHING: DataQuality = { readings: 0, bad: 0, late: 0 }

interface Hour {
  readonly readings: Float64Array
  readonly bad: Float64Array
  readonly late: Float64Array
  /** Minute since the epoch of the newest bucket. */
  minute: number
}

export function createDataQuality(): DataQualityTally {
  const hours = new Map<string, Hour>()

  /** Empties the buckets of minutes that have passed since. */
  function advance(hour: Hour, minute: number): void {
    const from = Math.max(hour.minute + 1, minute - MINUTES + 1)
    for (let passed = from; passed <= minute; passed++) {
      const bucket = passed % MINUTES
      hour.readings[bucket] = 0
      hour.bad[bucket] = 0
      hour.late[bucket] = 0
    }
    hour.minute = Math.max(hour.minute, minute)
  }

  function hourOf(site: string, minute: number): Hour {
    let hour = hours.get(site)
    if (!hour) {
      const [readings, bad, late] = [0, 0, 0].map(() => new Float64Array(MINUTES)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ]
      hour = { readings, bad, late, minute }
      hours.set(site, hour)
    }
    if (minute > hour.minute) advance(hour, minute)
    return hour
  }

  return {
    note(readings) {
      let site = ''
      let hour: Hour | undefined
      for (const { point, received, timing, quality } of readings) {
        const minute = Math.floor(received / MINUTE)
        // Readings come in runs of one site and one minute.
        if (!hour || point.siteId !== site || minute !== hour.minute) hour = hourOf(point.siteId, minute)
        site = point.siteId
        const bucket = hour.minute % MINUTES
        hour.readings[bucket]! += 1
        if (timing === 'late') hour.late[bucket]! += 1
        else if (quality !== 'good') hour.bad[bucket]! += 1
      }
    },
    of(site, now) {
      const hour = hours.get(site)
      if (!hour) return NOTHING
      advance(hour, Math.floor(now / MINUTE))
      const sum = (buckets: Float64Array) => buckets.reduce((total, one) => total + one, 0)
      return { readings: sum(hour.readings), bad: sum(hour.bad), late: sum(hour.late) }
    },
  }
}
