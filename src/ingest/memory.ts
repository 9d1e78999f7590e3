/** What the door has seen: two generations of identities, compared exactly, because a false duplicate would lose a reading. */
import type { Point } from '../model/point.ts'
import type { Measurement } from '../model/reading.ts'
import { findPoint, type Installation } from '../model/site.ts'
import { createSeen, drop, holds, keep, type Seen } from './seen.ts'

type Generation = (Seen | undefined)[]

export interface Memory {
  /** Remembers a reading; `false` where it was known. */
  add(reading: Measurement<Point>): boolean
  /** Takes back what `add` remembered. */
  remove(reading: Measurement<Point>): void
  /** Carries the identities over to the points of the same name. */
  rehouse(installation: Installation): void
}

/** `remember`: how many identities a generation holds before the elder one is dropped. */
export function createMemory(remember: number): Memory {
  let young: Generation = []
  let old: Generation = []
  let owners: Point[] = []
  let count = 0

  return {
    add(reading) {
      const { index } = reading.point
      const before = old[index]
      if (before && holds(before, reading)) return false
      let seen = young[index]
      if (!seen) {
        seen = createSeen()
        young[index] = seen
        owners[index] = reading.point
      }
      if (!keep(seen, reading)) return false
      count += 1
      if (count >= remember) {
        old = young
        young = []
        count = 0
      }
      return true
    },
    remove(reading) {
      const { index } = reading.point
      const [seen, before] = [young[index], old[index]]
      if (seen && drop(seen, reading)) count -= 1
      else if (before) drop(before, reading)
    },
    rehouse(installation) {
      const moved: [Generation, Generation] = [[], []]
      const kept: Point[] = []
      for (const owner of owners) {
        const point = owner && findPoint(installation, owner)
        if (!point) continue
        kept[point.index] = point
        moved[0][point.index] = young[owner.index]
        moved[1][point.index] = old[owner.index]
      }
      ;[young, old] = moved
      owners = kept
    },
  }
}
