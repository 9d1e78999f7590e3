/** Retrospective judgement (事后研判): a backlog together with what was live meanwhile, in the order in which it happened, apart from what is live now. */
import type { Lookback } from '../alerts/retrospect.ts'
import type { Recollection } from '../ingest/recollection.ts'
import type { Grain } from '../ingest/run.ts'
import { matchPoints } from '../model/match.ts'
import type { PointKind } from '../model/point.ts'
import type { Reading } from '../model/reading.ts'
import type { Rule } from '../model/rule.ts'
import type { Installation, Site } from '../model/site.ts'
import { DAY, type Instant, MINUTE } from '../model/time.ts'
import { rejudge } from './rejudge.ts'

export interface Hindsight {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly site: Site
  /** In order of event time. */
  readonly readings: readonly Reading[]
  readonly recollection: Recollection
  /** When it is looked back: what happened since is no past. */
  readonly now: Instant
  /** Told how many readings were judged: what it cost. */
  readonly onJudged?: (readings: number) => void
}

type Rules = ReadonlyMap<string, Rule>

/** Live readings from so long before the backlog are judged too, for what was under way when it began. */
const LEAD = 5 * MINUTE
/** Beside its `raiseAfter`, what a condition that the backlog's last readings began may take to become an alarm. */
const AFTERMATH = 10 * MINUTE
/** Late readings further apart than this are judged by themselves: no condition is held over so long a silence. */
const APART = DAY
const PEOPLE: readonly PointKind[] = ['card.reader', 'gate']

/** Pure. Only what the live readings by themselves would not have shown is found. */
export function lookBack(hindsight: Hindsight): readonly Lookback[] {
  return stretchesOf(hindsight.readings).flatMap((readings) => lookBackOver({ ...hindsight, readings }))
}

/** A device whose clock stands years ago must not make every hour since be judged. */
function stretchesOf(readings: readonly Reading[]): readonly (readonly Reading[])[] {
  const stretches: Reading[][] = []
  let last = Number.NEGATIVE_INFINITY
  for (const reading of readings) {
    if (reading.ts - last > APART) stretches.push([])
    stretches.at(-1)!.push(reading)
    last = reading.ts
  }
  return stretches
}

function lookBackOver({
  installation,
  rules,
  site,
  readings,
  recollection,
  now,
  onJudged = () => {},
}: Hindsight): readonly Lookback[] {
  const first = readings[0]!
  const late = new Set(readings.map(({ point }) => point.kind))
  const used = new Set(installation.rules.map(({ rule }) => rule))
  const concerned = pick(rules, (rule) => used.has(rule.name) && [...kindsOf(rule)].some((kind) => late.has(kind)))
  const alone = rejudge({
    installation,
    rules: pick(concerned, ({ hindsight }) => hindsight === 'alone'),
    site,
    from: first.ts,
    readings,
  })
  onJudged(readings.length)
  return [
    ...alone,
    ...together({ installation, rules: concerned, site, readings, recollection, now, onJudged }, first.ts),
  ].sort((a, b) => a.raised.at - b.raised.at || (a.raised.alarm < b.raised.alarm ? -1 : 1))
}

function together(
  { installation, rules, site, readings, recollection, now, onJudged }: Required<Hindsight>,
  first: Instant,
): readonly Lookback[] {
  const kinds = new Set([...rules.values()].filter(isJoint).flatMap((rule) => [...kindsOf(rule)]))
  const from = first - LEAD
  const delays = installation.rules.filter(({ rule }) => rules.has(rule)).map(({ raiseAfter }) => raiseAfter)
  const last = readings.at(-1)!.ts
  const until = Math.max(last, Math.min(now, last + AFTERMATH + Math.max(0, ...delays)))
  const recalled = recollection.recall(site, { from, until, kinds, beside: readings })
  const reaches = recalled.since <= first
  const joint = pick(rules, (rule) => isJoint(rule) && (reaches || rule.hindsight !== 'remembered'))
  if (joint.size === 0) return []
  const stretch = { installation, rules: joint, site, from, until, permits: recalled.permits }
  const found = rejudge({ ...stretch, readings: merge(recalled.readings, readings) })
  onJudged(recalled.readings.length + readings.length)
  if (found.length === 0) return found
  onJudged(recalled.readings.length)
  const shown = rejudge({ ...stretch, readings: recalled.readings })
  return found
    .filter(({ raised }) => !shown.some((one) => one.raised.alarm === raised.alarm && covers(one, raised.at)))
    .map(({ raised, ...rest }) => ({
      ...rest,
      raised: { ...raised, evidence: raised.evidence.map((ref) => recollection.witness(site, ref)) },
      ...(!reaches && { knownSince: { at: recalled.since, timezone: site.timezone } }),
    }))
}

/** By event time; of one instant, what was live came first. */
function merge(live: readonly Reading[], late: readonly Reading[]): readonly Reading[] {
  const merged: Reading[] = []
  let next = 0
  for (const reading of late) {
    while (next < live.length && live[next]!.ts <= reading.ts) merged.push(live[next++]!)
    merged.push(reading)
  }
  while (next < live.length) merged.push(live[next++]!)
  return merged
}

function covers({ raised, until }: Lookback, at: Instant): boolean {
  return (raised.since ?? raised.at) <= at && at <= until
}

const isJoint = ({ hindsight }: Rule): boolean => hindsight === undefined || hindsight === 'remembered'

function pick(rules: Rules, keep: (rule: Rule) => boolean): Rules {
  return new Map([...rules].filter(([, rule]) => keep(rule)))
}

/** What a rule hears; one that follows people lives on their cards and the gates. */
function kindsOf({ watches, hears = [], move }: Rule): ReadonlySet<PointKind> {
  return new Set([...watches, ...hears, ...(move ? PEOPLE : [])])
}

/** How finely the live readings of each point are remembered, by index; nothing of those that no rule would look back at. */
export function grainsOf(
  { rules: instances, points, sites }: Installation,
  rules: Rules,
): readonly (Grain | undefined)[] {
  const kinds = new Set<PointKind>()
  const edges: Set<number>[] = points.map(() => new Set())
  for (const { rule: name, match, params } of instances) {
    const rule = rules.get(name)
    if (!rule || !isJoint(rule)) continue
    for (const kind of kindsOf(rule)) kinds.add(kind)
    const own = rule.edges?.(params) ?? []
    if (own.length === 0) continue
    for (const site of sites.values()) {
      const matched = matchPoints(site, rule.matches === 'points' ? match : {}, rule.watches)
      for (const { index } of matched) for (const edge of own) edges[index]!.add(edge)
    }
  }
  return points.map(({ index, kind }): Grain | undefined => {
    if (!kinds.has(kind)) return undefined
    const sorted = [...edges[index]!].sort((a, b) => a - b)
    return { edges: sorted, step: stepOf(kind, sorted) }
  })
}

/** Heads are counted one by one. Of a gas, a permit may have a limit of its own that no rule tells. Of all else, edges are enough. */
function stepOf(kind: PointKind, edges: readonly number[]): number {
  if (kind.startsWith('count.')) return 0
  if (!kind.startsWith('gas.')) return Number.POSITIVE_INFINITY
  return Math.min(...edges.map(Math.abs).filter((edge) => edge > 0)) / 2
}
