/** What was said of each item and may be said again: OPC UA reports changes only, and a rule must tell "unchanged" from "silent". */
import type { Duration, Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import { type DataValueLike, instantOf, type Worth, worthOf } from './values.ts'

export interface Item {
  readonly point: string
  readonly element: number | undefined
  /** As the server revised it. */
  sampling: Duration
  /** The last value, while it is good. */
  good: Worth | undefined
  /** Event time of the last word on this item; absent before the first. */
  stated: Instant | undefined
  /** Number of the server's message that spoke of it last; absent before the first of a subscription. */
  message: number | undefined
  /** The last word was ours, on the server's clock: the item must not be said to have changed before it. */
  vouched: boolean
}

/** `sampling` as asked for, until the server has revised it. */
export function makeItem({ point, element, sampling }: Pick<Item, 'point' | 'element' | 'sampling'>): Item {
  return { point, element, sampling, good: undefined, stated: undefined, message: undefined, vouched: false }
}

/** A new subscription begins: until it speaks of the item nothing is known, and its first value is one. */
export function forgetValue(item: Item): void {
  item.good = undefined
  item.stated = undefined
  item.message = undefined
  item.vouched = false
}

/** Readings of a notified value. The first value of a subscription may be old: the server has just looked, so it is also stated as of that look. */
export function notified(item: Item, value: DataValueLike, published: Instant): readonly WireReading[] {
  const { point } = item
  const worth = worthOf(value, item.element)
  const measured = instantOf(value.sourceTimestamp, value.serverTimestamp)
  const first = item.stated === undefined
  let ts = measured
  // The server vouched for the former value up to then, so a source clock that says earlier runs behind the server's.
  // Told with that time the change would count as late, and would not be judged live.
  if (ts !== undefined && item.vouched && ts <= item.stated!) ts = item.stated! + 1
  const reading: WireReading = ts === undefined ? { point, ...worth } : { point, ts, ...worth }
  item.good = worth.quality === 'good' ? worth : undefined
  item.vouched = item.vouched && ts !== undefined && ts !== measured
  item.stated = ts ?? published
  if (!first || !item.good) return [reading]
  const looked = Math.max(published - item.sampling, Math.min(published, instantOf(value.serverTimestamp) ?? 0))
  if (looked <= item.stated) return [reading]
  item.stated = looked
  item.vouched = true
  return [reading, { point, ts: looked, ...worth }]
}

/** The reading of a value that newer word has overtaken on its way: it is told in its own time, and changes nothing of what holds now. */
export function belated({ point, element }: Item, value: DataValueLike): WireReading {
  const ts = instantOf(value.sourceTimestamp, value.serverTimestamp)
  const worth = worthOf(value, element)
  return ts === undefined ? { point, ...worth } : { point, ts, ...worth }
}

/** Says again what has not changed, where the last word is older than `restate`. `published`: the server's clock in a publish response
 *  that held nothing of this item. What changed since the last sampling may still be on its way, so the word is for before it. */
export function restated(
  items: Iterable<Item>,
  { published, restate }: { published: Instant; restate: Duration },
): readonly WireReading[] {
  const readings: WireReading[] = []
  for (const item of items) {
    const { point, good, stated, sampling } = item
    if (!good || stated === undefined || published - stated < restate) continue
    const ts = published - sampling
    if (ts <= stated) continue
    item.stated = ts
    item.vouched = true
    readings.push({ point, ts, ...good })
  }
  return readings
}
