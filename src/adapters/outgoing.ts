/** Frames of sources whose protocol has no messages of ours: polled and subscribed values put into the wire form of a reading. */
import type { Frame } from '../model/ports.ts'
import type { Quality } from '../model/reading.ts'
import type { Instant } from '../model/time.ts'

/** One reading as the door decodes it. `value: null` wherever there is none: never the last one, never 0. */
export interface WireReading {
  readonly point: string
  /** Absent where the peer gives no time: the arrival time stands for it. */
  readonly ts?: Instant
  readonly value: number | boolean | string | null
  readonly quality: Quality
  readonly status?: string
}

const encoder = new TextEncoder()

/** One frame for a whole poll cycle or publish response. The protocols behind it have nothing to acknowledge. */
export function frameOf(site: string, readings: readonly WireReading[]): Frame {
  return encodedFrame(site, encoder.encode(JSON.stringify(readings)))
}

/** The same, of a payload that is encoded already. */
export function encodedFrame(site: string, payload: Uint8Array): Frame {
  return { topic: `davy/v1/${site}`, payload, settle: nothing }
}

function nothing(): void {}

/** Half of what the door takes by default: some values are long texts. */
const MOST_BYTES = 512 * 1_024

/** Readings as payloads that the door takes, in their order, with `most` of them in one; one that is too long by itself stands alone, and is
 *  refused alone. */
export function* payloadsOf(readings: readonly object[], most: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let i = 0; i < readings.length; i += most) {
    const part = i === 0 && readings.length <= most ? readings : readings.slice(i, i + most)
    const payload = encoder.encode(JSON.stringify(part))
    if (payload.byteLength <= MOST_BYTES || part.length === 1) yield payload
    else {
      const half = part.length >> 1
      yield* payloadsOf(part.slice(0, half), most)
      yield* payloadsOf(part.slice(half), most)
    }
  }
}

/** The shortest decimal that is the same 32-bit float: a device that shows 0.7 compares equal to a limit of 0.7. */
export function shortest32(value: number): number {
  if (!Number.isFinite(value)) return value
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
