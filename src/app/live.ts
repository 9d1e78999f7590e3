/** What is true right now, for the page: last readings, areas with their counts and limits, and how well each place is watched. */
import { liesIn, placeOf } from '../alerts/place.ts'
import type { Severity } from '../model/alarm.ts'
import { SEVERITIES } from '../model/alarm.ts'
import type { Json } from '../model/json.ts'
import { matchAreas } from '../model/match.ts'
import type { Point } from '../model/point.ts'
import type { AlarmRecord } from '../model/ports.ts'
import type { Reading } from '../model/reading.ts'
import type { RuleInstance } from '../model/rule.ts'
import { type Area, findPoint, type Installation, type Site } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import type { Engine } from '../rules/engine.ts'
import { regimeAt } from '../rules/over-crew/calendar.ts'
import type { OverCrewParams } from '../rules/over-crew/params.ts'
import { createMonitoring } from './monitoring.ts'
import type { AreaView, PointView } from './service.ts'

export interface Live {
  /** Remembers the last reading of each point; returns the sites touched. */
  note(readings: readonly Reading[]): ReadonlySet<string>
  point(site: string, id: string, now: Instant): PointView
  /** The lowest over-crew limit of an area in force at an instant. */
  limit(area: Area, at: Instant): number | undefined
  /** The same knowledge under another configuration. */
  under(next: Installation): Live
  /** What it knows, for a snapshot. */
  save(): Json
  /** Takes up what another one saved: what was heard before a restart has been heard. Points that are no more are left out. */
  recall(saved: Json): void
  areas(
    site: Site,
    context: { now: Instant; engine: Engine | undefined; standing: readonly AlarmRecord[] },
  ): readonly AreaView[]
}

/** What is remembered of one point, which may be another configuration's. */
interface Known {
  readonly point: Pick<Point, 'siteId' | 'id' | 'kind'>
  /** Absent: only late ones have come. */
  readonly said?: Omit<Reading, 'point'>
  readonly heard: Instant
  readonly good: Instant
  readonly behind: Instant
}

const UNKNOWN: PointView = { state: 'unknown' }

export function createLive(installation: Installation, known: readonly Known[] = []): Live {
  const last: (Reading | undefined)[] = new Array(installation.points.length)
  /** Arrival of the last good reading, and its event time. */
  const heard = new Float64Array(installation.points.length)
  const good = new Float64Array(installation.points.length)
  /** Arrival of the last late reading: it comes, though too old to be used. */
  const behind = new Float64Array(installation.points.length)

  const monitoring = createMonitoring(installation)
  const crewed = new Map<Area, RuleInstance<OverCrewParams>[]>()
  for (const instance of installation.rules) {
    if (instance.rule !== 'over-crew') continue
    for (const site of installation.sites.values()) {
      for (const area of matchAreas(site, instance.match)) {
        crewed.set(area, [...(crewed.get(area) ?? []), instance as RuleInstance<OverCrewParams>])
      }
    }
  }
  for (const one of known) keep(one)

  function keep({ point: of, said, ...times }: Known): void {
    const point = findPoint(installation, of)
    if (!point || point.kind !== of.kind) return
    last[point.index] = said && { ...said, point }
    heard[point.index] = times.heard
    good[point.index] = times.good
    behind[point.index] = times.behind
  }

  const everything = (): Known[] =>
    installation.points.flatMap(({ index, siteId, id, kind }) => {
      const reading = last[index]
      if (!reading && behind[index] === 0) return []
      const { point: _, ...said } = reading ?? {}
      const times = { heard: heard[index]!, good: good[index]!, behind: behind[index]! }
      return [{ point: { siteId, id, kind }, ...(reading && { said: said as Known['said'] & {} }), ...times }]
    })

  function view(site: string, id: string, now: Instant): PointView {
    const point = findPoint(installation, { siteId: site, id })
    if (!point) return UNKNOWN
    const reading = last[point.index]
    const arrived = heard[point.index]!
    const { silentAfter } = point
    const quiet = silentAfter !== undefined && arrived > 0 && now - arrived > silentAfter
    const late = silentAfter !== undefined && now - behind[point.index]! <= silentAfter
    return {
      ...(reading && { reading }),
      ...(arrived > 0 && { lastGood: good[point.index]! }),
      state: stateOf(reading, { quiet, late }),
    }
  }

  /** The lowest limit in force: it is the first to be exceeded. */
  function limitOf(area: Area, now: Instant): number | undefined {
    let lowest: number | undefined
    for (const instance of crewed.get(area) ?? []) {
      const { limit } = regimeAt(now, { site: area.site, instance })
      if (limit !== undefined && (lowest === undefined || limit < lowest)) lowest = limit
    }
    return lowest
  }

  return {
    note(readings) {
      const sites = new Set<string>()
      for (const reading of readings) {
        const { index, siteId } = reading.point
        if (reading.timing === 'late') {
          behind[index] = reading.received
          continue
        }
        last[index] = reading
        if (reading.quality === 'good') {
          heard[index] = reading.received
          good[index] = reading.ts
        }
        sites.add(siteId)
      }
      return sites
    },
    point: view,
    under: (next) => createLive(next, everything()),
    save: () => everything() as unknown as Json,
    recall(saved) {
      for (const one of saved as unknown as readonly Known[]) keep(one)
    },
    limit: limitOf,
    areas(site, { now, engine, standing }) {
      const crew = engine?.crew(site.id)
      return [...site.areas.values()].map((area) => {
        const count = crew?.count(area) ?? 0
        const limit = limitOf(area, now)
        const worst = worstIn(area, standing)
        return {
          area,
          count,
          ...(limit !== undefined && { limit }),
          ...(worst && { worst }),
          monitoring: monitoring(area, { count, view: (point) => view(site.id, point.id, now) }),
        }
      })
    },
  }
}

function stateOf(reading: Reading | undefined, { quiet, late }: { quiet: boolean; late: boolean }): PointView['state'] {
  if (!reading) return late ? 'late' : 'unknown'
  if (reading.status === 'calibrating' || reading.status === 'out-of-service') return reading.status
  if (quiet) return late ? 'late' : 'silent'
  return reading.quality === 'bad' ? 'bad' : 'live'
}

/** The worst standing alarm that is about the area, one within it, or a point or person there. */
function worstIn(area: Area, standing: readonly AlarmRecord[]): Severity | undefined {
  let worst: Severity | undefined
  for (const { last, severity, state } of standing) {
    if (last.site !== area.site.id || state === 'rtn-unacked') continue
    if (!liesIn(area, placeOf({ ...last, site: area.site }))) continue
    if (!worst || SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(worst)) worst = severity
  }
  return worst
}
