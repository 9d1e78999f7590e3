/** A duty report (值班报表): what a shift, a day or a month was like at a site, out of the stores and nothing else. */
import type { AlarmFigures, AlarmKpis } from '../../model/alarm-kpi.ts'
import type { HazardStore } from '../../model/hazard-store.ts'
import type { PastReadings, PointSummary } from '../../model/past-readings.ts'
import type { PointKind } from '../../model/point.ts'
import type { History } from '../../model/ports.ts'
import type { Area, Site } from '../../model/site.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import { createHeadCount, type Exit } from './headcount.ts'
import type { Period } from './period.ts'

export interface Stores {
  readonly kpis: Pick<AlarmKpis, 'figures'>
  readonly hazards: Pick<HazardStore, 'between' | 'counts'>
  readonly history: PastReadings & Pick<History, 'raw'>
  readonly limit: (area: Area, at: Instant) => number | undefined
}

export interface AreaReport {
  readonly area: Area
  readonly min: number
  readonly max: number
  readonly maxAt: Instant
  /** In force when the most were there. */
  readonly limit?: number
}

/** Points of one kind. */
export interface ClassQuality {
  readonly kind: PointKind
  readonly points: number
  readonly good: number
  readonly uncertain: number
  readonly bad: number
  /** Points that are not allowed to be silent, and gave no good reading at all. */
  readonly silent: readonly string[]
}

export interface Consumption {
  readonly point: string
  readonly load?: string
  /** kWh: of a counter its advance, of a meter of power its mean over the time. */
  readonly energy?: number
  /** kW. */
  readonly mean?: number
  readonly max?: number
}

export interface Report {
  readonly site: Site
  readonly period: Period
  readonly headcount: readonly AreaReport[]
  readonly alarms: AlarmFigures
  readonly hazards: { readonly opened: number; readonly closed: number; readonly overdue: number }
  /** Of today, whenever the time was. */
  readonly hazardsNow: { readonly standing: number; readonly overdue: number }
  readonly quality: readonly ClassQuality[]
  readonly power: readonly Consumption[]
}

/** Who came before, and has not left, is still there. */
const BEFORE = 12 * HOUR
/** Cards' ways are read in portions of so long. */
const PORTION = 6 * HOUR
const MOST_EXITS = 100_000

/** `to` of the period must not lie after what the stores hold. */
export async function buildReport({
  site,
  period,
  stores,
}: {
  site: Site
  period: Period
  stores: Stores
}): Promise<Report> {
  const { from, to } = period
  const of = { site: site.id, from, to }
  const [headcount, alarms, hazards, counts, summary] = await Promise.all([
    headsOf(site, { period, stores }),
    stores.kpis.figures({ from, to, sites: [site.id] }),
    stores.hazards.between(of),
    stores.hazards.counts(),
    stores.history.summary(of),
  ])
  const standing = counts.filter((count) => count.site === site.id && count.state !== 'closed')
  const byPoint = new Map(summary.map((each) => [each.point, each]))
  return {
    site,
    period,
    headcount,
    alarms,
    hazards,
    hazardsNow: {
      standing: standing.reduce((sum, { count }) => sum + count, 0),
      overdue: standing.reduce((sum, { overdue }) => sum + overdue, 0),
    },
    quality: qualityOf(site, byPoint),
    power: powerOf(site, { byPoint, hours: (to - from) / HOUR }),
  }
}

async function headsOf(
  site: Site,
  { period: { from, to }, stores }: { period: Period; stores: Stores },
): Promise<readonly AreaReport[]> {
  const heads = createHeadCount(site, { from })
  const gates = [...site.points.values()].filter(({ kind }) => kind === 'gate')
  for (let at = from - BEFORE; at < to; at += PORTION) {
    const portion = { site: site.id, from: at, to: Math.min(to, at + PORTION) }
    const moves = await stores.history.moves(portion)
    const passages = await Promise.all(
      gates.map((point) => stores.history.raw({ point, from: portion.from, to: portion.to, limit: MOST_EXITS })),
    )
    const exits = passages.flat().flatMap(({ ts, value, quality }): Exit[] => {
      const { direction, person, card } = (value ?? {}) as { direction?: string; person?: string; card?: string }
      if (direction !== 'out' || quality === 'bad') return []
      return [{ ts, ...(person !== undefined && { person }), ...(card !== undefined && { card }) }]
    })
    heads.take(
      moves,
      exits.sort((a, b) => a.ts - b.ts),
    )
  }
  return heads.areas().map((each) => {
    const limit = stores.limit(each.area, each.maxAt)
    return { ...each, ...(limit !== undefined && { limit }) }
  })
}

function qualityOf(site: Site, byPoint: ReadonlyMap<string, PointSummary>): readonly ClassQuality[] {
  return [...Map.groupBy(site.points.values(), ({ kind }) => kind)].map(([kind, points]) => {
    const sum = (grade: 'good' | 'uncertain' | 'bad') =>
      points.reduce((all, { id }) => all + (byPoint.get(id)?.[grade] ?? 0), 0)
    const silent = points.filter(({ id, silentAfter }) => silentAfter !== undefined && !byPoint.get(id)?.good)
    return {
      kind,
      points: points.length,
      good: sum('good'),
      uncertain: sum('uncertain'),
      bad: sum('bad'),
      silent: silent.map(({ id }) => id),
    }
  })
}

function powerOf(
  site: Site,
  { byPoint, hours }: { byPoint: ReadonlyMap<string, PointSummary>; hours: number },
): readonly Consumption[] {
  const round = (value: number) => Math.round(value * 1_000) / 1_000
  return [...site.points.values()].flatMap(({ id, kind, attributes }): Consumption[] => {
    const found = byPoint.get(id)
    if (found?.mean === undefined) return []
    const named = { point: id, ...(typeof attributes.load === 'string' && { load: attributes.load }) }
    if (kind === 'power.active') {
      return [{ ...named, energy: round(found.mean * hours), mean: round(found.mean), max: found.max! }]
    }
    // A counter that was set back tells nothing.
    if (kind === 'power.energy' && found.last! >= found.first!) {
      return [{ ...named, energy: round(found.last! - found.first!) }]
    }
    return []
  })
}
