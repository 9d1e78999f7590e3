/** Waits for a piece of work, but no longer than a bound: what hangs must not keep the rest from its turn. */
import type { Duration } from '../model/time.ts'
import type { Clock } from './clock.ts'

/** Whether the work ended in time; rejects as it does. What is late goes on, and nobody hears of its end. */
export async function within(work: unknown, { clock, bound }: { clock: Clock; bound: Duration }): Promise<boolean> {
  const patience = new AbortController()
  const late = clock.wait(bound, patience.signal).then(() => 'late' as const)
  try {
    return (await Promise.race([work, late])) !== 'late'
  } finally {
    patience.abort()
  }
}
