/** Instants, durations and named zones: the only arithmetic on time in Davylamp, and none of it reads a clock. */

/** Milliseconds since the Unix epoch. */
export type Instant = number
/** Milliseconds. */
export type Duration = number

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

/** Readings outside these bounds come from a broken clock (or seconds sent as milliseconds) and are refused. */
export const EARLIEST: Instant = Date.UTC(2000, 0, 1)
export const LATEST: Instant = Date.UTC(2100, 0, 1)

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i

/** Reads integer milliseconds or ISO 8601 with an offset; `undefined` where it is neither. A local time without an offset is refused,
 *  and so is a day that its month does not have. */
export function parseInstant(input: unknown): Instant | undefined {
  if (typeof input === 'number') return Number.isSafeInteger(input) ? input : undefined
  if (typeof input !== 'string' || !ISO.test(input)) return undefined
  // `Date.parse` takes the 31st of February for the 3rd of March.
  if (Number(input.slice(8, 10)) > daysInMonth(Number(input.slice(0, 4)), Number(input.slice(5, 7)))) return undefined
  const instant = Date.parse(input)
  return Number.isNaN(instant) ? undefined : instant
}

/** How many days a month (1 to 12) of the Gregorian calendar has. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const UNITS: Record<string, Duration> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** Reads `500ms`, `90s`, `10m`, `8h`, `2d`; `undefined` for anything else. */
export function parseDuration(text: unknown): Duration | undefined {
  const match = typeof text === 'string' ? DURATION.exec(text) : null
  return match ? Number(match[1]) * UNITS[match[2] as string]! : undefined
}

/** The shortest exact form of a duration: `90s`, `10m`, `8h`. */
export function formatDuration(duration: Duration): string {
  for (const [unit, size] of [
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ] as const) {
    if (duration >= size && duration % size === 0) return `${duration / size}${unit}`
  }
  return duration % SECOND === 0 ? `${duration / SECOND}s` : `${duration}ms`
}

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, Duration>>()
/** Zone rules change on quarter hours, all but a few: one look-up serves fifteen minutes. */
const STEP = 15 * MINUTE
/** Steps kept a zone: some hundred days. */
const KEPT = 10_000

/** Whether the runtime's zone database knows `zone`. */
export function zoneExists(zone: string): boolean {
  try {
    format(zone)
    return true
  } catch {
    return false
  }
}

/** What `zone` adds to UTC at an instant. A pure function of both; throws `RangeError` for an unknown zone. */
export function zoneOffset(zone: string, at: Instant): Duration {
  const step = Math.floor(at / STEP)
  let known = offsets.get(zone)
  if (!known) {
    known = new Map()
    offsets.set(zone, known)
  }
  let offset = known.get(step)
  if (offset === undefined) {
    offset = exactOffset(zone, step * STEP)
    // Clocks change within this quarter hour (Newfoundland's did at 00:01 until 2011): no one answer serves it.
    if (exactOffset(zone, (step + 1) * STEP - 1) !== offset) return exactOffset(zone, at)
    if (known.size >= KEPT) known.clear()
    known.set(step, offset)
  }
  return offset
}

function exactOffset(zone: string, at: Instant): Duration {
  const part: Record<string, number> = {}
  for (const { type, value } of format(zone).formatToParts(at)) part[type] = Number(value)
  const { year, month, day, hour, minute, second } = part
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(at / SECOND) * SECOND
}

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone)
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, found)
  }
  return found
}

/** ISO 8601 with milliseconds and the zone's own offset: `2026-05-01T08:00:00.000+08:00`. */
export function formatInstant(at: Instant, zone = 'UTC'): string {
  const offset = zoneOffset(zone, at)
  const local = new Date(at + offset).toISOString().slice(0, -1)
  if (offset === 0) return `${local}Z`
  const minutes = Math.abs(offset) / MINUTE
  const pad = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`
}
