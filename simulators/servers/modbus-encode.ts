/** Numbers into 16-bit registers: the other direction of the adapter's codec, by the same tables of orders and types. */
import { ORDERS, type Order, type RegisterType, TYPES } from '../../src/adapters/modbus/codec.ts'

type Numeric = Exclude<RegisterType, 'bool' | 'bits'>

const WRITE: Readonly<Record<Numeric, (view: DataView, value: number | bigint) => void>> = {
  u16: (view, value) => view.setUint16(0, Number(value)),
  i16: (view, value) => view.setInt16(0, Number(value)),
  u32: (view, value) => view.setUint32(0, Number(value)),
  i32: (view, value) => view.setInt32(0, Number(value)),
  f32: (view, value) => view.setFloat32(0, Number(value)),
  f64: (view, value) => view.setFloat64(0, Number(value)),
  u64: (view, value) => view.setBigUint64(0, BigInt(value)),
  i64: (view, value) => view.setBigInt64(0, BigInt(value)),
}

/** The registers that hold `value`, in the order of their addresses. */
export function encodeRegisters(
  value: number | bigint,
  { type, order = 'ABCD' }: { type: Numeric; order?: Order },
): number[] {
  const { registers } = TYPES[type]
  const view = new DataView(new ArrayBuffer(registers * 2))
  WRITE[type](view, value)
  const { lowWordFirst, swapBytes } = ORDERS[order]
  const words = Array.from({ length: registers }, (_, i) => view.getUint16(i * 2, swapBytes))
  return lowWordFirst ? words.reverse() : words
}
