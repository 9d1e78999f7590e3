/** Times and durations as people read them: in the site's own zone, with units, in the chosen language. */
import type { Lang } from '../i18n/words.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(at: number, zone: string): Record<string, string> {
  let format = formats.get(zone)
  if (!format) {
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
    const times = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...fields, ...times })
    formats.set(zone, format)
  }
  const found: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(at)) found[type] = value
  return found
}

/** `14:03:22` in the zone. */
export function clockTime(at: number, zone: string): string {
  const p = parts(at, zone)
  return `${p.hour}:${p.minute}:${p.second}`
}

/** `2026-05-01` in the zone. */
export function calendarDate(at: number, zone: string): string {
  const p = parts(at, zone)
  return `${p.year}-${p.month}-${p.day}`
}

/** `2026-05-01 14:03:22` in the zone. */
export function dateTime(at: number, zone: string): string {
  return `${calendarDate(at, zone)} ${clockTime(at, zone)}`
}

/** The instant of a wall time as `2026-05-01T14:03` in the zone; `undefined` where it is none. Where clocks are set back, the later of the two. */
export function instantIn(zone: string, wall: string): number | undefined {
  const at = Date.parse(`${wall}Z`)
  if (Number.isNaN(at)) return undefined
  const offset = (instant: number) => Date.parse(`${dateTime(instant, zone).replace(' ', 'T')}Z`) - instant
  return at - offset(at - offset(at))
}

/** The time alone on the day of `now`, with month and day on any other. */
export function shortTime(at: number, { zone, now }: { zone: string; now: number }): string {
  const date = calendarDate(at, zone)
  return date === calendarDate(now, zone) ? clockTime(at, zone) : `${date.slice(5)} ${clockTime(at, zone)}`
}

/** `dateTime` with milliseconds, for evidence: two readings of one second stay apart. */
export function exactTime(at: number, zone: string): string {
  const millis = ((at % 1000) + 1000) % 1000
  return `${dateTime(at, zone)}.${String(millis).padStart(3, '0')}`
}

const UNITS = {
  zh: { d: '天', h: '小时', m: '分', s: '秒', gap: ' ' },
  en: { d: 'd', h: 'h', m: 'min', s: 's', gap: ' ' },
} as const

/** A duration in its two largest units: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. Negative ones count as none. */
export function duration(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const u = UNITS[lang]
  const all = [
    [Math.floor(seconds / 86_400), u.d],
    [Math.floor(seconds / 3600) % 24, u.h],
    [Math.floor(seconds / 60) % 60, u.m],
    [seconds % 60, u.s],
  ] as const
  const first = all.findIndex(([n]) => n > 0)
  if (first === -1) return `0${u.gap}${u.s}`
  return all
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n}${u.gap}${unit}`)
    .join(' ')
}

/** How long ago, in words; anything within the last second is `now`. */
export function ago(ms: number, lang: Lang): string {
  if (ms < 1000) return lang === 'zh' ? '刚刚' : 'just now'
  return lang === 'zh' ? `${duration(ms, lang)}前` : `${duration(ms, lang)} ago`
}

/** The API's times are ISO 8601 or milliseconds; `undefined` where there is none. */
export function instant(time: string | number | null | undefined): number | undefined {
  if (time === null || time === undefined) return undefined
  const at = typeof time === 'number' ? time : Date.parse(time)
  return Number.isNaN(at) ? undefined : at
}
