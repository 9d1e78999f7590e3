/** The beginning of a span that ends now. */
import { desk } from './desk.ts'

const MINUTE = 60_000

/** So many days before now by the service's clock, to the minute, so that a fresh rendering asks for the same. */
export function spanFrom(days: number): string {
  const now = Math.floor((Date.now() + desk.get().skew) / MINUTE) * MINUTE
  return new Date(now - days * 1_440 * MINUTE).toISOString()
}
