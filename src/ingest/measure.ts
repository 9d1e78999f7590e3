/** The stages between a resolved point and the memory of the door: a raw reading to a measurement. */
import type { Point } from '../model/point.ts'
import type { Measurement } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'
import { grade, label } from './grade.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import type { Raw } from './resolve.ts'
import { shape } from './shape.ts'
import { stamp } from './stamp.ts'
import { convert } from './unit.ts'

export interface Arrival {
  readonly point: Point
  /** The arrival clock. */
  readonly at: Instant
  /** What stands for a missing `ts`: the first arrival. */
  readonly arrived: Instant
}

type Draft = { -readonly [K in keyof Measurement<Point>]: Measurement<Point>[K] }

/** Takes one raw reading through shape, unit, stamp and grade; the first stage that says no decides. `null` in an optional field is as good as no field. */
export function measure(raw: Raw, { point, at, arrived }: Arrival): Measurement<Point> | Refusal {
  const shaped = shape(raw.value, point)
  if (isRefusal(shaped)) return shaped
  const value = raw.unit === undefined ? shaped : convert(shaped, { unit: raw.unit, point })
  if (isRefusal(value)) return value
  const untimed = raw.ts === undefined || raw.ts === null
  const ts = untimed ? arrived : stamp(raw.ts, at)
  if (typeof ts === 'object') return ts
  const quality = grade(raw.quality)
  if (typeof quality === 'object') return quality
  const status = label(raw.status, 'status')
  if (typeof status === 'object') return status
  const ref = label(raw.ref, 'ref')
  if (typeof ref === 'object') return ref
  // Fields are added in one order only, so that the fold sees few forms of object.
  const made: Draft = ref === undefined ? { point, ts, value, quality } : { point, ts, value, quality, ref }
  if (status !== undefined) made.status = status
  if (untimed) made.stamped = 'arrival'
  return made
}
