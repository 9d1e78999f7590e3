/** Numbers in 16-bit registers: types, byte and word orders, and what a decoded value is worth. */
import type { Quality } from '../../model/reading.ts'
import { shortest32 } from '../outgoing.ts'

/** Where the bytes of a value stand, named by how `ABCD` (A most significant) arrives. 64-bit values follow the same two facts. */
export const ORDERS = {
  /** Big-endian, high word first: what the Modbus specification shows. */
  ABCD: { lowWordFirst: false, swapBytes: false },
  /** Big-endian words, low word first ("word-swapped"). */
  CDAB: { lowWordFirst: true, swapBytes: false },
  /** High word first, bytes swapped within each word. */
  BADC: { lowWordFirst: false, swapBytes: true },
  /** Little-endian throughout: low word first, bytes swapped. */
  DCBA: { lowWordFirst: true, swapBytes: true },
} as const

export type Order = keyof typeof ORDERS

interface Type {
  readonly registers: number
  readonly form: 'unsigned' | 'signed' | 'float' | 'bits'
  read(view: DataView): number | bigint
}

/** Every register type; `view` holds the value's bytes, most significant first. */
export const TYPES = {
  u16: { registers: 1, form: 'unsigned', read: (view) => view.getUint16(0) },
  i16: { registers: 1, form: 'signed', read: (view) => view.getInt16(0) },
  u32: { registers: 2, form: 'unsigned', read: (view) => view.getUint32(0) },
  i32: { registers: 2, form: 'signed', read: (view) => view.getInt32(0) },
  f32: { registers: 2, form: 'float', read: (view) => shortest32(view.getFloat32(0)) },
  u64: { registers: 4, form: 'unsigned', read: (view) => view.getBigUint64(0) },
  i64: { registers: 4, form: 'signed', read: (view) => view.getBigInt64(0) },
  f64: { registers: 4, form: 'float', read: (view) => view.getFloat64(0) },
  bool: { registers: 1, form: 'bits', read: (view) => view.getUint16(0) },
  bits: { registers: 1, form: 'bits', read: (view) => view.getUint16(0) },
} as const satisfies Record<string, Type>

export type RegisterType = keyof typeof TYPES

/** How one point's registers are read; made by `settings.ts`, which has checked that the parts fit each other. */
export interface Coding {
  readonly type: RegisterType
  readonly order: Order
  readonly scale: number
  readonly offset: number
  readonly mask?: number
  readonly bit?: number
  /** Bit patterns of whole values, hexadecimal, that mean "no value". */
  readonly sentinels: ReadonlySet<string>
}

export interface Decoded {
  readonly value: number | boolean | null
  readonly quality: Quality
  readonly status?: string
}

const scratch = new DataView(new ArrayBuffer(8))

/** Decodes the value whose first register is `words[at]`. */
export function decode(words: readonly number[], { at, coding }: { at: number; coding: Coding }): Decoded {
  const { registers, form, read } = TYPES[coding.type] as Type
  arrange(words, { at, registers, order: coding.order })
  if (coding.sentinels.size > 0 && coding.sentinels.has(pattern(registers))) return bad('sentinel')
  const raw = read(scratch)
  if (form === 'bits') return decodeBits(raw as number, coding)
  if (typeof raw === 'number') {
    if (Number.isNaN(raw)) return bad('not-a-number')
    return scaled(raw, coding)
  }
  const safe = raw >= Number.MIN_SAFE_INTEGER && raw <= Number.MAX_SAFE_INTEGER
  const decoded = scaled(Number(raw), coding)
  return safe || decoded.quality === 'bad' ? decoded : { ...decoded, quality: 'uncertain', status: 'precision-lost' }
}

/** Writes the value's bytes into `scratch`, most significant first. */
function arrange(
  words: readonly number[],
  { at, registers, order }: { at: number; registers: number; order: Order },
): void {
  const { lowWordFirst, swapBytes } = ORDERS[order]
  for (let i = 0; i < registers; i++) {
    const word = words[at + (lowWordFirst ? registers - 1 - i : i)]!
    scratch.setUint16(i * 2, word, swapBytes)
  }
}

function pattern(registers: number): string {
  let hex = ''
  for (let i = 0; i < registers; i++)
    hex += scratch
      .getUint16(i * 2)
      .toString(16)
      .padStart(4, '0')
  return hex
}

function decodeBits(word: number, { type, bit, mask = 0xffff, ...coding }: Coding): Decoded {
  if (type === 'bool') {
    return { value: (word & (bit === undefined ? mask : 1 << bit)) !== 0, quality: 'good' }
  }
  // The mask's lowest bit becomes bit 0, so that a field in the middle of a status word reads as its own number.
  const shift = 31 - Math.clz32(mask & -mask)
  return scaled((word & mask) >>> shift, { ...coding, type })
}

function scaled(raw: number, { scale, offset }: Coding): Decoded {
  // Fifteen digits: 0.7 in tenths is 0.7, not 0.7000000000000001, on both sides of a limit.
  const value = scale === 1 && offset === 0 ? raw : Number((raw * scale + offset).toPrecision(15))
  return Number.isFinite(value) ? { value, quality: 'good' } : bad('over-range')
}

function bad(status: string): Decoded {
  return { value: null, quality: 'bad', status }
}

/** The bit pattern of a sentinel as the configuration gives it; `undefined` where the type cannot hold it. */
export function sentinelPattern(sentinel: number | string, type: RegisterType): string | undefined {
  const { registers, form } = TYPES[type] as Type
  const width = registers * 16
  if (form === 'float' && typeof sentinel === 'number') {
    if (registers === 2) scratch.setFloat32(0, sentinel)
    else scratch.setFloat64(0, sentinel)
    return pattern(registers)
  }
  if (typeof sentinel === 'number' && !Number.isSafeInteger(sentinel)) return undefined
  const whole = BigInt(sentinel)
  const least = form === 'signed' ? -(1n << BigInt(width - 1)) : 0n
  if (whole < least || whole >= 1n << BigInt(width)) return undefined
  return BigInt.asUintN(width, whole)
    .toString(16)
    .padStart(width / 4, '0')
}
