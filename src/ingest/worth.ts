/** What a measurement is worth by itself: its point's range and sentinels, and what the device said of it. */
import type { Point, ValueShape } from '../model/point.ts'
import { BAD_STATUSES, type Measurement, type Quality, type Value } from '../model/reading.ts'

/** The value as its point's kind of today reads it: one of another shape is no value. */
export function readable({ shape }: Point, value: Value | null): Value | null {
  return value !== null && fits(value, shape) ? value : null
}

function fits(value: Value, shape: ValueShape): boolean {
  switch (shape) {
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'state':
      return typeof value === 'string'
    case 'sighting':
      return typeof value === 'object' && 'card' in value && !('direction' in value)
    case 'passage':
      return typeof value === 'object' && 'direction' in value
    case 'session':
      return typeof value === 'object' && 'event' in value
  }
}

/** The claimed quality, or `bad` where there is no believable value. A status that is not known to be bad leaves the claim. */
export function worthOf(point: Point, { value, quality, status }: Measurement): Quality {
  if (value === null || (status !== undefined && BAD_STATUSES.has(status))) return 'bad'
  if (typeof value !== 'number') return quality
  const { range, sentinels } = point
  if (range && (value < range[0] || value > range[1])) return 'bad'
  return sentinels?.includes(value) ? 'bad' : quality
}
