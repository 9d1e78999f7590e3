/** Payloads of Sparkplug B: bytes to metrics and back. */
import { type DatatypeName, datatypeOf } from './datatype.ts'
import { readWire, type WireMetric, type WireValue, writeWire } from './descriptor.ts'
import { bigOf, halvesOf, type MetricValue, numberOf, readValue, writeValue } from './values.ts'

/** A metric as it was sent. What a birth says once (name, type) may be missing in what follows. */
export interface Metric {
  readonly name?: string
  readonly alias?: bigint
  /** Milliseconds since the epoch. */
  readonly timestamp?: number
  /** Absent where the sender left it to the birth. */
  readonly type?: DatatypeName
  readonly historical: boolean
  /** The property `Quality`, if there is one. */
  readonly quality?: number
  /** Its engineering unit, if a property tells it. */
  readonly unit?: string
  /** The value, read as this type; the sender's own goes before. */
  value(born?: DatatypeName): MetricValue
}

export interface Payload {
  readonly timestamp?: number
  /** 0 to 255. */
  readonly seq?: number
  readonly metrics: readonly Metric[]
}

/** Reads a payload; throws where the bytes are none. */
export function decodePayload(bytes: Uint8Array): Payload {
  const { timestamp, seq, metrics = [] } = readWire(bytes)
  return {
    ...(timestamp && { timestamp: Number(bigOf(timestamp)) }),
    ...(seq && { seq: Number(bigOf(seq)) }),
    metrics: metrics.map(metricOf),
  }
}

function metricOf(wire: WireMetric): Metric {
  const { name, alias, timestamp, datatype, isHistorical, isNull } = wire
  const quality = qualityOf(wire)
  const unit = unitOf(wire)
  return {
    ...(name !== undefined && name !== '' && { name }),
    ...(alias && { alias: bigOf(alias) }),
    ...(timestamp && { timestamp: Number(bigOf(timestamp)) }),
    ...(datatype !== undefined && datatype !== 0 && { type: datatypeOf(datatype) }),
    historical: isHistorical === true,
    ...(quality !== undefined && { quality }),
    ...(unit !== undefined && { unit }),
    value: (born) => (isNull ? null : readValue(wire, datatype ? datatypeOf(datatype) : (born ?? 'Unknown'))),
  }
}

/** Names under which makers tell the unit; Sparkplug itself names only `Quality`. */
const UNITS = ['engUnit', 'engUnits', 'engineeringUnits', 'Engineering Units', 'unit', 'units', 'Units']

function qualityOf(wire: WireMetric): number | undefined {
  const value = propertyOf(wire, ['Quality', 'quality'])
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

function unitOf(wire: WireMetric): string | undefined {
  const value = propertyOf(wire, UNITS)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function propertyOf({ properties }: WireMetric, names: readonly string[]): MetricValue | undefined {
  const { keys = [], values = [] } = properties ?? {}
  const at = keys.findIndex((key) => names.includes(key))
  const found = at < 0 ? undefined : values[at]
  return found && !found.isNull ? readValue(found, datatypeOf(found.type)) : undefined
}

/** A metric to be written: `value` as its type takes it, or `wire` for data sets and templates. */
export interface NewMetric {
  readonly name?: string
  readonly alias?: bigint | number
  readonly timestamp?: number
  readonly type?: DatatypeName
  readonly historical?: boolean
  readonly quality?: number
  readonly unit?: string
  readonly transient?: boolean
  readonly value?: Parameters<typeof writeValue>[0] | null
  readonly wire?: WireValue
  /** The type by which `value` is written where `type` is left out. */
  readonly as?: DatatypeName
}

/** Writes a payload. */
export function encodePayload(payload: {
  readonly timestamp?: number
  readonly seq?: number
  readonly metrics: readonly NewMetric[]
}): Uint8Array {
  const { timestamp, seq, metrics } = payload
  return writeWire({
    ...(timestamp !== undefined && { timestamp: halvesOf(timestamp) }),
    metrics: metrics.map(wireOf),
    ...(seq !== undefined && { seq: halvesOf(seq) }),
  })
}

function wireOf(metric: NewMetric): WireMetric {
  const { name, alias, timestamp, type, historical, transient, quality, unit, value, wire, as } = metric
  const properties = [
    ...(quality !== undefined ? [['Quality', { type: numberOf('Int32'), intValue: quality >>> 0 }] as const] : []),
    ...(unit !== undefined ? [['engUnit', { type: numberOf('String'), stringValue: unit }] as const] : []),
  ]
  return {
    ...(name !== undefined && { name }),
    ...(alias !== undefined && { alias: halvesOf(alias) }),
    ...(timestamp !== undefined && { timestamp: halvesOf(timestamp) }),
    ...(type && { datatype: numberOf(type) }),
    ...(historical && { isHistorical: true }),
    ...(transient && { isTransient: true }),
    ...(properties.length > 0 && {
      properties: { keys: properties.map(([key]) => key), values: properties.map(([, each]) => each) },
    }),
    ...(wire ??
      (value === null || value === undefined ? { isNull: true } : writeValue(value, type ?? as ?? 'Unknown'))),
  }
}
