/** The ISO 8601 form that nearly all devices send, read digit by digit: a pattern and `Date.parse` take three times as long. */
import { DAY, daysInMonth, HOUR, type Instant, MINUTE, SECOND } from '../model/time.ts'

/** Reads `YYYY-MM-DDTHH:MM:SS[.mmm](Z|±HH:MM)` as `parseInstant` does. `undefined`: not of this form, or out of the ordinary; ask that one. */
export function readUsualIso(text: string): Instant | undefined {
  const zone = text[19] === '.' ? 23 : 19
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const days = dayNumber(year, two(text, 5), two(text, 8))
  const time = timeOfDay(two(text, 11), two(text, 14)) + two(text, 17) * SECOND
  const fraction = zone === 19 ? 0 : digit(text, 20) * 100 + two(text, 21)
  const instant = days * DAY + time + fraction - offset(text, zone)
  return two(text, 17) < 60 && !Number.isNaN(instant) ? instant : undefined
}

/** NaN where there is no digit; it spoils whatever it is part of. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}

function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1)
}

function timeOfDay(hour: number, minute: number): number {
  return hour < 24 && minute < 60 ? hour * HOUR + minute * MINUTE : Number.NaN
}

function offset(text: string, at: number): number {
  if (text.length === at + 1) return text[at] === 'Z' ? 0 : Number.NaN
  if (text.length !== at + 6 || text[at + 3] !== ':') return Number.NaN
  const ahead = timeOfDay(two(text, at + 1), two(text, at + 4))
  return text[at] === '+' ? ahead : text[at] === '-' ? -ahead : Number.NaN
}

/** Days since 1970 in the Gregorian calendar, its years counted from March so that a leap day is their last. */
function dayNumber(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN
  const y = month > 2 ? year : year - 1
  const m = month > 2 ? month - 3 : month + 9
  return (
    y * 365 +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) +
    day -
    719_469
  )
}
