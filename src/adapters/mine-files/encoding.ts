/** Code pages of the mines' files: UTF-8, and GB18030 with the GBK within it, told apart by looking. */
import { Buffer, isUtf8 } from 'node:buffer'

/** The text, a byte order mark passed over; `undefined` where the bytes are of no such code page. */
export function decodeText(bytes: Uint8Array, encoding: 'auto' | 'utf-8' | 'gb18030'): string | undefined {
  // Chinese in GB18030 is hardly ever valid UTF-8: what is valid is taken for it.
  const page = encoding === 'auto' ? (isUtf8(bytes) ? 'utf-8' : 'gb18030') : encoding
  try {
    return new TextDecoder(page, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Bytes of a text; `auto` writes UTF-8. */
export function encodeText(text: string, encoding: 'auto' | 'utf-8' | 'gb18030'): Uint8Array {
  return encoding === 'gb18030' ? encodeGb18030(text) : Buffer.from(text)
}

function encodeGb18030(text: string): Uint8Array {
  table ??= buildTable()
  const out: number[] = []
  for (const sign of text) {
    const code = sign.codePointAt(0)!
    if (code < 0x80) out.push(code)
    else if (code >= 0x10000) out.push(...fourBytes(code - 0x10000 + SUPPLEMENT))
    else out.push(...(table.get(sign) ?? QUESTION))
  }
  return Uint8Array.from(out)
}

/** A lone surrogate is no sign of any code page. */
const QUESTION = [0x3f]
/** Where the four-byte codes of U+10000 begin. */
const SUPPLEMENT = 189_000
/** Four-byte codes of the basic plane. */
const BASIC = 39_420

let table: Map<string, readonly number[]> | undefined

/** The runtime decodes GB18030 and does not encode it: decoding every code there is turns the table round. */
function buildTable(): Map<string, readonly number[]> {
  const decoder = new TextDecoder('gb18030')
  const codes: number[][] = []
  for (let index = 0; index < BASIC; index++) codes.push(fourBytes(index))
  // After the four-byte codes, so that the short one wins.
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) codes.push([lead, trail])
  }
  const found = new Map<string, readonly number[]>()
  for (const code of codes) {
    const sign = decoder.decode(Uint8Array.from(code))
    if ([...sign].length === 1 && sign !== '\uFFFD') found.set(sign, code)
  }
  // The sign that also stands for what cannot be decoded.
  found.set('\uFFFD', [0x84, 0x31, 0xa4, 0x37])
  return found
}

function fourBytes(index: number): number[] {
  return [
    0x81 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1_260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  ]
}
