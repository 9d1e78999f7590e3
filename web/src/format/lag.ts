/** A source's lag as people read it: with its sign, in the unit that suits its size. */
import type { Lang } from '../i18n/words.ts'
import { duration } from './time.ts'

/** `+120 ms`, `−1.5 s`, `+3 min 20 s`; below zero the source's clock runs ahead. */
export function lagText(ms: number, lang: Lang): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '−' : '+'
  if (size < 1_000) return `${size < 0.5 ? '' : sign}${Math.round(size)}\u00a0ms`
  if (size < 60_000) return `${sign}${(size / 1_000).toFixed(1)}\u00a0${lang === 'zh' ? '秒' : 's'}`
  return `${sign}${duration(size, lang)}`
}
