/** Where a stream begins that has missed nothing: the newest transition there is. */
import type { AlarmStore } from '../../model/ports.ts'

/** The newest stream number in the store, found by halving; 0 where there is none. */
export async function newestSeq(alarms: Pick<AlarmStore, 'since'>): Promise<number> {
  const after = async (seq: number) => (await alarms.since(seq, 1))[0]?.seq
  let below = 0
  let step = 1
  // Invariant: something lies above `below`, or it is the newest itself.
  for (let next = await after(below); next !== undefined; next = await after(below + step)) {
    below = next
    step *= 2
  }
  for (; step >= 1; step = Math.floor(step / 2)) {
    const next = await after(below + step)
    if (next !== undefined) below = next
  }
  return (await after(below)) ?? below
}
