/** The `Service` that a running Davylamp offers to its API: sequencer, publisher and live view behind one face. */

import type { AlarmKpis } from '../model/alarm-kpi.ts'
import type { Command } from '../model/command.ts'
import { DavyError, type RefusalCode } from '../model/errors.ts'
import type { HazardStore } from '../model/hazard-store.ts'
import type { PastReadings } from '../model/past-readings.ts'
import type { AlarmStore, DeadLetters, History, Source } from '../model/ports.ts'
import type { Installation } from '../model/site.ts'
import type { Duration } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { Forward } from './forward.ts'
import { sendUpAgain } from './forwards.ts'
import type { HttpSources } from './http-sources.ts'
import type { JournalWork } from './journal-work.ts'
import type { Latency } from './latency.ts'
import type { Live } from './live.ts'
import type { Notifications } from './notify/notifications-port.ts'
import type { Publisher } from './publisher.ts'
import type { Sequencer } from './sequencer.ts'
import type { Service, SourceView, SubmitReport } from './service.ts'
import type { Tally } from './tally.ts'
import type { Admit } from './waiting.ts'

export interface ServiceParts {
  readonly clock: Clock
  readonly installation: () => Installation
  readonly sequencer: Sequencer
  readonly publisher: Publisher
  readonly live: () => Live
  readonly latency: Latency
  readonly tally: Tally
  readonly alarms: AlarmStore
  readonly hazards: HazardStore
  readonly kpis: AlarmKpis
  readonly notifications: Notifications
  readonly letters: DeadLetters
  readonly history: History & PastReadings
  readonly work: JournalWork
  readonly sources: () => readonly { readonly adapter: string; readonly source: Source }[]
  readonly pushed: HttpSources
  readonly forwards: () => readonly Forward[]
  readonly ready: () => boolean
  readonly configuration: Service['configuration']
  readonly disk: Service['disk']
  /** Calls back with the sites each judged batch touched. */
  readonly onSites: (listener: (sites: ReadonlySet<string>) => void) => () => void
}

const encoder = new TextEncoder()
/** Bytes of a reading that waits, about. */
const READING = 256

