/** Writing and reading of numbers, instants and texts as bytes, as compact as they come. */
import { Buffer } from 'node:buffer'

const utf8 = new TextEncoder()
/** Differences beyond this are written whole: doubled for the sign, they would no longer be exact. */
const FAR = 2 ** 51

/** Grows as needed. `reserve` before the fixed-size writes that follow it. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>
  length = 0
  #view: DataView<ArrayBuffer>

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.bytes.buffer)
  }

  reserve(extra: number): void {
    const needed = this.length + extra
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
    this.#view = new DataView(grown.buffer)
  }

  u8(value: number): void {
    this.bytes[this.length++] = value
  }

  u32(value: number, at = this.length): void {
    this.#view.setUint32(at, value, true)
    if (at === this.length) this.length += 4
  }

  f64(value: number): void {
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** A non-negative safe integer, seven bits a byte. */
  varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 128)
    }
    this.bytes[this.length++] = rest
  }

  /** An instant as its distance from another; any number comes back exactly. */
  instant(value: number, from: number): void {
    const distance = value - from
    if (Number.isInteger(value) && Number.isInteger(distance) && distance > -FAR && distance < FAR) {
      this.varint(distance >= 0 ? distance * 2 + 1 : distance * -2)
    } else {
      this.u8(0)
      this.f64(value)
    }
  }

  /** Any string comes back exactly, half surrogate pairs too. */
  text(value: string): void {
    if (value.isWellFormed()) this.#text(value, 0)
    else this.#text(JSON.stringify(value), 1)
  }

  #text(value: string, escaped: 0 | 1): void {
    this.reserve(value.length * 3 + 10)
    const start = this.length
    // One byte holds the length of most texts; ASCII is known to be as long as its string.
    if (value.length < 64) {
      let at = start + 1
      let i = 0
      for (; i < value.length; i++) {
        const code = value.charCodeAt(i)
        if (code >= 0x80) break
        this.bytes[at++] = code
      }
      if (i === value.length) {
        this.bytes[start] = i * 2 + escaped
        this.length = at
        return
      }
    }
    const encoded = utf8.encode(value)
    this.varint(encoded.length * 2 + escaped)
    this.bytes.set(encoded, this.length)
    this.length += encoded.length
  }
}

/** Reads what `ByteWriter` wrote. Running past the end shows in `position`, which the caller checks. */
export class ByteReader {
  position = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #buffer: Buffer

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(): number {
    return this.#bytes[this.position++]!
  }

  u32(at = this.position): number {
    if (at === this.position) this.position += 4
    return this.#view.getUint32(at, true)
  }

  f64(): number {
    this.position += 8
    return this.#view.getFloat64(this.position - 8, true)
  }

  varint(): number {
    let byte = this.#bytes[this.position++]!
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    let scale = 0x80
    do {
      byte = this.#bytes[this.position++]!
      value += (byte & 0x7f) * scale
      scale *= 0x80
    } while (byte >= 0x80)
    return value
  }

  instant(from: number): number {
    const value = this.varint()
    if (value === 0) return this.f64()
    return value % 2 === 1 ? from + (value - 1) / 2 : from - value / 2
  }

  text(): string {
    const head = this.varint()
    const start = this.position
    this.position += Math.floor(head / 2)
    const text = this.#buffer.toString('utf8', start, this.position)
    return head % 2 === 1 ? (JSON.parse(text) as string) : text
  }
}
