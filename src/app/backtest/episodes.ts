/** Episodes of alarms (报警时段) as a back-test compares them: when each began and ended in event time, and how bad it was. */
import { SEVERITIES, type Severity, type Transition } from '../../model/alarm.ts'
import type { Text } from '../../model/text.ts'
import type { Instant } from '../../model/time.ts'

/** One rise of one alarm until it returned to normal. What people did to it (acknowledge, shelve) does not count. */
export interface AlarmEpisode {
  readonly alarm: string
  readonly site: string
  readonly rule: string
  readonly instance: string
  readonly key: string
  readonly clause?: string
  /** The worst it reached. */
  readonly severity: Severity
  readonly raised: Instant
  /** Absent: still up at the end of the fold. */
  readonly cleared?: Instant
  /** Found in a backlog, at this instant of the arrival clock: it was never live, and how long it lasted is not told. */
  readonly found?: Instant
  /** At the rise. */
  readonly value?: number
  readonly limit?: number
  readonly text: Text
}

export interface Episodes {
  /** Transitions in the order in which the fold gave them. */
  take(transitions: readonly Transition[]): void
  /** In order of rise, then of alarm. */
  list(): readonly AlarmEpisode[]
}

/** Collects episodes; holds no readings, so a year of alarms fits into memory. */
export function createEpisodes(): Episodes {
  const all: AlarmEpisode[] = []
  /** Position in `all` of what is up, by alarm. */
  const open = new Map<string, number>()

  function take(transition: Transition): void {
    const { alarm, cause, at, severity } = transition
    if (cause === 'raised') {
      open.set(alarm, all.length)
      all.push(episodeOf(transition))
      return
    }
    if (cause === 'retrospective') {
      // Even within an episode that is up: what is told is another time, before it.
      all.push({ ...episodeOf(transition), cleared: at, found: transition.received })
      return
    }
    const position = open.get(alarm)
    const episode = position === undefined ? undefined : all[position]
    if (!episode || position === undefined) return
    if (cause === 'cleared') {
      all[position] = { ...episode, cleared: at }
      open.delete(alarm)
    } else if (worse(severity, episode.severity)) {
      all[position] = { ...episode, severity }
    }
  }

  return {
    take(transitions) {
      for (const transition of transitions) take(transition)
    },
    list: () => all.toSorted(inTime),
  }
}

/** By rise, then by alarm, by code unit. */
export function inTime(a: AlarmEpisode, b: AlarmEpisode): number {
  return a.raised - b.raised || (a.alarm < b.alarm ? -1 : a.alarm > b.alarm ? 1 : 0)
}

export function worse(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b)
}

function episodeOf(t: Transition): AlarmEpisode {
  return {
    alarm: t.alarm,
    site: t.site,
    rule: t.rule,
    instance: t.instance,
    key: t.key,
    ...(t.clause !== undefined && { clause: t.clause }),
    severity: t.severity,
    raised: t.at,
    ...(t.value !== undefined && { value: t.value }),
    ...(t.limit !== undefined && { limit: t.limit }),
    text: t.text,
  }
}
