/** How alarms are handled once they are raised (ISA-18.2): what a rule item asks for, what suppresses what, and the desk's practice. */
import type { Match } from './rule.ts'
import { type Duration, MINUTE } from './time.ts'

/** Chattering (抖动): so many rises and returns within so long. */
export interface Chatter {
  readonly transitions: number
  readonly within: Duration
}

/** What a rule item asks of its alarms' life. */
export interface Handling {
  /** After acknowledgement and return it stays until somebody confirms that what was wrong is put right. */
  readonly confirm?: boolean
  /** It stays, looking active, until it is acknowledged after the end of its condition, or reset. */
  readonly latch?: boolean
  /** A clause asks for it: only a supervisor shelves it, and nothing but a declared, witnessed window suppresses it. */
  readonly statutory?: boolean
  /** While it is active it is told again this often. */
  readonly realarm?: Duration
  readonly chatter?: Chatter
}

/** Suppression by design (设计抑制): while one alarm stands, its consequences are not told. */
export interface Suppression {
  readonly id: string
  /** The cause: a rule or a rule item, and the key where only one is meant. */
  readonly while: { readonly rule: string; readonly key?: string }
  /** The consequences: a rule or a rule item, and what the area or point they are about must be. */
  readonly alarms: { readonly rule: string; readonly match: Match }
  /** What cause and consequence have in common: `site`, `area` (the consequence lies in the cause's), `point`, or an attribute of the
   *  consequence's area or point whose value is the cause's key. */
  readonly same: string
}

/** A flood (报警洪泛): from so many rises within so long, until there are fewer than that. */
export interface Flood {
  readonly from: number
  readonly until: number
  readonly within: Duration
}

/** What the duty desks hold to, where a rule item does not say otherwise. */
export interface Practice {
  readonly chatter: Chatter
  /** An alarm is first-up where none rose in its area for so long before it. */
  readonly firstUp: Duration
  readonly flood: Flood
}

/** IEC 62682 and ISA-18.2 as others quote them, not checked against their texts. */
export const PRACTICE: Practice = {
  chatter: { transitions: 3, within: MINUTE },
  firstUp: MINUTE,
  flood: { from: 10, until: 5, within: 10 * MINUTE },
}
