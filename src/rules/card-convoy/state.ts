/** What `card-convoy` remembers of a site: who passed which reader last, and which pairs have kept together since. */
import type { EntryRef } from '../../model/entry.ts'
import type { Scope } from '../../model/rule.ts'
import { type Area, within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Change } from '../timeline.ts'
import type { CardConvoyParams } from './params.ts'

/** A card came to a reader from another one. */
export interface Pass {
  /** The card's passes are numbered from 1. */
  readonly n: number
  readonly reader: string
  readonly ts: Instant
  readonly evidence: EntryRef
}

export interface Track {
  /** As of arrival: where it is, where it was before, since when, and when last seen. */
  reader: string
  before: string | undefined
  since: Instant
  last: Instant
  /** As of the timeline: the number of its last pass, and as many passes as its longest run needs. */
  n: number
  passes: Pass[]
}

/** Two cards that passed the same readers since they were first together. */
export interface Pair {
  /** In order of number: the key is `a+b`. */
  readonly a: string
  readonly b: string
  /** Number of each one's last pass that the other made, too. */
  na: number
  nb: number
  /** Passes made together, one after the other. */
  length: number
  raised: boolean
}

/** A pass, or the way out by a gate, later than the site's news is complete. */
export interface Step extends Change {
  readonly reader: string | undefined
  readonly evidence: EntryRef
}

/** When all who passed a reader within the gap are known: whoever has not come by then has parted. */
export interface Check extends Change {
  readonly n: number
  readonly evidence: EntryRef
}

export interface State {
  readonly scope: Scope<CardConvoyParams>
  /** Readers that count, and whether each lies in a working face. */
  readonly readers: ReadonlyMap<string, boolean>
  readonly tracks: Map<string, Track>
  /** The last few passes of each reader, oldest first. */
  readonly recent: Map<string, { readonly card: string; readonly n: number; readonly ts: Instant }[]>
  readonly pairs: Map<string, Pair>
  /** The pairs of each card, by key. */
  readonly pairsOf: Map<string, Set<string>>
  readonly open: Step[]
  readonly checks: Check[]
  /** When cards that nobody has seen for long are next forgotten. */
  sweep: Instant
}

export function start(scope: Scope<CardConvoyParams>, sweep: Instant): State {
  const { points, params } = scope
  const faces = [...scope.site.areas.values()].filter(({ kind }) => params.faces.includes(kind))
  const inFace = (area: Area | undefined) => faces.some((face) => within(area, face))
  const counted = points.filter(({ attributes }) => attributes.vehicle !== true)
  return {
    scope,
    readers: new Map(counted.map(({ id, area }) => [id, inFace(area)])),
    tracks: new Map(),
    recent: new Map(),
    pairs: new Map(),
    pairsOf: new Map(),
    open: [],
    checks: [],
    sweep,
  }
}

export function addPair({ pairs, pairsOf }: State, pair: Pair): void {
  const key = keyOf(pair)
  pairs.set(key, pair)
  for (const card of [pair.a, pair.b]) {
    const known = pairsOf.get(card)
    if (known) known.add(key)
    else pairsOf.set(card, new Set([key]))
  }
}

export function dropPair({ pairs, pairsOf }: State, pair: Pair): void {
  const key = keyOf(pair)
  pairs.delete(key)
  for (const card of [pair.a, pair.b]) {
    const known = pairsOf.get(card)
    known?.delete(key)
    if (known?.size === 0) pairsOf.delete(card)
  }
}

export function keyOf({ a, b }: Pick<Pair, 'a' | 'b'>): string {
  return `${a}+${b}`
}
