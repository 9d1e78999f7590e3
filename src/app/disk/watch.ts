/** Watches the disk of the data folder: the journal only grows, and a full disk ends the watch over the mine. */
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { DiskMeasure } from './measure.ts'
import type { DiskSettings } from './settings.ts'

/** `unread`: the system does not say. Nobody then knows that there is room. */
export type DiskState = 'enough' | 'low' | 'unread'

export interface DiskView {
  readonly state: DiskState
  /** When it was last looked at. */
  readonly at: Instant
  /** Absent where it is unread. */
  readonly measure?: DiskMeasure
  /** Bytes an hour by which the room has shrunk over the last day, or since the start; absent in the first hour, 0 where it has not. */
  readonly rate?: number
  /** How long the room lasts at that rate; absent while there is none. */
  readonly lasts?: Duration
  /** Why it could not be measured. */
  readonly reason?: string
}

export interface DiskWatch {
  /** Looks now; never rejects. The watch does so by itself from then on, until cancelled. */
  look(): Promise<void>
  view(): DiskView
  cancel(): void
}

interface Sample {
  readonly at: Instant
  readonly free: number
  readonly taken: number
}

/** Before that a start's own writing would pass for a rate. */
const LEAST = HOUR
/** Samples a day, about. */
const APART = 10 * MINUTE
/** What is low is enough again only with so much more than the limit, lest the log tell every wave of a checkpoint. */
const AGAIN = 1.1

const REMEDY =
  'free space on it, keep less history (storage.history.keep), or move the data folder to a larger disk (docs/operations.md)'

export interface DiskWatchOptions {
  readonly data: string
  readonly settings: DiskSettings
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly log: Pick<Log, 'warn' | 'info' | 'error'>
  readonly measure: () => Promise<DiskMeasure>
}

export function createDiskWatch({ data, settings, clock, log, measure }: DiskWatchOptions): DiskWatch {
  const samples: Sample[] = []
  let view: DiskView = { state: 'unread', at: clock.now(), reason: 'not looked at yet' }
  let told: DiskState = 'enough'
  let looking: Promise<void> | undefined

  function note({ free, parts }: DiskMeasure, at: Instant): number | undefined {
    const taken = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)
    const last = samples.at(-1)
    if (!last || at - last.at >= APART) samples.push({ at, free, taken })
    while (samples.length > 1 && samples[1]!.at <= at - DAY) samples.shift()
    const first = samples[0]!
    if (at - first.at < LEAST) return undefined
    // Room that somebody made elsewhere on the disk does not mean that nothing is written here.
    const shrunk = Math.max(0, first.free - free, taken - first.taken)
    return (shrunk / (at - first.at)) * HOUR
  }

  function isLow({ free, size }: DiskMeasure, lasts: Duration | undefined): boolean {
    const more = view.state === 'low' ? AGAIN : 1
    return free * 100 < size * settings.leastShare * more || (lasts !== undefined && lasts < settings.leastTime * more)
  }

  function tell(): void {
    const { state, reason } = view
    if (state === told) return
    told = state
    if (state === 'enough') log.info(`the disk of ${data} has room again: ${wordsOf(view)}`)
    else if (state === 'low') log.warn(`the disk of ${data} runs full: ${wordsOf(view)}; ${REMEDY}`)
    else log.error(`the room on the disk of ${data} is not known: ${reason}`)
  }

  async function once(): Promise<void> {
    const at = clock.now()
    try {
      const measured = await measure()
      const rate = note(measured, at)
      const lasts = rate ? Math.round((measured.free / rate) * HOUR) : undefined
      const state = isLow(measured, lasts) ? 'low' : 'enough'
      view = {
        state,
        at,
        measure: measured,
        ...(rate !== undefined && { rate }),
        ...(lasts !== undefined && { lasts }),
      }
    } catch (error) {
      // A measure of before is none of now.
      view = { state: 'unread', at, reason: error instanceof Error ? error.message : String(error) }
    }
    tell()
  }

  function look(): Promise<void> {
    // A disk that hangs is asked once, not once a minute.
    looking ??= once().finally(() => {
      looking = undefined
    })
    return looking
  }

  const ticking = clock.every(Math.max(settings.every, SECOND), () => void look())
  return { look, view: () => view, cancel: () => ticking.cancel() }
}

function wordsOf({ measure, lasts }: DiskView): string {
  const { free, size } = measure!
  const room = `${Math.floor(free / 2 ** 20)} MiB (${((free / size) * 100).toFixed(1)} %) free`
  return lasts === undefined ? room : `${room}, for ${(lasts / DAY).toFixed(1)} days at the present rate`
}