export function createService(parts: ServiceParts): Service {
  const { clock, installation, sequencer, publisher, live, latency, tally, alarms, letters, history } = parts

  async function submit(site: string, readings: readonly unknown[], source: string): Promise<SubmitReport> {
    const refused: { index: number; code: RefusalCode; detail: string }[] = []
    let accepted = 0
    let duplicates = 0
    if (sequencer.full()) {
      const remedy = 'send it again after a while: nothing of it was taken'
      throw new DavyError('busy', { message: 'more readings wait for the journal than may', remedy })
    }
    const put: Admit = (door, at, batch) => {
      batch.newest = Number.NEGATIVE_INFINITY
      readings.forEach((item, index) => {
        const named = typeof item === 'object' && item !== null && !Array.isArray(item)
        const declared = named ? (item as { site?: unknown }).site : undefined
        const outcome =
          declared !== undefined && declared !== site
            ? {
                code: 'topic-forbidden' as const,
                detail: `the reading names ${typeof declared === 'string' ? `site ${JSON.stringify(declared.slice(0, 60))}` : `a site that is ${typeof declared}`}, the address ${site}`,
              }
            : door.admitObject(named ? { ...item, site } : item, at, batch)
        if (outcome === 'accepted') accepted += 1
        else if (outcome === 'duplicate') duplicates += 1
        else {
          const { code, detail } = outcome
          refused.push({ index, code, detail })
          const payload = written(item)
          batch.letters.push({ source, topic: `davy/v1/${site}`, payload, at, code, detail })
        }
      })
      parts.pushed.heard(source, { site, points: namesOf(readings), at })
      tally.frame(source, { accepted, duplicates, refused: refused.length, newest: batch.newest, at })
    }
    await sequencer.take(put, readings.length * READING)
    return { accepted, duplicates, refused }
  }

  return {
    now: () => clock.now(),
    installation,
    ready: parts.ready,
    configuration: parts.configuration,
    disk: parts.disk,
    crew: (site) => sequencer.fold().engine()?.crew(site),
    areas: (site) =>
      live().areas(site, {
        now: clock.now(),
        engine: sequencer.fold().engine(),
        standing: publisher.standing(site.id),
      }),
    point(id, pointId) {
      const view = live().point(id, pointId, clock.now())
      const site = installation().sites.get(id)
      const ahead = site && sequencer.fold().judge.report(site).ahead.get(pointId)
      return ahead ? { ...view, clockAhead: ahead.by } : view
    },
    standing: (site) => publisher.standing(site),
    quality: (site) => tally.quality(site, clock.now()),
    limit: (area, at) => live().limit(area, at),
    hushed: () =>
      sequencer
        .fold()
        .desk.standing()
        .map(({ alarm, shelved, suppressed, outOfService }) => ({
          alarm,
          shelved: shelved !== undefined,
          suppressed: suppressed !== undefined,
          outOfService: outOfService !== undefined,
        })),
    windows: (site) => sequencer.fold().desk.windows(site),
    outOfService: (site) =>
      sequencer
        .fold()
        .desk.outOfService(site)
        .map(({ alarm, state, text, outOfService }) => ({ alarm, state, text, hush: outOfService! })),
    remarks: (alarm) => sequencer.fold().desk.find(alarm)?.remarks ?? [],
    handovers: () => sequencer.fold().desk.handovers(),
    sources(): readonly SourceView[] {
      const now = clock.now()
      const configured = parts.sources().map(({ adapter, source }) => {
        const notices = source.notices?.() ?? {}
        return { name: source.name, adapter, link: source.link(), notices, counters: tally.source(source.name, now) }
      })
      const pushed = parts.pushed.views(now)
      return [...configured, ...pushed.map((one) => ({ ...one, notices: {}, counters: tally.source(one.name, now) }))]
    },
    forwards: () => parts.forwards().map((forward) => forward.view()),
    counters: () => ({
      ...tally.totals(),
      transitions: publisher.published(),
      journalOffset: sequencer.offset(),
      latency: latency.quantiles(),
    }),
    submit,
    command(command: Command) {
      return sequencer.command(command)
    },
    async replayLetter(id) {
      const letter = await letters.get(id)
      if (!letter) return undefined
      if (letter.code === 'forward-too-large') {
        const detail = await sendUpAgain(letter, parts.forwards())
        if (detail !== undefined)
          return { accepted: 0, duplicates: 0, refused: [{ index: 0, code: letter.code, detail }] }
        await letters.markReplayed(id)
        return { accepted: 1, duplicates: 0, refused: [] }
      }
      const refused: { index: number; code: RefusalCode; detail: string }[] = []
      const counts = { accepted: 0, duplicates: 0, refused: 0 }
      await sequencer.take((door, at, batch) => {
        const before = batch.letters.length
        Object.assign(counts, door.admit({ ...letter, arrived: letter.at }, at, batch))
        // What is refused again is this letter still, not another one.
        for (const again of batch.letters.splice(before))
          refused.push({ index: refused.length, code: again.code, detail: again.detail })
      })
      if (counts.refused === 0) await letters.markReplayed(id)
      return { accepted: counts.accepted, duplicates: counts.duplicates, refused }
    },
    evidence: parts.work.evidence,
    backtest: parts.work.backtest,
    alarms,
    hazards: parts.hazards,
    kpis: parts.kpis,
    notifications: parts.notifications,
    letters,
    history,
    onTransitions: (listener) => publisher.onTransitions(listener),
    onChange(listener, every: Duration) {
      let pending = new Set<string>()
      const forget = parts.onSites((sites) => {
        for (const site of sites) pending.add(site)
      })
      const timer = clock.every(every, () => {
        if (pending.size === 0) return
        const sites = pending
        pending = new Set()
        listener(sites)
      })
      return () => {
        timer.cancel()
        forget()
      }
    },
  }
}

/** Points that a batch names, declared or not. */
function* namesOf(readings: readonly unknown[]): Generator<string> {
  for (const item of readings) {
    const point = (item as { point?: unknown } | null | undefined)?.point
    if (typeof point === 'string') yield point
  }
}

/** A refused item as it came, at most 64 KiB of it. */
function written(item: unknown): Uint8Array {
  try {
    return encoder.encode(JSON.stringify(item) ?? 'null').slice(0, 65_536)
  } catch {
    // Nested deeper than the stack: parsing takes it, writing does not.
    return encoder.encode('null')
  }
}
