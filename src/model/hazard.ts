/** Hazards (事故隐患): what an alarm, an inspection or a report found, until somebody else has verified that it is mended. */
import type { Severity } from './alarm.ts'
import type { Offset } from './entry.ts'
import type { Text } from './text.ts'
import type { Duration, Instant } from './time.ts'

/** Found, given to somebody (责任人), mended (整改), accepted by somebody else (验收), struck off the list (销号). */
export const HAZARD_STATES = ['open', 'assigned', 'rectified', 'verified', 'closed'] as const
export type HazardState = (typeof HAZARD_STATES)[number]

/** 重大, 一般. */
export const HAZARD_GRADES = ['major', 'general'] as const
export type HazardGrade = (typeof HAZARD_GRADES)[number]

/** A criterion of a pack, an inspection (检查), a report by the public (举报). */
export const HAZARD_SOURCES = ['alarm', 'inspection', 'report'] as const
export type HazardSource = (typeof HAZARD_SOURCES)[number]

/** Whose list it is on while it is supervised (挂牌督办), from the nearest on. */
export const SUPERVISION_LEVELS = ['county', 'city', 'province'] as const
export type SupervisionLevel = (typeof SUPERVISION_LEVELS)[number]

/** What people do to a hazard that is there. `lift`: 摘牌; `extend`: a later deadline (延期). */
export const HAZARD_ACTIONS = [
  'assign',
  'rectify',
  'verify',
  'reject',
  'close',
  'supervise',
  'lift',
  'extend',
  'reopen',
  'comment',
] as const
export type HazardAction = (typeof HAZARD_ACTIONS)[number]

/** Under what a hazard stands on a list of others. */
export interface Supervision {
  readonly level: SupervisionLevel
  /** Number of the order (督办文号). */
  readonly order: string
  readonly by: string
  readonly at: Instant
  readonly until?: Instant
}

/** What was done about it. */
export interface Rectification {
  readonly by: string
  readonly at: Instant
  readonly text: string
  /** SHA-256 of attachments, hex. */
  readonly evidence: readonly string[]
}

export interface Hazard {
  /** `{site}.{n}`: the n-th of its site, so that a replay names it the same. */
  readonly hazard: string
  readonly site: string
  readonly source: HazardSource
  readonly grade: HazardGrade
  readonly state: HazardState
  readonly text: Text
  readonly area?: string
  readonly opened: Instant
  /** Who found it; absent where an alarm did. */
  readonly by?: string
  readonly criterion?: string
  /** `{regulation}/{clause}`. */
  readonly clause?: string
  readonly alarm?: string
  /** How many rises of the alarm fell into its life. */
  readonly rises?: number
  /** The number another list knows it by: once a site. */
  readonly external?: string
  readonly owner?: string
  readonly deadline?: Instant
  readonly rectification?: Rectification
  readonly verified?: { readonly by: string; readonly at: Instant }
  readonly closed?: Instant
  readonly supervision?: Supervision
  /** Its deadline passed before it was mended. */
  readonly overdue: boolean
  /** Of its last step, from 1. */
  readonly revision: number
}

/** What changed a hazard: a command, or the ledger's own finding. `noted`: its alarm rose again. */
export type HazardCause = HazardAction | 'opened' | 'noted' | 'overdue' | 'in-time'

/** One step of a hazard's life, with what it was then: the only thing the list is made of. */
export interface HazardStep {
  /** `{hazard}/{revision}`: derived, so storing it twice is harmless. */
  readonly id: string
  readonly at: Instant
  readonly received: Instant
  readonly offset: Offset
  readonly cause: HazardCause
  readonly by?: string
  /** Words of who did it: a comment, a reason, what was mended. */
  readonly text?: string
  readonly hazard: Hazard
}

/** Which alarms are hazards, as a pack says it. */
export interface HazardCriterion {
  readonly id: string
  /** `{regulation}/{clause}`. */
  readonly clause?: string
  readonly title: Text
  readonly grade: HazardGrade
  /** From its opening on. */
  readonly deadline: Duration
  readonly match: {
    readonly rule?: readonly string[]
    readonly instance?: readonly string[]
    readonly severity?: readonly Severity[]
    readonly site?: readonly string[]
    /** The site's kind. */
    readonly kind?: readonly string[]
    /** Kind of the area that the alarm's key names. */
    readonly areaKind?: readonly string[]
  }
  /** Value against limit: at `factor` times the limit (`inclusive`: 以上 holds the number itself), or only beyond it. */
  readonly when?: { readonly factor: number; readonly inclusive: boolean }
  readonly confirmed: boolean
  readonly source?: string
  readonly note?: string
}

interface Given {
  readonly command: 'hazard'
  readonly site: string
  readonly by: string
  readonly ts: Instant
}

/** A hazard that an inspection or a report found. */
export interface HazardReport extends Given {
  readonly action: 'open'
  readonly source: Exclude<HazardSource, 'alarm'>
  readonly grade: HazardGrade
  readonly text: Text
  readonly area?: string
  readonly clause?: string
  readonly external?: string
  readonly owner?: string
  readonly deadline?: Instant
  /** When it was found; default: `ts`. */
  readonly opened?: Instant
}

/** What somebody does to a hazard. */
export interface HazardDeed extends Given {
  readonly action: HazardAction
  readonly hazard: string
  readonly text?: string
  readonly reason?: string
  /** `assign`: the new owner. */
  readonly to?: string
  /** `assign`, `extend`. */
  readonly deadline?: Instant
  /** `rectify`: SHA-256 of attachments. */
  readonly evidence?: readonly string[]
  readonly level?: SupervisionLevel
  readonly order?: string
  /** `supervise`: until then. */
  readonly until?: Instant
}

export type HazardCommand = HazardReport | HazardDeed

/** Site of a hazard's id. */
export function siteOfHazard(hazard: string): string {
  return hazard.slice(0, Math.max(0, hazard.lastIndexOf('.')))
}
