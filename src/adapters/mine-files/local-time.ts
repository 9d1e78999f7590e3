/** Times as the files write them: `yyyy-MM-dd HH:mm:ss` on the mine's own clock, and the fourteen digits of file names. */
import { daysInMonth, formatInstant, type Instant, zoneOffset } from '../../model/time.ts'

const WRITTEN = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})(?:\.\d{1,3})?$/

/** `undefined` where it is no such time, or one that no calendar has. */
export function readTime(text: string, zone: string): Instant | undefined {
  const match = WRITTEN.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return undefined
  const local = Date.UTC(year, month - 1, day, hour, minute, second)
  return local - zoneOffset(zone, local - zoneOffset(zone, local))
}

/** The reverse, without fractions of a second. */
export function writeTime(at: Instant, zone: string): string {
  return formatInstant(at, zone).slice(0, 19).replace('T', ' ')
}

/** Fourteen digits: `20260501080000`. */
export function writeStamp(at: Instant, zone: string): string {
  return writeTime(at, zone).replace(/\D/g, '')
}

/** Whether fourteen digits are a time. */
export function isStamp(stamp: string): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(stamp)
  return parts !== null && readTime(`${parts.slice(1, 4).join('-')} ${parts.slice(4).join(':')}`, 'UTC') !== undefined
}
