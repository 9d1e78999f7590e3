/** What the door has seen: two generations of identities, compared exactly, because a false duplicate would lose a reading. */
import type { Point } from '../model/point.ts'
import type { Measurement } from '../model/reading.ts'
import { findPoint, type Installation } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import { type Identity, identityOf } from './identity.ts'

/** One point's identities in one generation. */
interface Seen {
  /** Upper bound of the instants in `stamps`: what is newer needs no look-up. */
  newest: Instant
  /** Instant → the identity of its value, or of each of several. */
  stamps: Map<Instant, Identity | Set<Identity>> | undefined
  refs: Set<string> | undefined
}

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
      let seen = young[index]
      if (!seen) {
        seen = { newest: Number.NEGATIVE_INFINITY, stamps: undefined, refs: undefined }
        young[index] = seen
        owners[index] = reading.point
      }
      if (!(reading.ref === undefined ? addStamp(seen, old[index], reading) : addRef(seen, old[index], reading.ref))) {
        return false
      }
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
      if (drop(young[index], reading)) count -= 1
      else drop(old[index], reading)
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

function addRef(seen: Seen, before: Seen | undefined, ref: string): boolean {
  if (before?.refs?.has(ref)) return false
  seen.refs ??= new Set()
  const { size } = seen.refs
  return seen.refs.add(ref).size > size
}

function addStamp(seen: Seen, before: Seen | undefined, reading: Measurement<Point>): boolean {
  const { ts } = reading
  const identity = identityOf(reading)
  if (before && ts <= before.newest) {
    const found = before.stamps?.get(ts)
    if (found instanceof Set ? found.has(identity) : found === identity) return false
  }
  seen.stamps ??= new Map()
  const found = ts <= seen.newest ? seen.stamps.get(ts) : undefined
  if (found === undefined) {
    seen.stamps.set(ts, identity)
    if (ts > seen.newest) seen.newest = ts
    return true
  }
  if (found === identity) return false
  if (!(found instanceof Set)) {
    seen.stamps.set(ts, new Set([found, identity]))
    return true
  }
  const { size } = found
  return found.add(identity).size > size
}

function drop(seen: Seen | undefined, reading: Measurement<Point>): boolean {
  if (reading.ref !== undefined) return seen?.refs?.delete(reading.ref) ?? false
  const found = seen?.stamps?.get(reading.ts)
  const identity = identityOf(reading)
  if (found instanceof Set) return found.delete(identity)
  return found === identity && seen!.stamps!.delete(reading.ts)
}
