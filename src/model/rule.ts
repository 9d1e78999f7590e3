/** What a rule is: a pure fold over judged readings, movements of people, and ticks it asked for. */
import type { TSchema } from 'typebox'
import type { Severity, Truth } from './alarm.ts'
import type { LinkCommand, PermitCommand } from './command.ts'
import type { Crew, Move } from './crew.ts'
import type { EntryRef } from './entry.ts'
import type { Handling } from './handling.ts'
import type { Json } from './json.ts'
import type { KeyKind } from './key.ts'
import type { Point, PointKind } from './point.ts'
import type { Reading } from './reading.ts'
import type { Area, Regulation, Site } from './site.ts'
import type { Text } from './text.ts'
import type { Duration, Instant } from './time.ts'
import type { Welding } from './welding.ts'

/** One `rules:` item of a pack, checked and defaulted. */
export interface RuleInstance<P = unknown> {
  /** Dense over the installation. Changes with the configuration: never stored. */
  readonly index: number
  readonly id: string
  /** The rule's name: its folder, its word in the configuration, its anchor in the docs. */
  readonly rule: string
  readonly regulation: Regulation
  readonly clause?: string
  readonly match: Match
  readonly severity: Severity
  readonly raiseAfter: Duration
  readonly clearAfter: Duration
  /** Only in shifts of this kind of work. */
  readonly work?: string
  readonly params: P
  /** What becomes of its alarms once they are raised. */
  readonly handling?: Handling
  /** What the item says of itself and no rule judges by: `title`, `confirmed`, `source`, `note`. For reference and coverage. */
  readonly attributes?: Readonly<Record<string, unknown>>
  /** SHA-256 of the normalised item: the rule's version in evidence. */
  readonly hash: string
  /** SHA-256 of that part of it which the rule's state rests on: while it is the same, the state goes on. */
  readonly lineage: string
}

/** In place of a hash and a lineage: the version of what the service raises of its own accord, by no item of a pack. */
export const BUILT_IN = 'built-in'

/** Wanted value, or list of values, of declared attributes. Empty: everything the rule can judge. */
export type Match = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>

/** What one partition of one rule instance may know. */
export interface Scope<P> {
  readonly site: Site
  readonly instance: RuleInstance<P>
  readonly params: P
  /** The point, where the rule partitions by point. */
  readonly point?: Point
  /** The site's matched points of the kinds the rule watches (one, where it partitions by point). */
  readonly points: readonly Point[]
  /** The site's matched areas, where the rule is keyed by area. */
  readonly areas: readonly Area[]
  /** Who is where, kept by the engine and up to date before each call. */
  readonly crew: Crew
  /** Sessions, arcs and permits, kept by the engine: what an item that begins finds. */
  readonly welding: Welding
  /** When the journal began: from then on, not having been heard counts. */
  readonly began: Instant
  /** Every item of the installation, whatever its rule: what one rule may need to know of another (the levels of `limit`, say). */
  readonly instances: readonly RuleInstance[]
}

/** A rule's voice. Valid during the call only. */
export interface Out {
  /** The arrival clock of the entry being judged. */
  readonly now: Instant
  /** Event time up to which the site's news is complete: `now` less the disorder seen lately, at most `lateAfter`. */
  readonly settled: Instant
  condition(condition: Stated): void
  /** Asks for `wake` at the first tick at or after `at` (arrival clock). One a partition: the earliest asked for since the last wake. */
  wakeAt(at: Instant): void
}

/** A condition as the rule states it; the engine adds the site and the instance. */
export interface Stated {
  readonly key: string
  readonly truth: Truth
  readonly at: Instant
  /** Default: the instance's. */
  readonly severity?: Severity
  readonly value?: number
  readonly limit?: number
  readonly text: Text
  readonly evidence: readonly EntryRef[]
  readonly raiseAfter?: Duration
  readonly clearAfter?: Duration
  readonly elapsed?: boolean
}

/** A fold: no clock, no I/O, no chance. State is the rule's own and may be changed in place. */
export interface Rule<P = unknown, S = unknown> {
  readonly name: string
  readonly title: Text
  /** What the alarm's key names; by it, too, who is named in it. */
  readonly key: KeyKind
  readonly watches: readonly PointKind[]
  /** Kinds heard from the whole site, whatever `match` says of the watched ones. */
  readonly hears?: readonly PointKind[]
  /** Rules whose items it reads in `Scope.instances`: a change of theirs is one of its own. */
  readonly reads?: readonly string[]
  /** `match` looks at areas or at points. */
  readonly matches: 'areas' | 'points'
  /** What must be judged in one order: one state a site where people move, one a point elsewhere. */
  readonly partition: 'site' | 'point'
  /** It looks at the shift calendar, and at the item's `work`, itself. What the others say holds in the shifts of `work` only. */
  readonly calendar?: true
  /** How late readings are judged again. Default: together with what was live meanwhile, as far as that is remembered.
   *  `remembered`: only where it is, for what was not heard counts. `alone`: live readings are remembered too coarsely for it.
   *  `never`: it speaks of nothing but what was not heard. */
  readonly hindsight?: 'remembered' | 'alone' | 'never'
  /** Values of watched points at which what it says may change: remembered readings are kept apart there. */
  edges?(params: P): readonly number[]
  /** What may change of an item while its state goes on (docs/decisions/022): `match`, where `load` and `redeclared` take in what it
   *  has only now and let go of what it has no more; `numbers`, parameters and delays, where the state is what was measured or counted,
   *  and the next word judges it by the new ones. Default: neither, and the item begins anew. */
  readonly outlives?: readonly ('match' | 'numbers')[]
  /** Delays, where the instance gives none. */
  readonly defaults: { readonly raiseAfter: Duration; readonly clearAfter: Duration; readonly severity: Severity }
  /** The parameters, beside those every rule has: type, default, check, documentation and JSON schema in one. */
  readonly params: TSchema
  /** Durations among the parameters are written `90s` and reach the rule in milliseconds. */
  begin(scope: Scope<P>, out: Out): S
  /** A live or early reading of a watched, matched point; any quality. */
  reading?(state: S, reading: Reading, out: Out): void
  /** Somebody of the site came, went or changed places. */
  move?(state: S, move: Move, out: Out): void
  wake?(state: S, out: Out): void
  permit?(state: S, permit: PermitCommand, out: Out): void
  /** A source that serves the site was lost, or is there again. */
  link?(state: S, link: LinkCommand, out: Out): void
  /** The state was saved while sites, the item, or items that it `reads` were others: what is so now is said now. */
  redeclared?(state: S, out: Out): void
  save(state: S): Json
  /** The state `save` wrote, in the scope of today. */
  load(saved: Json, scope: Scope<P>): S
}

/** Evidence of a reading. */
export function entryRef(reading: Reading): EntryRef {
  const { point, value, ref } = reading
  const ts = reading.claimed ?? reading.ts
  return ref === undefined ? { point, ts, value } : { point, ts, value, ref }
}
