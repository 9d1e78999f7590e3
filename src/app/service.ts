/** The running service as its API, its page and its tests see it. */
import type { Handover } from '../alerts/handovers.ts'
import type { AlarmState, Hush, Remark, Severity } from '../model/alarm.ts'
import type { AlarmKpis } from '../model/alarm-kpi.ts'
import type { Command, WindowCommand } from '../model/command.ts'
import type { Crew } from '../model/crew.ts'
import type { RefusalCode } from '../model/errors.ts'
import type { HazardStep } from '../model/hazard.ts'
import type { HazardStore } from '../model/hazard-store.ts'
import type { PastReadings } from '../model/past-readings.ts'
import type {
  AlarmRecord,
  AlarmStore,
  DeadLetters,
  History,
  Link,
  LinkState,
  StreamedTransition,
} from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { Area, Installation, Site } from '../model/site.ts'
import type { Text } from '../model/text.ts'
import type { Duration, Instant } from '../model/time.ts'
import type { ConfigurationView } from './configuration-state.ts'
import type { DataQuality } from './data-quality.ts'
import type { DiskView } from './disk/watch.ts'
import type { Applied } from './fold.ts'
import type { ForwardView } from './forward.ts'
import type { JournalWork } from './journal-work.ts'
import type { Notifications } from './notify/notifications-port.ts'
import type { PushState } from './push-states.ts'

/** What became of a submitted batch; good readings are taken even where others are refused. */
export interface SubmitReport {
  readonly accepted: number
  readonly duplicates: number
  readonly refused: readonly { readonly index: number; readonly code: RefusalCode; readonly detail: string }[]
}

/** `refusal` is set where the command changed nothing. */
export interface CommandReport {
  readonly transitions: readonly StreamedTransition[]
  readonly refusal?: Applied['refusal']
  readonly hazards?: readonly HazardStep[]
}

export interface AreaView {
  readonly area: Area
  /** Distinct persons in the area and its sub-areas. */
  readonly count: number
  /** The over-crew limit that holds now, where a rule sets one for this area in this shift. */
  readonly limit?: number
  readonly worst?: Severity
  /** `unwatched`: people or machines at work and a required camera or gas point missing; `blind`: the same with nobody at work. */
  readonly monitoring: 'watched' | 'blind' | 'unwatched' | 'unequipped'
}

export interface PointView {
  /** Last live reading of any quality. */
  readonly reading?: Reading
  readonly lastGood?: Instant
  /** The point's clock runs ahead of arrival by this much: its readings count as uncertain until it is set. */
  readonly clockAhead?: Duration
  readonly state: 'unknown' | 'live' | 'late' | 'silent' | 'bad' | 'calibrating' | 'out-of-service'
}

export interface SourceView {
  readonly name: string
  readonly adapter: string
  /** Absent: it serves every site. */
  readonly site?: string
  readonly link: Omit<Link, 'state'> & { readonly state: LinkState | PushState }
  readonly notices: Readonly<Record<string, number>>
  readonly counters: {
    readonly frames: number
    readonly readings: number
    readonly duplicates: number
    readonly refused: number
    /** Arrival of the last message. */
    readonly heard?: Instant
    /** Least distance of its newest readings behind arrival over the last minutes; below zero its clock runs ahead. */
    readonly lag?: Duration
  }
}

export interface Counters {
  readonly readings: number
  readonly duplicates: number
  readonly late: number
  readonly early: number
  readonly bad: number
  readonly refused: Readonly<Partial<Record<RefusalCode, number>>>
  readonly transitions: number
  readonly ruleFaults: number
  readonly journalOffset: number
  /** Milliseconds; quantiles over the last minute of measured → journaled → judged → published. */
  readonly latency: Readonly<Record<string, number>>
}

export interface Service {
  now(): Instant
  installation(): Installation
  ready(): boolean
  /** What is in force of the files, and what is not. */
  configuration(): ConfigurationView
  /** What room the data folder's disk has left. */
  disk(): DiskView
  crew(site: string): Crew | undefined
  areas(site: Site): readonly AreaView[]
  point(site: string, id: string): PointView
  /** What the site's readings of the last hour were worth. */
  quality(site: string): DataQuality
  /** Active or unacknowledged alarms, worst first. */
  standing(site?: string): readonly AlarmRecord[]
  /** Standing alarms, and what keeps them from people. */
  hushed(): readonly {
    readonly alarm: string
    readonly shelved: boolean
    readonly suppressed: boolean
    readonly outOfService: boolean
  }[]
  /** Declared windows of a site that have not ended. */
  windows(site: string): readonly WindowCommand[]
  /** Alarms of a site that are out of service, standing or not. */
  outOfService(
    site: string,
  ): readonly { readonly alarm: string; readonly state: AlarmState; readonly text: Text; readonly hush: Hush }[]
  /** What people noted on an alarm, oldest first: a bounded number. */
  remarks(alarm: string): readonly Remark[]
  /** The shift log, oldest first: a bounded number. */
  handovers(): readonly Handover[]
  sources(): readonly SourceView[]
  /** Ways up, and how far each peer is behind. */
  forwards(): readonly ForwardView[]
  counters(): Counters
  /** A batch for one site, each item a reading with `point`; resolves once durable. `source` names who sent it. Rejects with `busy`, and
   *  takes nothing, where too much waits already. */
  submit(site: string, readings: readonly unknown[], source: string): Promise<SubmitReport>
  /** Journals the command and resolves once it was judged. */
  command(command: Command): Promise<CommandReport>
  /** Takes a dead letter in again; the report says whether it is mended. */
  replayLetter(id: number): Promise<SubmitReport | undefined>
  /** The sealed evidence of an alarm's episode (default: the latest), judged again on a thread of its own. */
  evidence: JournalWork['evidence']
  /** What a changed rule item would have raised, against what was raised; on a thread of its own. */
  backtest: JournalWork['backtest']
  readonly alarms: AlarmStore
  readonly hazards: HazardStore
  readonly kpis: Pick<AlarmKpis, 'figures' | 'reader'>
  readonly notifications: Notifications
  readonly letters: DeadLetters
  readonly history: History & PastReadings
  /** The lowest over-crew limit of an area in force at an instant. */
  limit(area: Area, at: Instant): number | undefined
  /** Calls back with each batch once it is in the alarm store. Returns the way to stop. */
  onTransitions(listener: (batch: readonly StreamedTransition[]) => void): () => void
  /** Calls back at most every `every` with the sites whose counts or links changed. */
  onChange(listener: (sites: ReadonlySet<string>) => void, every: Duration): () => void
}
