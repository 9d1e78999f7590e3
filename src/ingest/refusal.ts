/** A stage's "no": which rule of the door was broken, and by what. */
import type { RefusalCode } from '../model/errors.ts'

export interface Refusal {
  readonly code: RefusalCode
  /** Where in the payload, and what stood there. */
  readonly detail: string
}

/** Every stage's way of saying no. */
export function refuse(code: RefusalCode, detail: string): Refusal {
  return { code, detail }
}

/** Tells a refusal from what a stage makes otherwise. No value of a reading has a field `code`; never ask it of raw JSON. */
export function isRefusal(made: unknown): made is Refusal {
  return typeof made === 'object' && made !== null && 'code' in made
}

const SHOWN = 60

/** What stood there, in at most some eighty characters, whatever it was. */
export function describe(raw: unknown): string {
  if (raw === undefined) return 'nothing'
  if (typeof raw === 'string') {
    return raw.length > SHOWN
      ? `${JSON.stringify(raw.slice(0, SHOWN))}… (${raw.length} characters)`
      : JSON.stringify(raw)
  }
  if (Array.isArray(raw)) return `an array of ${raw.length}`
  return typeof raw === 'object' && raw !== null ? 'an object' : String(raw)
}
