/** Frames made of one Sparkplug message: each as small as the door takes, and the message settled once all of them are. */
import type { RefusalCode } from '../../model/errors.ts'
import type { Frame } from '../../model/ports.ts'
import { payloadsOf } from '../outgoing.ts'
import type { SparkplugReading } from './readings.ts'

/** Readings in one frame: a birth of ten thousand metrics is several. */
const MOST = 1_000

/** What a message comes to: readings of one site, and the message itself as a dead letter where it could not be read. */
export interface Yield {
  readonly site: string
  readonly readings: readonly SparkplugReading[]
  readonly refused?: RefusalCode
  /** With `refused`: what exactly, in one bounded line. */
  readonly detail?: string
}

/** The frames of a message. One that says nothing to journal is settled at once. */
export function framesOf({ site, readings, refused, detail }: Yield, message: Frame): readonly Frame[] {
  const parts: Omit<Frame, 'settle'>[] = []
  for (const payload of payloadsOf(readings, MOST)) parts.push({ topic: `davy/v1/${site}`, payload })
  if (refused) {
    const { topic, payload } = message
    parts.push({ topic, payload, refused, ...(detail !== undefined && { detail }) })
  }
  if (parts.length === 0) {
    message.settle('journaled')
    return []
  }
  let open = parts.length
  let outcome: 'journaled' | 'rejected' = 'rejected'
  const settle = (each: 'journaled' | 'rejected') => {
    if (each === 'journaled') outcome = each
    if (--open === 0) message.settle(outcome)
  }
  return parts.map((part) => ({ ...part, settle: once(settle) }))
}

function once<T>(call: (value: T) => void): (value: T) => void {
  let done = false
  return (value) => {
    if (done) return
    done = true
    call(value)
  }
}
