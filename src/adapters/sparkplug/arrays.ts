/** Array types of Sparkplug B: packed little-endian into bytes; booleans as bits after a count, strings ended by NUL. */
import type { DatatypeName, Scalar } from './datatype.ts'

interface Packing {
  readonly size: number
  get(view: DataView, at: number): Scalar
  set(view: DataView, at: number, value: Scalar): void
}

const number = (
  size: number,
  kind: 'Int8' | 'Int16' | 'Int32' | 'Uint8' | 'Uint16' | 'Uint32' | 'Float32' | 'Float64',
): Packing => ({
  size,
  get: (view, at) => view[`get${kind}`](at, true),
  set: (view, at, value) => view[`set${kind}`](at, Number(value), true),
})
const long = (kind: 'BigInt64' | 'BigUint64'): Packing => ({
  size: 8,
  get: (view, at) => view[`get${kind}`](at, true),
  set: (view, at, value) => view[`set${kind}`](at, BigInt(value), true),
})

const PACKINGS: Readonly<Partial<Record<DatatypeName, Packing>>> = {
  Int8Array: number(1, 'Int8'),
  Int16Array: number(2, 'Int16'),
  Int32Array: number(4, 'Int32'),
  Int64Array: long('BigInt64'),
  UInt8Array: number(1, 'Uint8'),
  UInt16Array: number(2, 'Uint16'),
  UInt32Array: number(4, 'Uint32'),
  UInt64Array: long('BigUint64'),
  FloatArray: number(4, 'Float32'),
  DoubleArray: number(8, 'Float64'),
  DateTimeArray: long('BigUint64'),
}

/** The elements of an array type; `undefined` where the bytes do not hold whole ones, or the type is no array. */
export function unpackArray(bytes: Uint8Array, type: DatatypeName): readonly Scalar[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'BooleanArray') {
    if (bytes.length < 4) return undefined
    const count = view.getUint32(0, true)
    if (count > (bytes.length - 4) * 8) return undefined
    return Array.from({ length: count }, (_, i) => (bytes[4 + (i >> 3)]! & (0x80 >> (i & 7))) !== 0)
  }
  if (type === 'StringArray') {
    const text = Buffer.from(bytes).toString()
    return text === '' ? [] : text.replace(/\0$/, '').split('\0')
  }
  const packing = PACKINGS[type]
  if (!packing || bytes.length % packing.size !== 0) return undefined
  return Array.from({ length: bytes.length / packing.size }, (_, i) => packing.get(view, i * packing.size))
}

/** Packs the elements of an array type. */
export function packArray(values: readonly Scalar[], type: DatatypeName): Uint8Array {
  if (type === 'StringArray') return Buffer.from(values.map((value) => `${value}\0`).join(''))
  const packing = PACKINGS[type]
  const bytes = new Uint8Array(packing ? values.length * packing.size : 4 + Math.ceil(values.length / 8))
  const view = new DataView(bytes.buffer)
  if (packing) for (const [i, value] of values.entries()) packing.set(view, i * packing.size, value)
  else {
    view.setUint32(0, values.length, true)
    for (const [i, value] of values.entries()) if (value) bytes[4 + (i >> 3)]! |= 0x80 >> (i & 7)
  }
  return bytes
}
