/** First stage of the door: bytes to JSON. */
import { Buffer, isUtf8 } from 'node:buffer'
import { type Refusal, refuse } from './refusal.ts'

/** Boxed, because the JSON itself may look like anything. */
export interface Decoded {
  readonly json: unknown
}

/** Reads a payload as UTF-8 JSON; a byte order mark is passed over. Bytes of another encoding (GBK, say) are refused, not guessed at. */
export function decode(payload: Uint8Array): Decoded | Refusal {
  if (payload.byteLength === 0) return refuse('payload-not-json', 'the payload is empty')
  try {
    const text = textOf(payload)
    // The decoder puts U+FFFD for what it cannot read, so only a text that shows one has to be looked at again.
    if (text.includes('\uFFFD') && !isUtf8(payload)) {
      return refuse('payload-not-json', 'the bytes are not UTF-8')
    }
    return { json: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) }
  } catch (error) {
    return refuse('payload-not-json', error instanceof Error ? error.message : String(error))
  }
}

function textOf(payload: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = payload
  return (payload instanceof Buffer ? payload : Buffer.from(buffer, byteOffset, byteLength)).toString()
}
