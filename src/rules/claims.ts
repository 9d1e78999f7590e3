/** What a partition last said is so: the alarms that nobody stands behind any more once its rule has failed. */
import type { Severity } from '../model/alarm.ts'
import type { Json } from '../model/json.ts'
import type { Stated } from '../model/rule.ts'
import type { Duration, Instant } from '../model/time.ts'

/** One key that is up, or whose end still waits for its delay. */
export interface Claim {
  /** When its end is over; infinity while it is up. */
  until: Instant
  /** Said before the rule failed, and not since. */
  doubted: boolean
  severity: Severity
}

export type Claims = Map<string, Claim>

/** Keys at which ends that are long over are looked for. */
const MANY = 256

/** Takes down a statement of the partition. */
export function claim(
  claims: Claims,
  { key, truth, at, clearAfter }: Pick<Stated, 'key' | 'truth' | 'at'> & { clearAfter: Duration },
  { severity, now }: { severity: Severity; now: Instant },
): void {
  if (truth === 'active') {
    const known = claims.get(key)
    if (known) Object.assign(known, { until: Number.POSITIVE_INFINITY, doubted: false, severity })
    else claims.set(key, { until: Number.POSITIVE_INFINITY, doubted: false, severity })
  } else if (truth === 'inactive') {
    const known = claims.get(key)
    if (!known) return
    known.doubted = false
    if (clearAfter === 0) claims.delete(key)
    // Delays run in event time and are concluded by the arrival clock: twice as long is over by both.
    else if (known.until === Number.POSITIVE_INFINITY) known.until = Math.max(at, now) + 2 * clearAfter
    if (claims.size >= MANY) for (const [one, { until }] of claims) if (until < now) claims.delete(one)
  }
}

/** Names for a snapshot; infinity has no place in JSON. */
export function saveClaims(claims: Claims): Json {
  return [...claims].map(([key, { until, doubted, severity }]) => [
    key,
    Number.isFinite(until) ? until : null,
    doubted,
    severity,
  ])
}

export function loadClaims(saved: Json | undefined): Claims {
  const rows = (saved ?? []) as unknown as readonly (readonly [string, Instant | null, boolean, Severity])[]
  return new Map(
    rows.map(([key, until, doubted, severity]) => [
      key,
      { until: until ?? Number.POSITIVE_INFINITY, doubted, severity },
    ]),
  )
}
