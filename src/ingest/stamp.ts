/** Fourth stage of the door: the event time. */
import { DAY, EARLIEST, type Instant, LATEST, parseInstant } from '../model/time.ts'
import { readUsualIso } from './iso.ts'
import { describe, type Refusal, refuse } from './refusal.ts'

/** Reads `ts`, which must be there; `at` is the arrival clock. A time no working clock could give is refused. */
export function stamp(raw: unknown, at: Instant): Instant | Refusal {
  const ts = (typeof raw === 'string' ? readUsualIso(raw) : undefined) ?? parseInstant(raw)
  if (ts === undefined) return refuse('ts-unreadable', `ts ${describe(raw)}${hint(raw, at)}`)
  if (plausible(ts, at)) return ts
  return refuse('ts-impossible', `ts ${describe(raw)}${hint(raw, at)}`)
}

function plausible(ts: number, at: Instant): boolean {
  return ts >= EARLIEST && ts < LATEST && ts <= at + DAY
}

function hint(raw: unknown, at: Instant): string {
  if (typeof raw !== 'number') return ''
  if (plausible(raw * 1_000, at)) return ' looks like seconds: send milliseconds'
  if (plausible(raw / 1_000, at)) return ' looks like microseconds: send milliseconds'
  return plausible(raw / 1_000_000, at) ? ' looks like nanoseconds: send milliseconds' : ''
}
