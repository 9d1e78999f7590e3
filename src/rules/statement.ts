/** What a rule last said of a key, so that it speaks while something is or may still be pending, and is quiet otherwise. */
import type { Json } from '../model/json.ts'
import type { Duration, Instant } from '../model/time.ts'

export interface Statement {
  active: boolean
  /** When it became inactive, while a `clearAfter` may still be running. */
  ended: Instant | undefined
}

export function silence(): Statement {
  return { active: false, ended: undefined }
}

/** Notes that the condition is, or is not, so at `at`. Whether that must be said. */
export function note(statement: Statement, now: { active: boolean; at: Instant; clearAfter: Duration }): boolean {
  if (now.active) {
    statement.active = true
    statement.ended = undefined
    return true
  }
  if (statement.active) {
    statement.active = false
    statement.ended = now.at
  }
  if (statement.ended === undefined) return false
  if (now.at >= statement.ended + now.clearAfter) statement.ended = undefined
  return true
}

/** Nothing said, or all of it over. */
export function calm({ active, ended }: Statement): boolean {
  return !active && ended === undefined
}

export function saveStatement({ active, ended }: Statement): Json {
  return active ? true : (ended ?? false)
}

export function loadStatement(saved: Json | undefined): Statement {
  return { active: saved === true, ended: typeof saved === 'number' ? saved : undefined }
}
