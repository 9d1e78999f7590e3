/** The alarm desk's figures: what stands now, and what the past says of the desk against good practice. */
import { holdAgainst } from '../../alerts/kpi/benchmark.ts'
import { ratesOf } from '../../alerts/kpi/rates.ts'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import type { Spread } from '../../model/alarm-kpi.ts'
import type { Installation } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { DAY, formatInstant, HOUR, type Instant, MINUTE } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { standsOn } from '../duty-desk.ts'
import { instanceOf } from '../instance-of.ts'
import type { Masking } from '../privacy/masking.ts'
import type { Service } from '../service.ts'
import { deskOf, rangeOf } from './context.ts'
import { sitesOf } from './hazard-views.ts'
import type { AlarmKpi, KpiQueryBody } from './schemas-kpi.ts'
import { alarmTotals, isActive } from './views.ts'

const LONGEST = 92 * DAY

/** Throws the problems of a range. What was raised in this very millisecond counts, where `to` is now. */
export async function alarmKpi(
  service: Service,
  { query, masking }: { query: KpiQueryBody; masking: Masking | undefined },
): Promise<AlarmKpi> {
  const now = service.now()
  const { from, to } = rangeOf(query, { now: now + 1, span: DAY, longest: LONGEST })
  const sites = sitesOf(query, service.installation())
  const { desk } = query
  if (desk !== undefined) deskOf(service, desk)
  const standing = service
    .standing()
    .filter(({ last }) => !sites || sites.includes(last.site))
    .filter(({ last }) => desk === undefined || standsOn({ desk, last }, service.installation()))
  const shown = new Set(standing.map(({ alarm }) => alarm))
  const stale = standing.filter(({ state, raised }) => isActive(state) && raised <= now - DAY).length
  const hushed = service.hushed().filter(({ alarm }) => shown.has(alarm))
  const figures = await service.kpis.figures({ from, to, ...(sites && { sites }), ...(desk !== undefined && { desk }) })
  const named = (alarm: string) => nameOf(alarm, { installation: service.installation(), masking })
  const { raised, minutes, top, chattering, acknowledge, clear, breaches } = figures
  const rates = ratesOf(minutes, { from, to })
  const { share, time, floods } = rates.flood
  return {
    at: formatInstant(now),
    from: formatInstant(from),
    to: formatInstant(to),
    ...alarmTotals(standing),
    bySeverity: bySeverity((severity) => standing.filter((alarm) => alarm.severity === severity).length),
    standing: standing.length,
    stale,
    shelved: hushed.filter((alarm) => alarm.shelved).length,
    suppressed: hushed.filter((alarm) => alarm.suppressed).length,
    outOfService: hushed.filter((alarm) => alarm.outOfService).length,
    raised,
    raisedBySeverity: bySeverity((severity) => figures.bySeverity[severity] ?? 0),
    perHour: hours(minutes, { from, to }),
    rates: { ...rates, flood: { share, timeMs: time, floods } },
    top: top.map((each) => ({ ...named(each.alarm), raised: each.raised, share: each.raised / raised })),
    chattering: chattering.map((each) => ({ ...named(each.alarm), raised: each.raised })),
    ...(acknowledge && { acknowledge: spreadBody(acknowledge) }),
    ...(clear && { clear: spreadBody(clear) }),
    breaches,
    benchmark: holdAgainst(figures, { rates, standing: standing.length, stale }).map((held) => ({ ...held })),
    complete: true,
  }
}

/** An alarm's id, as who asks may see it, and what people call it. */
function nameOf(
  alarm: string,
  { installation, masking }: { installation: Installation; masking: Masking | undefined },
): Pick<AlarmKpi['top'][number], 'alarm' | 'title' | 'site' | 'key'> {
  const shown = masking ? masking.alarm(alarm) : alarm
  const instance = instanceOf(installation, alarm)
  const site = [...installation.sites.keys()].find((id) => alarm.startsWith(`${id}/`))
  if (!instance || site === undefined) return { alarm: shown }
  const title = (instance.attributes?.title as Text | undefined) ?? RULES.get(instance.rule)?.title
  return { alarm: shown, ...(title && { title }), site, key: shown.slice(`${site}/${instance.id}/`.length) }
}

/** Counted alarms, under the ids that who asks may see. */
export function shownAs<T extends { readonly alarm: string }>(
  counted: readonly T[],
  masking: Masking | undefined,
): T[] {
  return counted.map((each) => (masking ? { ...each, alarm: masking.alarm(each.alarm) } : each))
}

export function bySeverity(count: (severity: Severity) => number): Record<Severity, number> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, count(severity)])) as Record<Severity, number>
}

export function spreadBody({ count, median, p90, max }: Spread): NonNullable<AlarmKpi['clear']> {
  return { count, medianMs: median, p90Ms: p90, maxMs: max }
}

/** Whole hours of UTC up to the one that `to` lies in. */
function hours(
  minutes: readonly (readonly [minute: number, raised: number])[],
  { from, to }: { from: Instant; to: Instant },
): AlarmKpi['perHour'] {
  const number = Math.ceil((to - from) / HOUR)
  const first = Math.floor((to - 1) / HOUR) * HOUR - (number - 1) * HOUR
  const each = Array.from({ length: number }, (_, i) => ({ from: formatInstant(first + i * HOUR), raised: 0 }))
  for (const [minute, raised] of minutes) {
    const hour = each[Math.floor((minute * MINUTE - first) / HOUR)]
    if (hour) hour.raised += raised
  }
  return each
}
