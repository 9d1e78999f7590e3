/** How the alarms of `limit` are worded. */
import type { Truth } from '../../model/alarm.ts'
import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { pointName, quantity } from '../names.ts'
import type { Level, Watch } from './watch.ts'

/** The field's words for the usual levels (AQ 1029, GB/T 50493, AQ 3035). */
const TITLES: Readonly<Record<string, Text>> = {
  warning: { zh: '报警', en: 'alarm level' },
  cut: { zh: '断电', en: 'power-cut level' },
  high: { zh: '高报', en: 'high' },
  'high-high': { zh: '高高报', en: 'high-high' },
  low: { zh: '低报', en: 'low' },
  'too-low': { zh: '过低', en: 'too low' },
  'too-high': { zh: '过高', en: 'too high' },
  'low-low': { zh: '低低报', en: 'low-low' },
  'level-1': { zh: '一级报警', en: 'level 1' },
  'level-2': { zh: '二级报警', en: 'level 2' },
}

/** What people read for a level; its own name, in quotes, where the field has no word for it. */
export function levelTitle({ name, title }: Pick<Level, 'name' | 'title'>): Text {
  const usual = Object.hasOwn(TITLES, name) ? TITLES[name]! : { zh: `“${name}”`, en: `"${name}"` }
  return { zh: title?.zh ?? usual.zh, en: title?.en ?? usual.en }
}

export function wording(watch: Watch, { truth, reading }: { truth: Truth; reading: Reading }): Text {
  const { point, value } = reading
  const { level, limit } = watch
  const name = pointName(point)
  const called = levelTitle(level)
  const bound = quantity(limit, point.unit)
  if (truth === 'unknown') {
    return {
      zh: `${name.zh} 数据无效，无法判断是否仍达到${called.zh}限值 ${bound}`,
      en: `${name.en}: no valid value, so whether ${called.en} ${bound} still holds is unknown`,
    }
  }
  const found = quantity(value as number, point.unit)
  const high = level.high !== undefined
  if (truth === 'inactive') {
    const clear = quantity(watch.clear, point.unit)
    return {
      zh: `${name.zh} ${found}，已${high ? '低于' : '高于'}${called.zh}解除值 ${clear}`,
      en: `${name.en} ${found}, back ${high ? 'below' : 'above'} ${clear} (${called.en})`,
    }
  }
  // Between the limit and the clear value the alarm stands though the value has turned back.
  const reached = high ? (value as number) >= limit : (value as number) <= limit
  return reached
    ? {
        zh: `${name.zh} ${found}，${high ? '达到或超过' : '达到或低于'}${called.zh}限值 ${bound}`,
        en: `${name.en} ${found}, at or ${high ? 'above' : 'below'} ${called.en} ${bound}`,
      }
    : {
        zh: `${name.zh} ${found}，尚未${high ? '低于' : '高于'}${called.zh}解除值 ${quantity(watch.clear, point.unit)}`,
        en: `${name.en} ${found}, not yet ${high ? 'below' : 'above'} ${quantity(watch.clear, point.unit)} (${called.en} ${bound})`,
      }
}
