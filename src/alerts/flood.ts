/** Alarm floods (报警洪泛): more rises than a person can take in become one alarm that counts its members; nothing is dropped. */
import type { Flood } from '../model/handling.ts'
import { type Instant, SECOND } from '../model/time.ts'

/** Member ids told; the count is exact. */
const LISTED = 100

/** The rises of one desk, by whole seconds: a storm of fifty thousand is a handful of numbers. */
export interface Rush {
  readonly key: string
  /** Of which the flood's alarm is: the desk's first. */
  readonly site: string
  /** Second and how many rose in it, oldest first. */
  seconds: (readonly [second: Instant, rises: number])[]
  total: number
  /** The latest rises, as many as begin a flood. */
  latest: string[]
  /** While it lasts. */
  members?: { count: number; alarms: string[] }
}

export function createRush(key: string, site: string): Rush {
  return { key, site, seconds: [], total: 0, latest: [] }
}

/** Counts a rise in. `began`: it is the one that makes a flood, whose members are then those before it, too. */
export function rise(
  rush: Rush,
  { alarm, now, flood }: { alarm: string; now: Instant; flood: Flood },
): 'began' | undefined {
  forget(rush, { now, flood })
  const second = Math.floor(now / SECOND) * SECOND
  const last = rush.seconds.at(-1)
  if (last?.[0] === second) rush.seconds[rush.seconds.length - 1] = [second, last[1] + 1]
  else rush.seconds.push([second, 1])
  rush.total += 1
  const { members } = rush
  if (members) {
    members.count += 1
    if (members.alarms.length < LISTED && !members.alarms.includes(alarm)) members.alarms.push(alarm)
    return undefined
  }
  rush.latest = [...rush.latest, alarm].slice(-flood.from)
  if (rush.total < flood.from) return undefined
  rush.members = { count: rush.latest.length, alarms: [...new Set(rush.latest)] }
  return 'began'
}

/** Whether the flood is over at `now`; its members are then what `rush.members` was. */
export function subside(rush: Rush, { now, flood }: { now: Instant; flood: Flood }): Rush['members'] {
  const { members } = rush
  forget(rush, { now, flood })
  if (!members || rush.total >= flood.until) return undefined
  delete rush.members
  rush.latest = []
  return members
}

/** When so many of the rises will be too old to count that the flood is over; infinity where there is none. */
export function subsidesAt({ seconds, total, members }: Rush, flood: Flood): Instant {
  if (!members) return Number.POSITIVE_INFINITY
  let left = total
  for (const [second, rises] of seconds) {
    left -= rises
    if (left < flood.until) return second + SECOND + flood.within
  }
  return 0
}

function forget(rush: Rush, { now, flood }: { now: Instant; flood: Flood }): void {
  let old = 0
  while (old < rush.seconds.length && rush.seconds[old]![0] + SECOND + flood.within <= now) {
    rush.total -= rush.seconds[old]![1]
    old += 1
  }
  if (old > 0) rush.seconds.splice(0, old)
}
