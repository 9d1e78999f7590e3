/** Which time a report is about: a shift, a day or a month by the site's own clocks. */
import { type Shift, type ShiftTurn, shiftAt } from '../../model/shift.ts'
import type { Site } from '../../model/site.ts'
import { DAY, daysInMonth, HOUR, type Instant, zoneOffset } from '../../model/time.ts'

export const REPORT_KINDS = ['shift', 'day', 'month'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

export interface Period {
  readonly kind: ReportKind
  /** `2026-05-01`, or `2026-05` of a month. */
  readonly date: string
  readonly shift?: Shift
  readonly from: Instant
  /** Excluded. */
  readonly to: Instant
}

/** Without a date: the shift, day or month that `now` lies in. Words where there is no such time. */
export function periodOf(
  site: Pick<Site, 'timezone' | 'shifts'>,
  { kind, date, shift, now }: { kind: ReportKind; date?: string | undefined; shift?: string | undefined; now: Instant },
): Period | string {
  const { timezone: zone, shifts } = site
  if (kind === 'shift' && date === undefined && shift === undefined) {
    const turn = shiftAt(now, { shifts, zone })
    return turn ? ofTurn(turn, zone) : 'no shift is running now: name a `date` and a `shift`'
  }
  const parts = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(date ?? localDate(now, zone))
  const [year, month, day = 1] = (parts?.slice(1).filter((part) => part !== undefined) ?? []).map(Number)
  if (
    year === undefined ||
    month === undefined ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month)
  ) {
    return `\`date\` is no day such as 2026-05-01: ${date}`
  }
  if (kind !== 'month' && parts![3] === undefined) return `\`date\` is no day such as 2026-05-01: ${date}`
  const midnight = Date.UTC(year, month - 1, kind === 'month' ? 1 : day)
  if (kind === 'month') {
    const next = Date.UTC(year, month, 1)
    return { kind, date: isoDay(midnight).slice(0, 7), from: at(midnight, zone), to: at(next, zone) }
  }
  if (kind === 'day') {
    return { kind, date: isoDay(midnight), from: at(midnight, zone), to: at(midnight + DAY, zone) }
  }
  const wanted = shifts.find(({ id }) => id === shift)
  if (!wanted) return `\`shift\` is none of ${shifts.map(({ id }) => id).join(', ')}`
  const begins = at(midnight + wanted.from, zone)
  // Where the clocks skip the hour it begins in, it begins later.
  const turn = [0, HOUR / 2, HOUR].map((later) => shiftAt(begins + later, { shifts: [wanted], zone })).find(Boolean)
  return turn ? { ...ofTurn(turn, zone), date: isoDay(midnight) } : `there was no shift ${shift} on ${date}`
}

function ofTurn({ shift, start, end }: ShiftTurn, zone: string): Period {
  return { kind: 'shift', date: localDate(start, zone), shift, from: start, to: end }
}

const isoDay = (local: number) => new Date(local).toISOString().slice(0, 10)
const localDate = (instant: Instant, zone: string) => isoDay(instant + zoneOffset(zone, instant))
const at = (local: number, zone: string): Instant => local - zoneOffset(zone, local - zoneOffset(zone, local))
