/** What every route is given, and how routes find what a URL names. */
import type { DutyDesk } from '../../model/duty.ts'
import type { Point } from '../../model/point.ts'
import type { Site } from '../../model/site.ts'
import { type Instant, parseInstant } from '../../model/time.ts'
import type { Attachments } from '../attachments.ts'
import type { Auth } from '../auth/auth.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Masking } from '../privacy/masking.ts'
import type { References } from '../privacy/references.ts'
import type { Service } from '../service.ts'
import { Refused } from './problems.ts'
import type { ApiSettings } from './settings.ts'

export interface ApiContext {
  readonly service: Service
  readonly auth: Auth
  readonly attachments: Attachments
  readonly masking: Masking
  readonly references: References
  readonly settings: ApiSettings
  readonly clock: Clock
  readonly log: Log
}

/** The configured site, or the problem `site-unknown`. */
export function siteOf(service: Service, id: string): Site {
  const site = service.installation().sites.get(id)
  if (!site)
    throw new Refused('site-unknown', { detail: { en: `no site ${id} is configured`, zh: `未配置企业 ${id}` } })
  return site
}

/** The declared duty desk, or the problem `desk-unknown`. */
export function deskOf(service: Service, id: string): DutyDesk {
  const desk = service.installation().duty?.desks.find((each) => each.id === id)
  if (!desk) throw new Refused('desk-unknown', { detail: `no duty desk ${id} is declared` })
  return desk
}

/** The configured point, or the problem `point-unknown`. */
export function pointOf(site: Site, id: string): Point {
  const point = site.points.get(id)
  if (!point)
    throw new Refused('point-unknown', {
      detail: { en: `site ${site.id} has no point ${id}`, zh: `企业 ${site.id} 没有测点 ${id}` },
    })
  return point
}

/** What four digits of a year can write, in any zone and with a range before it. */
const WRITABLE: readonly [Instant, Instant] = [Date.parse('0001-01-01T00:00Z'), Date.parse('9999-01-01T00:00Z')]

/** A time of a query or body that can be written out again, or the problem `time-unreadable`. */
export function instantOf(name: string, text: string): Instant {
  // An offset's + that was not encoded arrives as a space.
  const mended = text.replace(/ (\d\d:?\d\d)$/, '+$1')
  const instant = parseInstant(/^-?\d+$/.test(mended) ? Number(mended) : mended)
  if (instant === undefined || instant < WRITABLE[0] || instant > WRITABLE[1]) {
    throw new Refused('time-unreadable', { detail: `\`${name}\` is ${JSON.stringify(text.slice(0, 100))}` })
  }
  return instant
}

/** `from` and `to` of a query; without them, the `span` up to now. */
export function rangeOf(
  { from, to }: { from?: string; to?: string },
  { now, span, longest }: { now: Instant; span: number; longest: number },
): { from: Instant; to: Instant } {
  const end = to === undefined ? now : instantOf('to', to)
  const start = from === undefined ? end - span : instantOf('from', from)
  if (start >= end)
    throw new Refused('range-empty', { detail: { en: 'the range ends before it begins', zh: '结束早于开始' } })
  if (end - start > longest)
    throw new Refused('range-too-long', {
      detail: { en: 'the range is longer than is served at once', zh: '超过一次可查询的范围' },
    })
  return { from: start, to: end }
}
