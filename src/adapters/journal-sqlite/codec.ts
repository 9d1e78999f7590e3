/** One group of entries as bytes: head, entries, checksum. Nothing in it depends on the configuration. */
import { crc32 } from 'node:zlib'
import type { Entry, NewEntry, Offset } from '../../model/entry.ts'
import type { PointRef } from '../../model/point.ts'
import type { Measurement, Quality, Value } from '../../model/reading.ts'
import type { Instant } from '../../model/time.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

/** First byte of every body. */
const BODY_FORMAT = 1
const QUALITIES: readonly Quality[] = ['good', 'uncertain', 'bad']

// An entry's first byte: type in three bits, a new `at`, the quality in two bits, more fields.
const NUMBER = 0
const VALUE = 1
const TICK = 2
const COMMAND = 3
const CONFIG = 4
const TYPE = 0b111
const AT = 0b1000
const QUALITY_SHIFT = 4
const MORE = 0b100_0000

const STATUS = 1
const REF = 2
const STAMPED = 4

/** Format, first offset, count, first arrival. */
const HEAD = 1 + 8 + 4 + 8
const CHECKSUM = 4

/** Where a body can be taken back to. */
export interface Mark {
  readonly length: number
  readonly count: number
  readonly at: Instant
  readonly ts: Instant
}

/** Encodes entries one after another; `pointNumber` names a point by the file's own number. */
export class BodyWriter {
  readonly first: Offset
  readonly begun: Instant
  count = 0
  readonly #out: ByteWriter
  readonly #pointNumber: (point: PointRef) => number
  #at: Instant
  #ts: Instant

  constructor(
    { first, at, capacity }: { first: Offset; at: Instant; capacity: number },
    pointNumber: (point: PointRef) => number,
  ) {
    this.first = first
    this.begun = at
    this.#at = at
    this.#ts = at
    this.#pointNumber = pointNumber
    this.#out = new ByteWriter(Math.max(capacity, HEAD + CHECKSUM))
    this.#out.u8(BODY_FORMAT)
    this.#out.f64(first)
    this.#out.u32(0)
    this.#out.f64(at)
  }

  write(entry: NewEntry): void {
    const out = this.#out
    // Room for every field of fixed size; texts make their own.
    out.reserve(64)
    const moved = entry.at === this.#at ? 0 : AT
    switch (entry.type) {
      case 'reading':
        this.#reading(entry.reading, { at: entry.at, moved })
        break
      case 'tick':
        out.u8(TICK | moved)
        if (moved) out.instant(entry.at, this.#at)
        break
      case 'command':
        out.u8(COMMAND | moved)
        if (moved) out.instant(entry.at, this.#at)
        out.text(JSON.stringify(entry.command))
        break
      case 'config':
        out.u8(CONFIG | moved)
        if (moved) out.instant(entry.at, this.#at)
        out.text(entry.hash)
    }
    this.#at = entry.at
    this.count++
  }

  mark(): Mark {
    return { length: this.#out.length, count: this.count, at: this.#at, ts: this.#ts }
  }

  /** Forgets what was written since `mark`. */
  rewind({ length, count, at, ts }: Mark): void {
    this.#out.length = length
    this.count = count
    this.#at = at
    this.#ts = ts
  }

  /** The finished body; its buffer may be transferred, and the writer is spent. */
  seal(): Uint8Array<ArrayBuffer> {
    const out = this.#out
    out.u32(this.count, 9)
    out.reserve(CHECKSUM)
    out.u32(crc32(out.bytes.subarray(0, out.length)))
    return out.bytes.subarray(0, out.length)
  }

  #reading(reading: Measurement, { at, moved }: { at: Instant; moved: number }): void {
    const out = this.#out
    const { value, status, ref } = reading
    const extra =
      (status === undefined ? 0 : STATUS) |
      (ref === undefined ? 0 : REF) |
      (reading.stamped === undefined ? 0 : STAMPED)
    const quality = reading.quality === 'good' ? 0 : reading.quality === 'uncertain' ? 1 : 2
    const number = typeof value === 'number'
    out.u8((number ? NUMBER : VALUE) | moved | (quality << QUALITY_SHIFT) | (extra ? MORE : 0))
    if (moved) out.instant(at, this.#at)
    out.varint(this.#pointNumber(reading.point))
    out.instant(reading.ts, this.#ts)
    this.#ts = reading.ts
    if (extra) out.u8(extra)
    if (number) out.f64(value)
    else out.text(JSON.stringify(value))
    if (status !== undefined) out.text(status)
    if (ref !== undefined) out.text(ref)
  }
}

/** What a body claims to be, before its entries are looked at. Throws in words where bytes changed since they were written. */
export function checkBody(body: Uint8Array): { first: Offset; count: number } {
  if (body.length < HEAD + CHECKSUM) throw new Error('it is too short')
  const input = new ByteReader(body)
  const end = body.length - CHECKSUM
  if (input.u32(end) !== crc32(body.subarray(0, end))) throw new Error('its checksum does not fit')
  const format = input.u8()
  if (format !== BODY_FORMAT) throw new Error(`its format is ${format}`)
  return { first: input.f64(), count: input.u32() }
}

/** Appends the body's entries to `into`; `pointOf` gives one and the same object for a number. Throws like `checkBody`. */
export function decodeBody(
  body: Uint8Array,
  { into, pointOf }: { into: Entry[]; pointOf: (id: number) => PointRef },
): void {
  const { first, count } = checkBody(body)
  const input = new ByteReader(body)
  input.position = HEAD - 8
  let at = input.f64()
  let ts = at
  for (let offset = first; offset < first + count; offset++) {
    const head = input.u8()
    if (head & AT) at = input.instant(at)
    const type = head & TYPE
    if (type <= VALUE) {
      const point = pointOf(input.varint())
      ts = input.instant(ts)
      const extra = head & MORE ? input.u8() : 0
      const value = type === NUMBER ? input.f64() : parseValue(input.text())
      const quality = QUALITIES[(head >> QUALITY_SHIFT) & 3]!
      const reading = extra ? withMore({ point, ts, value, quality }, { extra, input }) : { point, ts, value, quality }
      into.push({ type: 'reading', at, offset, reading })
    } else if (type === TICK) into.push({ type: 'tick', at, offset })
    else if (type === COMMAND) into.push({ type: 'command', at, offset, command: JSON.parse(input.text()) })
    else if (type === CONFIG) into.push({ type: 'config', at, offset, hash: input.text() })
    else throw new Error(`entry ${offset} is of an unknown type`)
  }
  if (input.position !== body.length - CHECKSUM) throw new Error('its entries do not fill it')
}

function withMore(bare: Measurement, { extra, input }: { extra: number; input: ByteReader }): Measurement {
  const full: { -readonly [K in keyof Measurement]: Measurement[K] } = bare
  if (extra & STATUS) full.status = input.text()
  if (extra & REF) full.ref = input.text()
  if (extra & STAMPED) full.stamped = 'arrival'
  return full
}

function parseValue(text: string): Value | null {
  // Switches make up most of what is not a number.
  return text === 'true' ? true : text === 'false' ? false : (JSON.parse(text) as Value | null)
}
