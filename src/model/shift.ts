/** The shift calendar (班次): a pure function of the instant and a named zone. 22:00–06:00 is one shift. */
import type { Text } from './text.ts'
import { DAY, type Duration, type Instant, zoneOffset } from './time.ts'

export type Work = 'production' | 'maintenance' | (string & {})

export interface Shift {
  readonly id: string
  /** As the site calls it; `shiftName` knows the usual ones. */
  readonly name?: Text
  /** Local time of day, milliseconds since midnight. */
  readonly from: Duration
  /** Local time of day; at or before `from` means the next day. */
  readonly to: Duration
  readonly work: Work
}

export const ALL_DAY: readonly Shift[] = [{ id: 'all-day', from: 0, to: 0, work: 'production' }]

/** The field's own words for the usual ids. */
const NAMES: Readonly<Record<string, Text>> = {
  early: { zh: '早班', en: 'early shift' },
  morning: { zh: '早班', en: 'morning shift' },
  day: { zh: '白班', en: 'day shift' },
  middle: { zh: '中班', en: 'middle shift' },
  afternoon: { zh: '中班', en: 'afternoon shift' },
  late: { zh: '晚班', en: 'late shift' },
  evening: { zh: '晚班', en: 'evening shift' },
  night: { zh: '夜班', en: 'night shift' },
  maintenance: { zh: '检修班', en: 'maintenance shift' },
  'all-day': { zh: '全天', en: 'all day' },
}

/** What people call a shift: its declared name, the usual word for its id, or the id itself. */
export function shiftName({ id, name }: Shift): Text {
  if (name) return name
  return Object.hasOwn(NAMES, id) ? NAMES[id]! : { zh: `班次 ${id}`, en: `shift ${id}` }
}

export interface ShiftTurn {
  readonly shift: Shift
  readonly start: Instant
  readonly end: Instant
}

/** The shift running at an instant, or `undefined` between shifts. */
export function shiftAt(
  at: Instant,
  { shifts, zone }: { shifts: readonly Shift[]; zone: string },
): ShiftTurn | undefined {
  const offset = zoneOffset(zone, at)
  const midnight = Math.floor((at + offset) / DAY) * DAY
  // Where clocks go back over midnight, the next day's first shift begins on the day before.
  for (const day of [midnight, midnight - DAY, midnight + DAY]) {
    for (const shift of shifts) {
      const start = instantOf(day + shift.from, zone)
      const end = instantOf(day + shift.to + (shift.to <= shift.from ? DAY : 0), zone)
      if (start <= at && at < end) return { shift, start, end }
    }
  }
  return undefined
}

/** The first instant after `at` where a shift begins or ends. */
export function nextShiftChange(at: Instant, { shifts, zone }: { shifts: readonly Shift[]; zone: string }): Instant {
  const midnight = Math.floor((at + zoneOffset(zone, at)) / DAY) * DAY
  let next = Number.POSITIVE_INFINITY
  for (const day of [midnight - DAY, midnight, midnight + DAY, midnight + 2 * DAY]) {
    for (const shift of shifts) {
      for (const local of [day + shift.from, day + shift.to + (shift.to <= shift.from ? DAY : 0)]) {
        const edge = instantOf(local, zone)
        if (edge > at && edge < next) next = edge
      }
    }
  }
  return next
}

/** The first instant at which the zone's clocks show `local` or, where they skip it, later. */
function instantOf(local: number, zone: string): Instant {
  // Clocks change at most once in two days, so one of the two offsets is right, or both are, or `local` is skipped.
  const before = zoneOffset(zone, local - DAY)
  const after = zoneOffset(zone, local + DAY)
  const early = local - before
  if (before === after || zoneOffset(zone, early) === before) return early
  const late = local - after
  if (zoneOffset(zone, late) === after) return late
  let [skipped, changed] = [late, early]
  while (changed - skipped > 1) {
    const middle = Math.floor((skipped + changed) / 2)
    if (zoneOffset(zone, middle) === before) skipped = middle
    else changed = middle
  }
  return changed
}
