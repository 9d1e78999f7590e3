/** Runs sources: opens them, hands their frames to the sequencer, and opens them again, with back-off, when their peer is lost. */
import { ADAPTERS } from '../adapters/index.ts'
import { SourceLost } from '../model/errors.ts'
import type { AdapterContext, Source } from '../model/ports.ts'
import { type Duration, SECOND } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { SourceSettings } from './config/settings-schema.ts'
import type { Log } from './log.ts'
import { createRoster, type Roster } from './roster.ts'
import type { Sequencer } from './sequencer.ts'
import { within } from './within.ts'

/** A source as it runs. */
export interface RunningSource {
  readonly adapter: string
  readonly source: Source
  /** Whose points it serves; without one, every site's. */
  readonly site?: string
  /** Resolves once it has let go of its peer. What it has handed over is judged. */
  stop(): Promise<void>
}

interface RunParts {
  readonly sequencer: Pick<Sequencer, 'offer' | 'take'>
  readonly clock: Clock
  readonly log: Log
}

const SHORTEST: Duration = SECOND / 4
const LONGEST: Duration = 30 * SECOND

/** How long what a source has brought may take to be on disk before it is left to come again. */
const HAND_OVER: Duration = 3 * SECOND
/** How long a source may take to let go of its peer. */
const BOUND: Duration = 10 * SECOND

/** The sources of davy.yaml, each with a life of its own. `prepare` throws what their adapters throw of settings that do not go together. */
export function createSources(
  context: AdapterContext,
  parts: RunParts,
): Roster<Pick<SourceSettings, 'adapter' | 'settings'>, RunningSource> {
  const { clock, log } = parts
  return createRoster({
    clock,
    bound: BOUND,
    onStuck: (name, reason) => log.warn(`${name}: ${reason}`),
    async prepare({ adapter, settings }, name) {
      const source = (await ADAPTERS[adapter]!()).create(settings, { ...context, name })
      const { site } = settings as { readonly site?: string }
      return () => ({ ...keepRunning(source, parts), adapter, source, ...(site !== undefined && { site }) })
    },
    end: (running) => running.stop(),
  })
}

/** Runs a source until it is stopped. */
export function keepRunning(source: Source, parts: RunParts): Pick<RunningSource, 'stop'> {
  const abort = new AbortController()
  const enough = new AbortController()
  const ended = runSource(source, { ...parts, signal: abort.signal, enough: enough.signal })
  return {
    async stop() {
      if (source.atMostOnce) abort.abort()
      else {
        enough.abort()
        await handedOver(parts)
        abort.abort()
      }
      await ended
    },
  }
}

/** What a source has brought is on disk, and the source has said so to its peer: nothing of it comes again. */
async function handedOver({ sequencer, clock }: RunParts): Promise<void> {
  // Its place is behind everything that was offered. Where the journal has failed nothing is acknowledged.
  const placed = sequencer.take(() => {}).catch(() => {})
  await within(placed, { clock, bound: HAND_OVER })
  // Sources acknowledge many at once, at the end of a turn.
  await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when the signal has aborted and the source has let go of its peer. After `enough` it takes no more from the source, unless
 *  that was all there will be of it. */
async function runSource(
  source: Source,
  { sequencer, clock, log, signal, enough }: RunParts & { readonly signal: AbortSignal; readonly enough: AbortSignal },
): Promise<void> {
  let pause = SHORTEST
  const stopping = source.atMostOnce ? signal : enough
  while (!stopping.aborted) {
    try {
      for await (const frames of source.open(signal)) {
        if (enough.aborted && !source.atMostOnce) {
          // It keeps these, unacknowledged, and its peer until what it brought before is said to be on disk.
          await aborted(signal)
          break
        }
        pause = SHORTEST
        const room = sequencer.offer(source.name, frames)
        if (room) await room
      }
      if (stopping.aborted) return
      log.warn(`${source.name}: ended; opening it again`)
    } catch (error) {
      if (stopping.aborted) return
      const reason = error instanceof Error ? error.message : String(error)
      // A lost peer is the field's everyday; anything else is a defect worth its stack.
      if (error instanceof SourceLost) log.warn(`${source.name}: ${reason}; trying again in ${pause} ms`)
      else log.error(`${source.name}: ${reason}; trying again in ${pause} ms`, { stack: (error as Error)?.stack })
    }
    await clock.wait(pause, stopping)
    pause = Math.min(pause * 2, LONGEST)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
