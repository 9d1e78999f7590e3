/** One point's identities in one generation of the door's memory. */
import type { Point } from '../model/point.ts'
import type { Measurement, Value } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import { type Identity, identityOf } from './identity.ts'

/** Instants and references mostly come in rising order, so arrays to append to hold nearly all; the rest stands beside them. */
export interface Seen {
  /** Strictly rising, and what was said at each instant first. */
  readonly stamps: Instant[]
  readonly values: (Value | null)[]
  /** What came out of order, or after another value of the same instant. */
  strayed: Map<Instant, Set<Identity>> | undefined
  /** Strictly rising in the order of `after`. */
  readonly refs: string[]
  strayedRefs: Set<string> | undefined
}

/** Nothing seen. */
export function createSeen(): Seen {
  return { stamps: [], values: [], strayed: undefined, refs: [], strayedRefs: undefined }
}

/** Whether the reading's identity is there. */
export function holds({ stamps, values, strayed, refs, strayedRefs }: Seen, reading: Measurement<Point>): boolean {
  const { ref, ts } = reading
  if (ref !== undefined) return find(refs, ref) >= 0 || (strayedRefs?.has(ref) ?? false)
  const at = find(stamps, ts)
  if (at >= 0 && isSame(values[at] ?? null, reading)) return true
  const said = strayed?.get(ts)
  return said?.has(nameOf(reading)) ?? false
}

/** Adds the reading's identity; `false` where it was there. */
export function keep(seen: Seen, reading: Measurement<Point>): boolean {
  const { ref, ts } = reading
  // Nearly always: newer than all that was said in order, and nothing was said out of order.
  if (ref === undefined && seen.strayed === undefined && isNext(seen.stamps, ts)) {
    seen.stamps.push(ts)
    seen.values.push(reading.value)
    return true
  }
  if (holds(seen, reading)) return false
  if (ref !== undefined) {
    if (isNext(seen.refs, ref)) seen.refs.push(ref)
    else {
      seen.strayedRefs ??= new Set()
      seen.strayedRefs.add(ref)
    }
    return true
  }
  if (isNext(seen.stamps, ts)) {
    seen.stamps.push(ts)
    seen.values.push(reading.value)
    return true
  }
  seen.strayed ??= new Map()
  const said = seen.strayed.get(ts)
  if (said) said.add(nameOf(reading))
  else seen.strayed.set(ts, new Set([nameOf(reading)]))
  return true
}

/** Takes the reading's identity out; `false` where it was not there. */
export function drop({ stamps, values, strayed, refs, strayedRefs }: Seen, reading: Measurement<Point>): boolean {
  const { ref, ts } = reading
  if (ref !== undefined) {
    const at = find(refs, ref)
    if (at < 0) return strayedRefs?.delete(ref) ?? false
    refs.splice(at, 1)
    return true
  }
  const at = find(stamps, ts)
  if (at < 0 || !isSame(values[at] ?? null, reading)) return strayed?.get(ts)?.delete(nameOf(reading)) ?? false
  stamps.splice(at, 1)
  values.splice(at, 1)
  return true
}

function nameOf({ point, value }: Measurement<Point>): Identity {
  return identityOf(value, point.shape)
}

function isSame(value: Value | null, { point, value: other }: Measurement<Point>): boolean {
  return value === other || identityOf(value, point.shape) === identityOf(other, point.shape)
}

/** A longer text comes after a shorter one, so that `gw1-10` follows `gw1-9`. */
function after<T extends Instant | string>(a: T, b: T): boolean {
  return typeof a === 'string' && a.length !== b.toString().length ? a.length > b.toString().length : a > b
}

function isNext<T extends Instant | string>(rising: readonly T[], key: T): boolean {
  return rising.length === 0 || after(key, rising[rising.length - 1]!)
}

/** Where a key stands among rising ones; -1 where it does not. */
function find<T extends Instant | string>(rising: readonly T[], key: T): number {
  if (isNext(rising, key)) return -1
  let low = 0
  let high = rising.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = rising[middle]!
    if (found === key) return middle
    if (after(key, found)) low = middle + 1
    else high = middle - 1
  }
  return -1
}
