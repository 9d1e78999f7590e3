/** Why bytes are no Sparkplug B payload: the field and the byte at which reading them fails. */
import { MESSAGES } from './descriptor.ts'

/** Deeper than templates are nested by anybody. */
const DEEPEST = 20
const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5
interface Fault {
  readonly path: string
  readonly at: number
  readonly why: string
}

/** One bounded line; no value stands in it. */
export function diagnose(bytes: Uint8Array): string {
  const fault = walk(bytes, { message: 'Payload', path: '', at: 0, end: bytes.length, depth: 0 })
  if (!fault) return `the ${bytes.length} bytes are a payload whose values cannot be held`
  return `${fault.path === '' ? 'payload' : fault.path}, byte ${fault.at} of ${bytes.length}: ${fault.why}`
}

interface Part {
  readonly message: string
  readonly path: string
  readonly at: number
  readonly end: number
  readonly depth: number
}

function walk(bytes: Uint8Array, { message, path, at: start, end, depth }: Part): Fault | undefined {
  if (depth > DEEPEST) return { path, at: start, why: `nested deeper than ${DEEPEST}` }
  const counts = new Map<string, number>()
  let at = start
  while (at < end) {
    const begun = at
    const tag = varint(bytes, at, end)
    if (!tag) return { path, at: begun, why: 'a field number that does not end' }
    at = tag.at
    const wire = Number(tag.value & 7n)
    const number = Number(tag.value >> 3n)
    const field = MESSAGES[message]?.find(({ id }) => id === number)
    const count = field?.repeated ? (counts.get(field.name) ?? 0) : undefined
    if (field && count !== undefined) counts.set(field.name, count + 1)
    const name = field ? `${field.name}${count === undefined ? '' : `[${count}]`}` : `field ${number}`
    const here = path === '' ? name : `${path}.${name}`
    const fault = (why: string): Fault => ({ path: here, at: begun, why })
    if (number === 0) return { path, at: begun, why: 'field number 0' }
    // A known field of another wire type is passed over, as one that nobody knows.
    if (wire === VARINT) {
      const value = varint(bytes, at, end)
      if (!value) return fault('a number that does not end')
      at = value.at
    } else if (wire === FIXED64 || wire === FIXED32) {
      at += wire === FIXED64 ? 8 : 4
      if (at > end) return fault('a number that is cut off')
    } else if (wire === BYTES) {
      const length = varint(bytes, at, end)
      if (!length) return fault('a length that does not end')
      const until = length.at + Number(length.value)
      if (until > end) return fault(`${length.value} bytes long, and ${end - length.at} are left`)
      const inner =
        field && MESSAGES[field.type]
          ? walk(bytes, { message: field.type, path: here, at: length.at, end: until, depth: depth + 1 })
          : undefined
      if (inner) return inner
      at = until
    } else {
      return fault(`wire type ${wire}, which is none of Sparkplug's`)
    }
  }
  return undefined
}

function varint(bytes: Uint8Array, start: number, end: number): { value: bigint; at: number } | undefined {
  let value = 0n
  for (let at = start; at < end && at < start + 10; at++) {
    const byte = bytes[at]!
    value |= BigInt(byte & 127) << BigInt(7 * (at - start))
    if (byte < 128) return { value, at: at + 1 }
  }
  return undefined
}
