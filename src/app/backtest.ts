/** Back-test (试算): the alarms that were raised against those that other rules or limits would have raised. */
import type { Severity } from '../model/alarm.ts'
import { DAY, type Duration, type Instant, zoneOffset } from '../model/time.ts'
import { type AlarmEpisode, inTime, worse } from './backtest/episodes.ts'

/** The same trouble in both: episodes of one alarm that overlap. Usually one of each; a lower limit may join two into one. */
export interface Pair {
  readonly alarm: string
  readonly was: readonly AlarmEpisode[]
  readonly would: readonly AlarmEpisode[]
  /** How much later it would rise; negative: earlier. */
  readonly raised: Duration
  /** How much later it would clear; absent where only one of the two has cleared, 0 where neither has. */
  readonly cleared?: Duration
  /** Set where the worst severity is another one. */
  readonly severity?: { readonly was: Severity; readonly would: Severity }
  /** Nothing of the above differs, nor the number of episodes. */
  readonly same: boolean
}

export interface Count {
  readonly rule: string
  readonly severity: Severity
  readonly was: number
  readonly would: number
}

/** Rises of one day of the site's calendar. */
export interface DayCount {
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly was: number
  readonly would: number
}

export interface Comparison {
  readonly from: Instant
  readonly to: Instant
  readonly both: readonly Pair[]
  /** Was raised; would not be. */
  readonly onlyThen: readonly AlarmEpisode[]
  /** Was not raised; would be. */
  readonly onlyNow: readonly AlarmEpisode[]
  /** By rule, then by severity, worst first. */
  readonly counts: readonly Count[]
  readonly days: readonly DayCount[]
}

export interface CompareOptions {
  readonly was: readonly AlarmEpisode[]
  readonly would: readonly AlarmEpisode[]
  /** Event time: episodes that touch the range are compared. */
  readonly from: Instant
  readonly to: Instant
  /** The zone of a site's calendar. */
  readonly zone: (site: string) => string
}

/** Pure: the same episodes give the same comparison. */
export function compare({ was, would, from, to, zone }: CompareOptions): Comparison {
  const both: Pair[] = []
  const onlyThen: AlarmEpisode[] = []
  const onlyNow: AlarmEpisode[] = []
  const inside = ({ raised, cleared = Number.POSITIVE_INFINITY }: AlarmEpisode) => raised <= to && cleared >= from
  for (const group of overlapping(was, would)) {
    if (![...group.was, ...group.would].some(inside)) continue
    if (group.would.length === 0) onlyThen.push(...group.was)
    else if (group.was.length === 0) onlyNow.push(...group.would)
    else both.push(pairOf(group))
  }
  const shown = { was: was.filter(inside), would: would.filter(inside) }
  return {
    from,
    to,
    both: both.sort((a, b) => inTime(a.was[0]!, b.was[0]!)),
    onlyThen: onlyThen.sort(inTime),
    onlyNow: onlyNow.sort(inTime),
    counts: countsOf(shown),
    days: daysOf(shown, { from, zone }),
  }
}

interface Group {
  readonly was: AlarmEpisode[]
  readonly would: AlarmEpisode[]
}

/** Episodes of one alarm whose intervals touch, directly or through others. */
function overlapping(was: readonly AlarmEpisode[], would: readonly AlarmEpisode[]): readonly Group[] {
  const tagged = [
    ...was.map((episode) => ({ episode, side: 'was' as const })),
    ...would.map((episode) => ({ episode, side: 'would' as const })),
  ]
  const groups: Group[] = []
  const byAlarm = Map.groupBy(tagged, ({ episode }) => episode.alarm)
  for (const all of byAlarm.values()) {
    all.sort((a, b) => a.episode.raised - b.episode.raised)
    let group: Group | undefined
    let until = Number.NEGATIVE_INFINITY
    let last: 'was' | 'would' | undefined
    for (const { episode, side } of all) {
      // Two of one side that only touch are one after the other, not one trouble.
      const joins = episode.raised < until || (episode.raised === until && side !== last)
      if (!group || !joins) {
        group = { was: [], would: [] }
        groups.push(group)
      }
      group[side].push(episode)
      const end = episode.cleared ?? Number.POSITIVE_INFINITY
      if (end >= until || !joins) last = side
      until = joins ? Math.max(until, end) : end
    }
  }
  return groups
}

function pairOf({ was, would }: Group): Pair {
  const raised = would[0]!.raised - was[0]!.raised
  const ends = { was: endOf(was), would: endOf(would) }
  const open = { was: ends.was === undefined, would: ends.would === undefined }
  const cleared = open.was && open.would ? 0 : open.was || open.would ? undefined : ends.would! - ends.was!
  const worst = { was: worstOf(was), would: worstOf(would) }
  const moved = worst.was !== worst.would
  return {
    alarm: was[0]!.alarm,
    was,
    would,
    raised,
    ...(cleared !== undefined && { cleared }),
    ...(moved && { severity: worst }),
    same: raised === 0 && cleared === 0 && !moved && was.length === would.length,
  }
}

/** `undefined` where one of them is still up. */
function endOf(episodes: readonly AlarmEpisode[]): Instant | undefined {
  const ends = episodes.map(({ cleared = Number.POSITIVE_INFINITY }) => cleared)
  const end = Math.max(...ends)
  return Number.isFinite(end) ? end : undefined
}

function worstOf(episodes: readonly AlarmEpisode[]): Severity {
  return episodes.map(({ severity }) => severity).reduce((a, b) => (worse(b, a) ? b : a))
}

type Sides = { readonly [side in 'was' | 'would']: readonly AlarmEpisode[] }

function countsOf(sides: Sides): readonly Count[] {
  const counts = new Map<string, { rule: string; severity: Severity; was: number; would: number }>()
  for (const side of ['was', 'would'] as const) {
    for (const { rule, severity } of sides[side]) {
      const key = `${rule}\n${severity}`
      const count = counts.get(key) ?? { rule, severity, was: 0, would: 0 }
      count[side] += 1
      counts.set(key, count)
    }
  }
  return [...counts.values()].sort((a, b) =>
    a.rule === b.rule ? (worse(a.severity, b.severity) ? -1 : 1) : a.rule < b.rule ? -1 : 1,
  )
}

/** Days with a rise; what was up when the range began counts on the range's first day. */
function daysOf(sides: Sides, { from, zone }: Pick<CompareOptions, 'from' | 'zone'>): readonly DayCount[] {
  const days = new Map<string, { day: string; was: number; would: number }>()
  for (const side of ['was', 'would'] as const) {
    for (const { raised, site } of sides[side]) {
      const day = dayOf(Math.max(raised, from), zone(site))
      const count = days.get(day) ?? { day, was: 0, would: 0 }
      count[side] += 1
      days.set(day, count)
    }
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

function dayOf(at: Instant, zone: string): string {
  const local = at + zoneOffset(zone, at)
  return new Date(Math.floor(local / DAY) * DAY).toISOString().slice(0, 10)
}
