/** What the house asks of the list of hazards: a projection of the ledger's steps. */
import type { Hazard, HazardGrade, HazardState, HazardStep } from './hazard.ts'
import type { Instant } from './time.ts'

export interface HazardQuery {
  readonly state?: readonly HazardState[]
  /** Any of these sites; absent: all. */
  readonly sites?: readonly string[]
  readonly grade?: readonly HazardGrade[]
  readonly overdue?: boolean
  readonly cursor?: string
  /** Default 100, at most 1000. */
  readonly limit?: number
}

/** Hazards of one site, grade and state. */
export interface HazardCount {
  readonly site: string
  readonly grade: HazardGrade
  readonly state: HazardState
  readonly count: number
  readonly overdue: number
  readonly supervised: number
  /** Of closed ones: the sum of milliseconds from opening to closing. */
  readonly open: number
}

export interface HazardStore {
  /** Idempotent by the step's id. */
  put(steps: readonly HazardStep[]): Promise<void>
  /** Newest opening first. Rejects with `cursor-unreadable`. */
  list(query: HazardQuery): Promise<{ readonly items: readonly Hazard[]; readonly next?: string }>
  get(hazard: string): Promise<Hazard | undefined>
  /** Every step, oldest first. */
  steps(hazard: string): Promise<readonly HazardStep[]>
  /** Of these numbers of another list, those that the site's hazards already have. */
  known(query: { readonly site: string; readonly external: readonly string[] }): Promise<readonly string[]>
  counts(): Promise<readonly HazardCount[]>
  /** How many of a site were opened, closed and found overdue in a time; `to` excluded. */
  between(query: {
    readonly site: string
    readonly from: Instant
    readonly to: Instant
  }): Promise<{ readonly opened: number; readonly closed: number; readonly overdue: number }>
}
