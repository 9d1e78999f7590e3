/** What `head-count` remembers of a site: whose cards are where, and what each independent count says. */
import type { Member } from '../../model/crew.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Passage } from '../../model/reading.ts'
import type { Scope } from '../../model/rule.ts'
import { type Area, type Site, underground, within } from '../../model/site.ts'
import type { Duration, Instant } from '../../model/time.ts'
import { type Statement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import type { HeadCountParams } from './params.ts'

/** One independent count of one spot. */
export interface Counter {
  /** Absent: the balance of the gates. */
  readonly point: Point | undefined
  /** Infinity for one that is never silent. */
  readonly silentAfter: Duration
  /** Heads counted; absent while nothing is known. */
  heads: number | undefined
  /** Cards at the same instant, as they compare with it. */
  cards: number
  /** It last differed by more than the tolerance; only a match ends that. */
  differs: boolean
  /** Arrival and event time of its last word. */
  heard: Instant
  ts: Instant
  last: EntryRef | undefined
}

/** What is counted twice: an area, or the site. */
export interface Spot {
  /** The area's id, or the site's. */
  readonly key: string
  /** Absent: whoever is underground; at a site without an underground, whoever is there. */
  readonly area: Area | undefined
  readonly counters: readonly Counter[]
  /** Members whose cards are there at `judged`. */
  readonly cards: Set<string>
  judged: Instant
  /** Said to be unknown. */
  doubted: boolean
  statement: Statement
}

/** Where a member is, and whether a card shows it. */
export interface Whereabouts {
  readonly area: Area
  readonly carded: boolean
}

export type HeadChange = Change &
  (
    | { readonly type: 'member'; readonly now: Whereabouts | undefined }
    | {
        readonly type: 'passage'
        readonly direction: Passage['direction']
        readonly id: string | undefined
        readonly evidence: EntryRef
      }
    | {
        readonly type: 'count'
        readonly heads: number | undefined
        readonly doubtful: boolean
        readonly received: Instant
        readonly evidence: EntryRef
      }
  )

/** Who went in by the gates and not out again. */
export interface Balance {
  readonly named: Set<string>
  /** Passages in, less passages out, of nobody in particular. */
  anonymous: number
  /** Everybody who passed a gate since the journal began; of no use once settled. */
  readonly passed: Set<string>
  settled: boolean
}

export interface State {
  readonly scope: Scope<HeadCountParams>
  readonly spots: readonly Spot[]
  /** The gates that match. */
  readonly gates: ReadonlySet<string>
  readonly members: Map<string, Whereabouts>
  readonly balance: Balance
  /** Members known from a gate only, as of arrival: the next reader that sees their card shows it. */
  readonly bare: Set<string>
  readonly open: HeadChange[]
}

export function start(scope: Scope<HeadCountParams>, now: Instant): State {
  const { points, site } = scope
  const spots = new Map<string, Spot & { counters: Counter[] }>()
  const gates = new Set<string>()
  const add = (area: Area | undefined, point: Point | undefined) => {
    const key = area?.id ?? site.id
    let spot = spots.get(`${area ? 'area' : 'site'}:${key}`)
    if (!spot) {
      spot = { key, area, counters: [], cards: new Set(), judged: 0, doubted: false, statement: silence() }
      spots.set(`${area ? 'area' : 'site'}:${key}`, spot)
    }
    const silentAfter = point?.silentAfter ?? Number.POSITIVE_INFINITY
    spot.counters.push({
      point,
      silentAfter,
      heads: undefined,
      cards: 0,
      differs: false,
      heard: now,
      ts: now,
      last: undefined,
    })
  }
  for (const point of points) {
    if (point.kind === 'gate') gates.add(point.id)
    else add(point.area, point)
  }
  if (gates.size > 0) add(undefined, undefined)
  const balance = { named: new Set<string>(), anonymous: 0, passed: new Set<string>(), settled: false }
  return { scope, spots: [...spots.values()], gates, members: new Map(), balance, bare: new Set(), open: [] }
}

/** Whether somebody in an area belongs to a spot's count. */
export function belongs({ area: spot }: Spot, area: Area | undefined, site: Site): boolean {
  if (spot) return within(area, spot)
  return area !== undefined && (underground(area) || !hasUnderground(site))
}

function hasUnderground({ areas }: Site): boolean {
  for (const area of areas.values()) if (area.kind === 'underground') return true
  return false
}

/** What the count of people says of a member now. A passage shows a card only where the gate read one. */
export function whereabouts(member: Member | undefined): Whereabouts | undefined {
  if (!member?.area) return undefined
  const { evidence, area } = member
  const value = evidence?.value
  const carded = typeof value === 'object' && value !== null && 'card' in value && value.card !== undefined
  return { area, carded }
}
