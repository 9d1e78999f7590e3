/** How far a site's live news lags behind arrival, within the last five to ten minutes. */
import { type Duration, type Instant, MINUTE } from '../model/time.ts'

const BUCKET: Duration = 5 * MINUTE

/** The largest lags of the running and of the previous bucket of the arrival clock. */
export interface Disorder {
  bucket: number
  lag: Duration
  before: Duration
}

/** A site of which nothing is known is orderly. */
export function createDisorder(): Disorder {
  return { bucket: 0, lag: 0, before: 0 }
}

/** Takes a live reading into account. */
export function observe(
  disorder: Disorder,
  { ts, received }: { readonly ts: Instant; readonly received: Instant },
): void {
  const bucket = Math.floor(received / BUCKET)
  if (bucket > disorder.bucket) {
    disorder.before = bucket === disorder.bucket + 1 ? disorder.lag : 0
    disorder.lag = 0
    disorder.bucket = bucket
  }
  if (received - ts > disorder.lag) disorder.lag = received - ts
}

/** The largest lag that still counts at `now`. */
export function lagAt({ bucket, lag, before }: Disorder, now: Instant): Duration {
  const age = Math.floor(now / BUCKET) - bucket
  if (age <= 0) return Math.max(lag, before)
  return age === 1 ? lag : 0
}
