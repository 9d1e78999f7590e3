/** Runs sources: opens them, hands their frames to the sequencer, and opens them again, with back-off, when their peer is lost. */
import { SourceLost } from '../model/errors.ts'
import type { Source } from '../model/ports.ts'
import { type Duration, SECOND } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Sequencer } from './sequencer.ts'

const SHORTEST: Duration = SECOND / 4
const LONGEST: Duration = 30 * SECOND

/** Resolves when the signal has aborted and the source has let go of its peer. */
export async function runSource(
  source: Source,
  { sequencer, clock, log, signal }: { sequencer: Sequencer; clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  let pause = SHORTEST
  while (!signal.aborted) {
    try {
      for await (const frames of source.open(signal)) {
        pause = SHORTEST
        const room = sequencer.offer(source.name, frames)
        if (room) await room
      }
      if (signal.aborted) return
      log.warn(`${source.name}: ended; opening it again`)
    } catch (error) {
      if (signal.aborted) return
      const reason = error instanceof Error ? error.message : String(error)
      // A lost peer is the field's everyday; anything else is a defect worth its stack.
      if (error instanceof SourceLost) log.warn(`${source.name}: ${reason}; trying again in ${pause} ms`)
      else log.error(`${source.name}: ${reason}; trying again in ${pause} ms`, { stack: (error as Error)?.stack })
    }
    await clock.wait(pause, signal)
    pause = Math.min(pause * 2, LONGEST)
  }
}
