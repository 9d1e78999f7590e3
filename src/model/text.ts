/** What people read, in both of Davylamp's languages; the fold carries both, so no locale enters it. */
import { type Duration, formatDuration, HOUR, MINUTE, SECOND } from './time.ts'

export interface Text {
  readonly zh: string
  readonly en: string
}

/** A name that was given in one language stands for both. */
export function textOf(name: string | Partial<Text> | undefined, fallback: string): Text {
  if (typeof name === 'string') return { zh: name, en: name }
  return { zh: name?.zh ?? name?.en ?? fallback, en: name?.en ?? name?.zh ?? fallback }
}

const UNITS: readonly (readonly [string, Duration, string])[] = [
  ['h', HOUR, '小时'],
  ['m', MINUTE, '分钟'],
  ['s', SECOND, '秒'],
]

/** A duration in words: `12 小时` and `12h`, `3 小时 1 分钟 15 秒` and `3h 1m 15s`. */
export function durationText(duration: Duration): Text {
  const short = formatDuration(duration)
  const [, figure, unit] = /^([\d.]+)(\D+)$/.exec(short) ?? []
  const word = UNITS.find(([one]) => one === unit)?.[2] ?? '毫秒'
  const [, whole = SECOND] = UNITS.find(([one]) => one === unit) ?? []
  // What comes to less than two of the next unit is read as easily in its own: 90s, 90m.
  if (unit === 'h' || unit === 'ms' || duration < 120 * whole) return { zh: `${figure} ${word}`, en: short }
  const parts = UNITS.map(([one, size, name], i) => {
    const rest = i === 0 ? duration : duration % UNITS[i - 1]![1]
    return { count: Math.floor(rest / size), one, name }
  }).filter(({ count }) => count > 0)
  return {
    zh: parts.map(({ count, name }) => `${count} ${name}`).join(' '),
    en: parts.map(({ count, one }) => `${count}${one}`).join(' '),
  }
}
