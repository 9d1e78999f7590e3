/** What `over-crew` remembers of a site. */
import type { EntryRef } from '../../model/entry.ts'
import type { Scope } from '../../model/rule.ts'
import type { Area } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Statement } from '../statement.ts'
import type { Change } from '../timeline.ts'
import type { OverCrewParams } from './params.ts'

/** One area of those the item is for. */
export interface Face {
  readonly area: Area
  /** Ids of those in it and its sub-areas at `judged`. */
  inside: Set<string>
  /** Ids of those who were, in the running shift. */
  counted: Set<string>
  /** Event time up to which it has been judged. */
  judged: Instant
  /** The latest entry since then. */
  entered: EntryRef | undefined
  /** The sighting that took it over the limit; absent where the limit came down on them. */
  over: EntryRef | undefined
  statement: Statement
}

/** Somebody entered or left a face. */
export interface Delta extends Change {
  /** Index into `faces`. */
  readonly face: number
  readonly enters: boolean
  readonly evidence: EntryRef
}

export interface State {
  readonly scope: Scope<OverCrewParams>
  readonly faces: readonly Face[]
  /** Moves later than the site's news is complete. */
  readonly open: Delta[]
  /** The running shift, with its beginning; empty between shifts. */
  turn: string
  /** The next change of regime. */
  change: Instant
}
