/** What is known of a site's welding (焊接), whatever rule asks: sessions, arcs and hot-work permits. */
import type { PermitCommand, PermitGrade } from './command.ts'
import type { EntryRef } from './entry.ts'
import { DAY, type Duration, type Instant } from './time.ts'

/** No permit holds longer, whatever it or a rule item says: so long those without an end are remembered, wherever that is done. */
export const LONGEST_PERMIT: Duration = 31 * DAY

/** `unknown`: the chip has not been heard since the journal began. */
export type Lock = 'unknown' | 'scanned' | 'unlocked' | 'locked'

/** What a machine's chip has said of its session, up to some instant. */
export interface Session {
  lock: Lock
  /** Event time of the last lock. */
  lockedAt: Instant
  /** The step that made the lock what it is. */
  step?: EntryRef
  /** Who last scanned, for an unlock that names nobody, and the scan. */
  scanned?: string
  scan?: EntryRef
  /** The running session's unlock or start, and whose it is; absent when locked, unless the word of the lock was doubtful. */
  opened?: EntryRef
  person?: string
  /** The step that named the person: `opened` itself, or one before it. */
  named?: EntryRef
  /** The hot-work permit that the session names. */
  permit?: string
  /** The last unlock or start since then whose word was doubtful: it opens nothing, but may show that somebody works who should not. */
  doubted?: EntryRef
}

/** A hot-work permit (动火作业票) as the commands have left it; `area` by its id, so that a snapshot is the thing itself. */
export interface Permit {
  readonly id: string
  readonly area?: string
  readonly machine?: string
  readonly from: Instant
  readonly until?: Instant
  readonly tested?: Instant
  readonly limit?: number
  readonly grade?: PermitGrade
}

/** A further command says only what changes. A permit that says no beginning holds from its first command on. */
export function amended(before: Permit | undefined, command: PermitCommand): Permit {
  const { permit: id, area, machine, from, until, tested, limit, grade } = command
  return {
    ...before,
    id,
    from: from ?? before?.from ?? command.ts,
    ...(area !== undefined && { area }),
    ...(machine !== undefined && { machine }),
    ...(until !== undefined && { until }),
    ...(tested !== undefined && { tested }),
    ...(limit !== undefined && { limit }),
    ...(grade !== undefined && { grade }),
  }
}

/** The first instant at which it no longer holds, if no rule item ends it earlier. */
export function permitEnd({ from, until }: Permit): Instant {
  const longest = from + LONGEST_PERMIT
  return Math.min(until ?? longest, longest)
}

/** What is known of one machine. */
export interface MachineFacts {
  readonly session: Readonly<Session>
  /** The last word of each of its currents that has one. */
  readonly currents: ReadonlyMap<string, EntryRef>
  /** Event times of the first and the last arc of the present work. */
  readonly work?: { readonly from: Instant; readonly last: Instant }
}

/** Facts of the site, not of a rule item: kept once by the engine in the order of arrival, so that an item that begins finds them. */
export interface Welding {
  machine(id: string): MachineFacts | undefined
  /** Permits that are not closed, those that ended within the last day included. */
  permits(): Iterable<Permit>
}
