/** OPC UA's values and status codes as readings: what a DataValue is worth. Knows no library, only the standard's numbers. */
import type { Quality } from '../../model/reading.ts'
import type { Instant } from '../../model/time.ts'
import { shortest32 } from '../outgoing.ts'

/** The parts of a DataValue that are read here; node-opcua's own fits. */
export interface DataValueLike {
  readonly value?: { readonly dataType: number; readonly arrayType: number; readonly value: unknown } | null
  readonly statusCode: { readonly value: number; readonly name: string }
  readonly sourceTimestamp?: Date | null
  readonly serverTimestamp?: Date | null
}

export interface Worth {
  readonly value: number | boolean | string | null
  readonly quality: Quality
  readonly status?: string
}

/** Built-in type ids of OPC UA Part 6. */
const BOOLEAN = 1
const INT64 = 8
const UINT64 = 9
const FLOAT = 10
const DOUBLE = 11
const STRING = 12
const DATE_TIME = 13
const LOCALIZED_TEXT = 21

/** `BadNodeIdUnknown` → `bad-node-id-unknown`; the information bits node-opcua appends are left out. */
export function statusName(name: string): string {
  return name
    .replace(/#.*$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}

/** The two highest bits are the severity; a reserved one is taken as bad. */
export function qualityOf(code: number): Quality {
  const severity = code >>> 30
  return severity === 0 ? 'good' : severity === 1 ? 'uncertain' : 'bad'
}

/** `element` picks from an array. A bad value is `null`, whatever came with it. */
export function worthOf({ value: variant, statusCode }: DataValueLike, element?: number): Worth {
  const quality = qualityOf(statusCode.value)
  const name = statusName(statusCode.name)
  if (quality === 'bad') return { value: null, quality, status: name }
  const read = readVariant(variant, element)
  if ('fault' in read) return { value: null, quality: 'bad', status: read.fault }
  if (read.inexact) return { value: read.value, quality: 'uncertain', status: 'precision-lost' }
  // Good has its own nuances, such as `good-local-override`: somebody set the value by hand.
  return name === 'good' ? { value: read.value, quality } : { value: read.value, quality, status: name }
}

type Read = { readonly value: number | boolean | string; readonly inexact?: boolean } | { readonly fault: string }

function readVariant(variant: DataValueLike['value'], element: number | undefined): Read {
  if (!variant || variant.dataType === 0 || variant.value === null || variant.value === undefined) {
    return { fault: 'no-value' }
  }
  const { dataType, arrayType } = variant
  if (arrayType === 0) return element === undefined ? scalar(dataType, variant.value) : { fault: 'not-an-array' }
  if (element === undefined) return { fault: 'not-a-scalar' }
  const elements = variant.value as ArrayLike<unknown>
  return element >= 0 && element < elements.length ? scalar(dataType, elements[element]) : { fault: 'no-such-element' }
}

function scalar(dataType: number, value: unknown): Read {
  // An array may have holes.
  if (value === null || value === undefined) return { fault: 'no-value' }
  switch (dataType) {
    case BOOLEAN:
    case STRING:
      return typeof value === 'boolean' || typeof value === 'string' ? { value } : { fault: 'no-value' }
    case INT64:
    case UINT64:
      return wide(value, dataType === INT64)
    case FLOAT:
      return typeof value === 'number' ? real(shortest32(value)) : { fault: 'unsupported-type' }
    case DATE_TIME:
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? { value: value.toISOString() }
        : { fault: 'no-value' }
    case LOCALIZED_TEXT: {
      const { text } = value as { text?: string | null }
      return typeof text === 'string' ? { value: text } : { fault: 'no-value' }
    }
    default:
      return dataType <= DOUBLE && typeof value === 'number' ? real(value) : { fault: 'unsupported-type' }
  }
}

function real(value: number): Read {
  if (Number.isNaN(value)) return { fault: 'not-a-number' }
  return Number.isFinite(value) ? { value } : { fault: 'over-range' }
}

/** 64-bit integers come as a pair of 32-bit halves, high first. */
function wide(value: unknown, signed: boolean): Read {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return { fault: 'unsupported-type' }
  const [high = 0, low = 0] = value as unknown as readonly [number, number]
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  const whole = signed ? BigInt.asIntN(64, bits) : bits
  const inexact = whole > BigInt(Number.MAX_SAFE_INTEGER) || whole < BigInt(Number.MIN_SAFE_INTEGER)
  return { value: Number(whole), inexact }
}

/** The source's time, or else the server's. The protocol's "no time" (1601) and null are absent. */
export function instantOf(...times: readonly (Date | null | undefined)[]): Instant | undefined {
  for (const time of times) {
    const instant = time?.getTime()
    if (instant !== undefined && instant > 0) return instant
  }
  return undefined
}
