/** How the alarms of `rise` are worded: how much, since when, from what to what. */
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Text } from '../../model/text.ts'
import { formatDuration } from '../../model/time.ts'
import { pointName, quantity } from '../names.ts'
import type { RiseParams } from './params.ts'

interface Found {
  readonly point: Point
  readonly params: RiseParams
  /** The value now. */
  readonly value: number
  /** The lowest good value of the window. */
  readonly low: EntryRef
  readonly increase: number
}

/** Of the rise itself: `reached` at `by` or more, otherwise on its way back to `clear`. */
export function riseText({ point, params, value, low, increase }: Found, reached: boolean): Text {
  const name = pointName(point)
  const { by, window } = params
  const [from, to, more, bound] = [low.value as number, value, increase, by].map((n) => quantity(n, point.unit))
  const within = formatDuration(window)
  const zh = `${name.zh} ${within} 内由 ${from} 升至 ${to}，升高 ${more}`
  const en = `${name.en}: from ${from} to ${to} within ${within}, a rise of ${more}`
  if (reached) return { zh: `${zh}，达到或超过 ${bound}`, en: `${en}, at or above ${bound}` }
  const clear = quantity(params.clear ?? by, point.unit)
  return { zh: `${zh}，尚未低于解除值 ${clear}`, en: `${en}, not yet below ${clear}` }
}

export function overText({ point, params, value, increase }: Found): Text {
  const name = pointName(point)
  const [now, more, clear] = [value, increase, params.clear ?? params.by].map((n) => quantity(n, point.unit))
  const within = formatDuration(params.window)
  return {
    zh: `${name.zh} ${now}，${within} 内升高 ${more}，已低于 ${clear}`,
    en: `${name.en} ${now}, a rise of ${more} within ${within}, below ${clear}`,
  }
}

/** Nothing to compare with: no valid value now, or none before it within the window. */
export function doubtText(point: Point, { window }: RiseParams): Text {
  const name = pointName(point)
  const within = formatDuration(window)
  return {
    zh: `${name.zh} ${within} 内没有可比较的有效数据，无法判断是否仍在升高`,
    en: `${name.en}: no valid values to compare within ${within}, so whether it is still rising is unknown`,
  }
}
