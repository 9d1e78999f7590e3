/** How many persons were in each area, at most and at least: from where cards were seen, and who went out by a gate. */
import type { CardMove } from '../../model/past-readings.ts'
import { type Area, type Site, within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'

/** A person, or a card that nobody holds, goes out by a gate. */
export interface Exit {
  readonly ts: Instant
  readonly person?: string
  readonly card?: string
}

export interface AreaHeads {
  readonly area: Area
  readonly min: number
  readonly max: number
  readonly maxAt: Instant
}

export interface HeadCount {
  /** In order of time, portion by portion. */
  take(moves: readonly CardMove[], exits: readonly Exit[]): void
  areas(): readonly AreaHeads[]
}

/** What comes before `from` says who was there at the beginning. A person with two cards counts once, where either was seen last. */
export function createHeadCount(site: Site, { from }: { from: Instant }): HeadCount {
  const where = new Map<string, Area>()
  const counts = new Map<Area, { now: number; min: number; max: number; maxAt: Instant }>()
  for (const area of site.areas.values())
    counts.set(area, { now: 0, min: Number.POSITIVE_INFINITY, max: 0, maxAt: from })
  let begun = false

  function begin(): void {
    if (begun) return
    begun = true
    for (const count of counts.values()) Object.assign(count, { min: count.now, max: count.now, maxAt: from })
  }

  /** In the areas that hold `area` but not `other`: between two places of one area nobody came or went. */
  function change(
    area: Area | undefined,
    { other, by, ts }: { other: Area | undefined; by: number; ts: Instant },
  ): void {
    for (let a = area; a; a = a.parent) {
      if (within(other, a)) return
      const count = counts.get(a)!
      count.now += by
      if (!begun) continue
      count.min = Math.min(count.min, count.now)
      if (count.now > count.max) Object.assign(count, { max: count.now, maxAt: ts })
    }
  }

  function place(who: string, { area, ts }: { area: Area | undefined; ts: Instant }): void {
    const before = where.get(who)
    if (before === area) return
    if (ts >= from) begin()
    change(area, { other: before, by: 1, ts })
    change(before, { other: area, by: -1, ts })
    if (area) where.set(who, area)
    else where.delete(who)
  }

  const holder = (card: string) => site.cards.get(card)?.id ?? `card:${card}`

  return {
    take(moves, exits) {
      let next = 0
      const leave = (until: Instant) => {
        for (; next < exits.length && exits[next]!.ts <= until; next++) {
          const { person, card, ts } = exits[next]!
          const who = person ?? (card === undefined ? undefined : holder(card))
          if (who !== undefined) place(who, { area: undefined, ts })
        }
      }
      for (const { card, point, ts, gone } of moves) {
        leave(ts)
        place(holder(card), { area: gone ? undefined : site.points.get(point)?.area, ts })
      }
      leave(Number.POSITIVE_INFINITY)
    },
    areas() {
      begin()
      return [...counts].map(([area, { min, max, maxAt }]) => ({ area, min, max, maxAt }))
    },
  }
}
