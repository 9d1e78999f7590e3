/** Dead letters: what was refused, kept so that it can be taken in once the cause is mended. */
import { Buffer } from 'node:buffer'
import type { DeadLetter } from '../model/errors.ts'
import type { Instant } from '../model/time.ts'
import type { Arriving } from './batch.ts'
import type { Refusal } from './refusal.ts'
import { type Raw, siteTopic, type Target } from './resolve.ts'

/** Of what can never be taken in again no more than this is kept. */
const KEPT = 64 * 1024

export interface Refused extends Refusal {
  readonly at: Instant
  /** Not to be replayed as it is: the first bytes will do. */
  readonly cut?: boolean
}

/** A whole frame. Its bytes are copied, because a source may use its buffer again. */
export function letterOfFrame({ source, topic, payload }: Arriving, { code, detail, at, cut }: Refused): DeadLetter {
  const size = payload.byteLength
  const short = cut === true && size > KEPT
  return {
    source,
    topic,
    payload: new Uint8Array(short ? payload.subarray(0, KEPT) : payload),
    at,
    code,
    detail: short ? `${detail} (${size} bytes, the first ${KEPT} kept)` : detail,
  }
}

export interface Element {
  readonly raw: unknown
  readonly index: number
  readonly target: Target
}

/** One element of an array, so written that replaying it takes in this element and no other. */
export function letterOfElement(
  frame: Arriving,
  { raw, index, target, at, ...refusal }: Element & Omit<Refused, 'cut'>,
): DeadLetter {
  const code = refusal.code
  const detail = `[${index}] ${refusal.detail}`
  const payload = encode(raw, target)
  if (!payload) return letterOfFrame(frame, { code, detail, at, cut: true })
  // Under the site's own topic a reading that contradicted its topic would pass.
  const topic = code === 'topic-mismatch' ? frame.topic : siteTopic(target.site)
  return { source: frame.source, topic, payload, at, code, detail }
}

function encode(raw: unknown, { point }: Target): Uint8Array | undefined {
  const whole = typeof raw === 'object' && raw !== null && !Array.isArray(raw)
  const named = whole && point ? { ...raw, point: (raw as Raw).point ?? point.id } : raw
  try {
    return new Uint8Array(Buffer.from(JSON.stringify(named)))
  } catch {
    // Nested deeper than the stack: parsing takes it, writing does not.
    return undefined
  }
}
