/** A site's gateway: gives every device's word its number and its time, and can lose a cable, a clock or its link. */
import type { Point } from '../src/model/point.ts'
import type { Quality, Value } from '../src/model/reading.ts'
import type { Site } from '../src/model/site.ts'
import type { Duration, Instant } from '../src/model/time.ts'

/** What a simulated device says. */
export interface SimulatedReading {
  readonly site: string
  readonly point: string
  readonly ts: Instant
  readonly value: Value | null
  readonly quality: Quality
  /** Unique over points, sites and restarts. */
  readonly ref: string
}

/** A reading on its way: `sent` is later than its `ts` where the gateway kept it. */
export interface Sent {
  readonly reading: SimulatedReading
  readonly sent: Instant
}

export interface Gateway {
  readonly site: Site
  say(point: Point, value: Value): void
  /** A cut cable: the point says nothing more, or `null` each time. */
  cut(point: string, how: 'silent' | 'null'): void
  mend(point: string): void
  /** The device's clock runs ahead (below 0: behind). */
  astray(point: string, ahead: Duration): void
  /** The link is down: what is said is kept, the oldest given up when there is no more room. */
  hold(): void
  /** The link is up: everything kept goes out now, in order, with its own times. */
  release(): void
}

/** Readings kept while the link is down. */
const ROOM = 20_000

export function createGateway({
  site,
  run,
  now,
  send,
}: {
  site: Site
  /** Tells this run's numbers from those of other runs. */
  run: string
  now: () => Instant
  send: (sent: Sent) => void
}): Gateway {
  const cuts = new Map<string, 'silent' | 'null'>()
  const clocks = new Map<string, Duration>()
  let kept: SimulatedReading[] | undefined
  let count = 0
  return {
    site,
    say(point, value) {
      const cut = cuts.get(point.id)
      if (cut === 'silent') return
      count += 1
      const reading: SimulatedReading = {
        site: site.id,
        point: point.id,
        ts: now() + (clocks.get(point.id) ?? 0),
        value: cut ? null : value,
        quality: cut ? 'bad' : 'good',
        ref: `${site.id}-${run}-${count}`,
      }
      if (!kept) {
        send({ reading, sent: now() })
        return
      }
      kept.push(reading)
      if (kept.length > ROOM) kept.splice(0, ROOM / 10)
    },
    cut: (point, how) => void cuts.set(point, how),
    mend: (point) => void cuts.delete(point),
    astray: (point, ahead) => void (ahead === 0 ? clocks.delete(point) : clocks.set(point, ahead)),
    hold() {
      kept ??= []
    },
    release() {
      const out = kept ?? []
      kept = undefined
      for (const reading of out) send({ reading, sent: now() })
    },
  }
}
