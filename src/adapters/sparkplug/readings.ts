/** Metrics as readings: value, time and quality in the words of the door. */
import { shortest32 } from '../outgoing.ts'
import type { DatatypeName } from './datatype.ts'
import type { Metric } from './payload.ts'
import type { Fields, MetricValue } from './values.ts'

/** One reading as the door decodes it. */
export interface SparkplugReading {
  readonly point: string
  /** Absent: the arrival time stands for it. `null` would too, so a historical value without a time says `unknown`. */
  readonly ts?: number | 'unknown'
  readonly value: unknown
  readonly quality: 'good' | 'uncertain' | 'bad'
  readonly status?: string
}

const STALE = 500

/** Sparkplug knows 0 (bad), 192 (good) and 500 (stale); of others the two upper bits count, as OPC has it. */
function gradeOf(quality: number | undefined): Pick<SparkplugReading, 'quality' | 'status'> {
  if (quality === undefined || quality === 192) return { quality: 'good' }
  if (quality === STALE) return { quality: 'bad', status: 'stale' }
  const status = `quality-${quality}`
  if (quality > 192 && quality < 256) return { quality: 'good', status }
  return quality >= 64 && quality < 128 ? { quality: 'uncertain', status } : { quality: 'bad', status }
}

/** A metric's readings: one, or of a data set one a row. What it is about has no say in what it is worth: no value is bad, never 0. */
export function readingsOf(
  metric: Metric,
  {
    point,
    type,
    sent,
  }: { readonly point: string; readonly type: DatatypeName | undefined; readonly sent: number | undefined },
): readonly SparkplugReading[] {
  const value = metric.value(type)
  // Kept at the device and sent afterwards: without its time it must not pass for a fresh one.
  const ts = metric.timestamp ?? (metric.historical ? ('unknown' as const) : sent)
  const head = { point, ...(ts !== undefined && { ts }) }
  const grade =
    value === null || notFinite(value)
      ? { ...gradeOf(metric.quality), quality: 'bad' as const }
      : gradeOf(metric.quality)
  const single = metric.type === 'Float' || (metric.type === undefined && type === 'Float')
  if (isRows(value)) return value.map((row) => ({ ...head, value: plain(row), ...grade }))
  return [{ ...head, value: single && typeof value === 'number' ? shortest32(value) : plain(value), ...grade }]
}

/** The word of a point whose device has died or may have. */
export function deathOf(point: string, ts: number | undefined): SparkplugReading {
  return { point, ...(ts !== undefined && { ts }), value: null, quality: 'bad', status: 'offline' }
}

function notFinite(value: MetricValue): boolean {
  return typeof value === 'number' && !Number.isFinite(value)
}

function isRows(value: MetricValue): value is readonly Fields[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'object'
}

/** As JSON can hold it: 64 bits as the nearest number, bytes in base64. */
function plain(value: MetricValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map((item) => plain(item as MetricValue))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member as MetricValue)]))
}
