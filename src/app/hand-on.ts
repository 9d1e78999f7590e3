/** What becomes of a judged batch: the live view, the figures, history, the ways up, and at last publication. */
import type { StreamedTransition } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { Clock } from './clock.ts'
import type { Forward } from './forward.ts'
import type { HazardFeed } from './hazard-feed.ts'
import type { Heard } from './heard.ts'
import type { HistoryFeed } from './history-feed.ts'
import type { Latency } from './latency.ts'
import type { Live } from './live.ts'
import type { Publisher } from './publisher.ts'
import type { Judged } from './sequencer.ts'
import type { Snapshooter } from './snapshooter.ts'
import type { Tally } from './tally.ts'

export interface HandOnParts {
  readonly clock: Pick<Clock, 'now'>
  readonly live: () => Pick<Live, 'note'>
  readonly heard: Pick<Heard, 'note'>
  readonly tally: Pick<Tally, 'readings' | 'ruleFault'>
  readonly reportClocks: (readings: readonly Reading[]) => void
  readonly feed: Pick<HistoryFeed, 'add'>
  readonly opcua: { note(readings: readonly Reading[]): void } | undefined
  readonly forwards: () => readonly Pick<Forward, 'wake'>[]
  readonly latency: Pick<Latency, 'note'>
  /** Sites that a batch touched, if any. */
  readonly onSites: (sites: ReadonlySet<string>) => void
  readonly hazards: Pick<HazardFeed, 'put'>
  readonly publisher: Pick<Publisher, 'publish'>
  readonly snapshooter: () => Pick<Snapshooter, 'judged'>
}

/** Called by the sequencer for each batch, in order; resolves once what was told is stored. */
export function createHandOn(parts: HandOnParts): (judged: Judged) => Promise<readonly StreamedTransition[]> {
  const { clock, live, heard, tally, feed, latency, hazards, publisher, snapshooter } = parts
  return ({ transitions, readings, hazards: steps, offset, arrived, journaled }) => {
    const sites = live().note(readings)
    for (const reading of readings) heard.note(reading)
    tally.readings(readings)
    parts.reportClocks(readings)
    feed.add(readings, offset)
    parts.opcua?.note(readings)
    for (const forward of parts.forwards()) forward.wake()
    const now = clock.now()
    const first = readings[0]
    if (first) latency.note('arrival', Math.max(0, arrived - first.ts))
    latency.note('journal', journaled - arrived)
    latency.note('judgement', now - journaled)
    if (sites.size > 0) parts.onSites(sites)
    const kept = steps.length > 0 ? hazards.put(steps) : undefined
    if (transitions.length === 0) {
      snapshooter().judged(offset)
      return Promise.resolve(kept).then(() => [])
    }
    for (const { rule, cause } of transitions) if (rule === 'rule-fault' && cause === 'raised') tally.ruleFault()
    const published = publisher.publish(transitions)
    // After its projections were given the batch: a snapshot waits for what they hold by then.
    snapshooter().judged(offset)
    return published.then(async (streamed) => {
      await kept
      latency.note('publication', clock.now() - now)
      return streamed
    })
  }
}
