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

/** Reads integer milliseconds or ISO 8601 with an offset; `undefined` where it is neither. A local time without an offset is refused. */
export function parseInstant(input: unknown): Instant | undefined {
  if (typeof input === 'number') return Number.isSafeInteger(input) ? input : undefined
  if (typeof input !== 'string' || !ISO.test(input)) return undefined
  const instant = Date.parse(input)
  return Number.isNaN(instant) ? undefined : instant
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
/** Zone rules change on quarter hours, so one look-up serves fifteen minutes. */
const STEP = 15 * MINUTE

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
    if (known.size > 10_000) known.clear()
    const start = step * STEP
    const part: Record<string, number> = {}
    for (const { type, value } of format(zone).formatToParts(start)) part[type] = Number(value)
    const local = Date.UTC(
      part['year']!,
      part['month']! - 1,
      part['day']!,
      part['hour']!,
      part['minute']!,
      part['second']!,
    )
    offset = local - start
    known.set(step, offset)
  }
  return offset
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
