/** What the API shows of sites, areas, alarms and links: the service's state in the schemas' words. */
import { type AlarmState, SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { AlarmRecord } from '../../model/ports.ts'
import { shiftAt } from '../../model/shift.ts'
import { type Installation, type Site, underground } from '../../model/site.ts'
import { formatInstant, type Instant } from '../../model/time.ts'
import type { ForwardView } from '../forward.ts'
import type { AreaView, Service, SourceView } from '../service.ts'
import { serialiseTransition, zoneOf } from '../wire.ts'
import type { AlarmBody, AreaBody, ShiftBody, SiteDetail, SiteSummary, SiteView } from './schemas.ts'
import type { DataQualityBody, ForwardBody, LinkBody, SourceBody, WayBody } from './schemas-links.ts'

/** Whether the condition of an alarm in this state holds. */
export const isActive = (state: AlarmState) => state === 'unacked' || state === 'acked'
/** Whether somebody has still to acknowledge it. */
export const isUnacknowledged = (state: AlarmState) => state === 'unacked' || state === 'rtn-unacked'

/** Counts of standing alarms. The worst is that of what holds; only where nothing does, of what has returned. */
export function alarmTotals(alarms: readonly AlarmRecord[]): SiteSummary['alarms'] {
  const severe = worst(alarms.filter(({ state }) => isActive(state))) ?? worst(alarms)
  return {
    active: alarms.filter(({ state }) => isActive(state)).length,
    unacknowledged: alarms.filter(({ state }) => isUnacknowledged(state)).length,
    ...(severe && { worst: severe }),
  }
}

function worst(alarms: readonly AlarmRecord[]): Severity | undefined {
  return SEVERITIES.find((severity) => alarms.some((alarm) => alarm.severity === severity))
}

export function siteSummary(service: Service, site: Site): SiteSummary {
  const at = service.now()
  let people = 0
  let below = 0
  for (const { area } of service.crew(site.id)?.members() ?? []) {
    if (!area) continue
    people++
    if (underground(area)) below++
  }
  return {
    site: site.id,
    name: site.name,
    ...(site.region !== undefined && { region: site.region }),
    kind: site.kind,
    status: site.status,
    timezone: site.timezone,
    at: formatInstant(at, site.timezone),
    ...shiftsAt(site, at),
    people,
    underground: below,
    alarms: alarmTotals(service.standing(site.id)),
  }
}

export function siteView(service: Service, site: Site): SiteView {
  return { ...siteSummary(service, site), areas: service.areas(site).map(areaBody) }
}

export function siteDetail(service: Service, site: Site): SiteDetail {
  const points = { total: site.points.size, live: 0, late: 0, silent: 0, bad: 0, unknown: 0, other: 0 }
  for (const id of site.points.keys()) {
    const { state } = service.point(site.id, id)
    points[state === 'calibrating' || state === 'out-of-service' ? 'other' : state]++
  }
  return {
    ...siteView(service, site),
    points,
    data: dataQuality(service, site),
    sources: service
      .sources()
      .filter((source) => source.site === undefined || source.site === site.id)
      .map(linkBody),
  }
}

/** On-line rate now, and the worth of the last hour's readings. */
export function dataQuality(service: Service, site: Site): DataQualityBody {
  let due = 0
  let heard = 0
  for (const { id, silentAfter } of site.points.values()) {
    if (silentAfter === undefined) continue
    const { state } = service.point(site.id, id)
    if (state === 'out-of-service') continue
    due += 1
    if (state !== 'silent' && state !== 'unknown') heard += 1
  }
  const { readings, bad, late } = service.quality(site.id)
  const share = (part: number, of: number) => Math.round((part / of) * 10_000) / 10_000
  return {
    ...(due > 0 && { online: share(heard, due) }),
    readings,
    ...(readings > 0 && { good: share(readings - bad - late, readings) }),
    bad,
    late,
  }
}

/** The running shift and the one it relieved; where shifts leave a gap, none was relieved. */
export function shiftsAt(
  site: Pick<Site, 'shifts' | 'timezone'>,
  at: Instant,
): Pick<SiteSummary, 'shift' | 'lastShift'> {
  const shift = shiftBody(site, at)
  if (!shift) return {}
  const lastShift = shiftBody(site, Date.parse(shift.from) - 1)
  return { shift, ...(lastShift && { lastShift }) }
}

function shiftBody({ shifts, timezone }: Pick<Site, 'shifts' | 'timezone'>, at: Instant): ShiftBody | undefined {
  const turn = shiftAt(at, { shifts, zone: timezone })
  if (!turn) return undefined
  const { shift, start, end } = turn
  return { id: shift.id, work: shift.work, from: formatInstant(start, timezone), until: formatInstant(end, timezone) }
}

function areaBody({ area, count, limit, worst: severity, monitoring }: AreaView): AreaBody {
  return {
    id: area.id,
    name: area.name,
    kind: area.kind,
    ...(area.parent && { in: area.parent.id }),
    count,
    ...(limit !== undefined && { limit }),
    ...(severity && { worst: severity }),
    monitoring,
  }
}

/** A source's link, without the counters that change all the time. */
export function linkBody({ name, adapter, link }: SourceView): LinkBody {
  const { state, since, reason, peer } = link
  return { name, adapter, state, since: formatInstant(since), ...(reason !== undefined && { reason }), peer }
}

/** The link of a way up, without how far it is behind. */
export function wayBody({ name, link: { state, since, reason, peer } }: ForwardView): WayBody {
  return { name, state, since: formatInstant(since), ...(reason !== undefined && { reason }), peer }
}

/** A way up, and how far its peer is behind. */
export function forwardBody(forward: ForwardView): ForwardBody {
  return { ...wayBody(forward), behind: forward.behind, sent: forward.sent, refused: forward.refused }
}

/** A source with its counters. */
export function sourceBody(source: SourceView): SourceBody {
  const { frames, readings, duplicates, refused, heard, lag } = source.counters
  return {
    ...linkBody(source),
    frames,
    readings,
    duplicates,
    refused,
    ...(heard !== undefined && { heard: formatInstant(heard) }),
    ...(lag !== undefined && { lagMs: lag }),
  }
}

export function alarmBody(record: AlarmRecord, installation: Installation): AlarmBody {
  const { alarm, episode, state, severity, raised, cleared, last } = record
  const zone = zoneOf(last.site, installation)
  return {
    alarm,
    episode,
    state,
    severity,
    raised: formatInstant(raised, zone),
    ...(cleared !== undefined && { cleared: formatInstant(cleared, zone) }),
    last: serialiseTransition(last, installation),
  }
}
