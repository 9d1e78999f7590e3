/** How the alarms of `rise` are worded: how much, since when, from what to what. */
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import { durationText, type Text } from '../../model/text.ts'
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
  const within = durationText(window)
  const zh = `${name.zh} ${within.zh} 内由 ${from} 升至 ${to}，升高 ${more}`
  const en = `${name.en}: from ${from} to ${to} within ${within.en}, a rise of ${more}`
  if (reached) return { zh: `${zh}，达到或超过 ${bound}`, en: `${en}, at or above ${bound}` }
  const clear = quantity(params.clear ?? by, point.unit)
  return { zh: `${zh}，尚未低于解除值 ${clear}`, en: `${en}, not yet below ${clear}` }
}

export function overText({ point, params, value, increase }: Found): Text {
  const name = pointName(point)
  const [now, more, clear] = [value, increase, params.clear ?? params.by].map((n) => quantity(n, point.unit))
  const within = durationText(params.window)
  return {
    zh: `${name.zh} ${now}，${within.zh} 内升高 ${more}，已低于 ${clear}`,
    en: `${name.en} ${now}, a rise of ${more} within ${within.en}, below ${clear}`,
  }
}

/** Nothing to compare with: no valid value now, or none before it within the window. */
export function doubtText(point: Point, { window }: RiseParams): Text {
  const name = pointName(point)
  const within = durationText(window)
  return {
    zh: `${name.zh} ${within.zh} 内没有可比较的有效数据，无法判断是否仍在升高`,
    en: `${name.en}: no valid values to compare within ${within.en}, so whether it is still rising is unknown`,
  }
}
