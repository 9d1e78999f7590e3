/** The shift log (交接班记录): who handed a desk to whom, in what words, and what stood at that moment. */
import type { AlarmState, Severity } from '../model/alarm.ts'
import type { HandoverCommand } from '../model/command.ts'
import type { Instant } from '../model/time.ts'
import type { AlarmNode } from './alarm-node.ts'
import type { Refused } from './commands.ts'

/** Entries kept; all of them are in the journal. */
const KEPT = 500
/** Standing alarms listed an entry; the count is exact. */
const LISTED = 200

export interface HandedOn {
  readonly alarm: string
  readonly episode: number
  readonly state: AlarmState
  readonly severity: Severity
}

export interface Handover {
  readonly desk: string
  readonly at: Instant
  readonly by: string
  readonly outgoing: string
  readonly incoming: string
  readonly text: string
  /** Alarms that were active or not yet acknowledged. */
  readonly standing: readonly HandedOn[]
  readonly count: number
}

export interface Handovers {
  /** `standing`: what stands at the desk, worst first. */
  add(command: HandoverCommand, standing: readonly AlarmNode[]): Refused | undefined
  /** Oldest first. */
  list(): readonly Handover[]
}

export function createHandovers(saved: readonly Handover[] = []): Handovers {
  let entries = saved
  return {
    add({ desk, outgoing, incoming, text, by, ts }, standing) {
      if (outgoing === '' || incoming === '' || outgoing === incoming) {
        return { code: 'handover-same', message: `desk ${desk} is handed over from one person to another` }
      }
      const handed = standing
        .slice(0, LISTED)
        .map(({ alarm, episode, state, severity }) => ({ alarm, episode, state, severity }))
      const entry = { desk, at: ts, by, outgoing, incoming, text, standing: handed, count: standing.length }
      entries = [...entries, entry].slice(-KEPT)
      return undefined
    },
    list: () => entries,
  }
}
