/** What a file means into frames: readings in messages of the door's size, every refusal as a frame of its own. */
import { Buffer } from 'node:buffer'
import type { Frame } from '../../model/ports.ts'
import type { FileRefusal } from './decode.ts'
import type { FileReading } from './meaning.ts'

type Outcome = 'journaled' | 'rejected'

/** Readings, and characters of JSON, in one message. */
const MOST_READINGS = 1_000
const MOST_TEXT = 256 * 1024
/** Of a refused file, this much is kept: what is wrong is mostly seen at its beginning. */
const KEPT = 64 * 1024

/** Frames of one file; `settled` is called once, when all of them are: `rejected` where nothing of the file was taken. */
export function framesOf(
  topic: string,
  { readings, refused }: { readings: readonly FileReading[]; refused: readonly FileRefusal[] },
  settled: (outcome: Outcome) => void,
): Frame[] {
  let open = 0
  let taken = false
  const receipt = () => {
    let said = false
    open += 1
    return (outcome: Outcome) => {
      if (said) return
      said = true
      taken ||= outcome === 'journaled'
      open -= 1
      if (open === 0) settled(taken ? 'journaled' : 'rejected')
    }
  }
  const frames: Frame[] = payloadsOf(readings).map((payload) => ({ topic, payload, settle: receipt() }))
  for (const { code, detail, text } of refused) {
    const bytes = Buffer.from(text.slice(0, KEPT))
    frames.push({ topic, payload: bytes, refused: code, detail, settle: receipt() })
  }
  return frames
}

function payloadsOf(readings: readonly FileReading[]): Uint8Array[] {
  const payloads: Uint8Array[] = []
  let texts: string[] = []
  let length = 0
  const close = () => {
    if (texts.length > 0) payloads.push(Buffer.from(`[${texts.join(',')}]`))
    texts = []
    length = 0
  }
  for (const reading of readings) {
    const text = JSON.stringify(reading)
    if (texts.length >= MOST_READINGS || length + text.length > MOST_TEXT) close()
    texts.push(text)
    length += text.length + 1
  }
  close()
  return payloads
}
