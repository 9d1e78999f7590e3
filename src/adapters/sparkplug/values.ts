/** Values of Sparkplug B metrics: from the wire's unsigned fields to numbers with their sign, and back. */
import { packArray, unpackArray } from './arrays.ts'
import { DATATYPES, type DatatypeName, datatypeOf, type Scalar } from './datatype.ts'
import type { Halves, WireDataSet, WireMetric, WireValue } from './descriptor.ts'

/** A template's members, or a row of a data set, by name. */
export type Fields = { readonly [name: string]: MetricValue }
export type MetricValue = Scalar | Uint8Array | readonly Scalar[] | Fields | readonly Fields[] | null

/** Both halves as one number, exactly. */
export function bigOf({ low, high }: Halves): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

/** A 64-bit number, signed or not, as the wire holds it. */
export function halvesOf(value: bigint | number): Halves {
  const bits = BigInt.asUintN(64, BigInt(value))
  return { low: Number(BigInt.asIntN(32, bits)), high: Number(BigInt.asIntN(32, bits >> 32n)), unsigned: true }
}

const SIGNED: Readonly<Partial<Record<DatatypeName, number>>> = { Int8: 8, Int16: 16, Int32: 32 }

/** Reads a value as its type says; `null` where there is none of it. A type that nobody knows is read as it stands. */
export function readValue(wire: WireValue, type: DatatypeName): MetricValue {
  if (wire.datasetValue) return readRows(wire.datasetValue)
  if (wire.templateValue) return readMembers(wire.templateValue.metrics ?? [])
  if (wire.bytesValue) return type.endsWith('Array') ? (unpackArray(wire.bytesValue, type) ?? null) : wire.bytesValue
  return wire.floatValue ?? wire.doubleValue ?? wire.booleanValue ?? wire.stringValue ?? readInteger(wire, type)
}

/** Writers differ on which field holds what: 32 bits without a sign are met in both, and a negative Int8 in 8 bits as in 32. */
function readInteger({ intValue, longValue }: WireValue, type: DatatypeName): Scalar | null {
  const bits = longValue ? bigOf(longValue) : intValue === undefined ? undefined : BigInt(intValue)
  if (bits === undefined) return null
  if (type === 'Boolean') return bits !== 0n
  const signed = SIGNED[type]
  if (signed) return Number(BigInt.asIntN(signed, bits))
  // What stands in 32 bits with a 64-bit type has lost its upper half: only the lower one can hold the sign.
  if (type === 'Int64') return longValue ? BigInt.asIntN(64, bits) : BigInt.asIntN(32, bits)
  if (type === 'UInt64') return bits
  return type === 'Unknown' && bits > BigInt(Number.MAX_SAFE_INTEGER) ? bits : Number(bits)
}

function readRows({ columns = [], types = [], rows = [] }: WireDataSet): readonly Fields[] {
  return rows.map(({ elements = [] }) =>
    Object.fromEntries(
      columns.map((name, i) => [name, elements[i] ? readValue(elements[i], datatypeOf(types[i])) : null]),
    ),
  )
}

function readMembers(metrics: readonly WireMetric[]): Fields {
  return Object.fromEntries(
    metrics.flatMap((metric) =>
      metric.name === undefined
        ? []
        : [[metric.name, metric.isNull ? null : readValue(metric, datatypeOf(metric.datatype))]],
    ),
  )
}

const FIELD: Readonly<Partial<Record<DatatypeName, keyof WireValue>>> = {
  Float: 'floatValue',
  Double: 'doubleValue',
  Boolean: 'booleanValue',
  String: 'stringValue',
  Text: 'stringValue',
  UUID: 'stringValue',
  Bytes: 'bytesValue',
  File: 'bytesValue',
}

/** Writes a value of a type; data sets and templates are given in their wire form by whoever needs them. */
export function writeValue(
  value: Exclude<MetricValue, null | Fields | readonly Fields[]>,
  type: DatatypeName,
): WireValue {
  if (type.endsWith('Array')) return { bytesValue: packArray(value as readonly Scalar[], type) }
  const field = FIELD[type]
  if (field) return { [field]: value } as WireValue
  if (type === 'Int64' || type === 'UInt64' || type === 'DateTime')
    return { longValue: halvesOf(value as bigint | number) }
  return { intValue: Number(value) >>> 0 }
}

/** The number of a type, for what is written. */
export function numberOf(type: DatatypeName): number {
  return DATATYPES[type]
}
