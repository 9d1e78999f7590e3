/** How the alarms of `limit` are worded. */
import type { Truth } from '../../model/alarm.ts'
import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { pointName, quantity } from '../names.ts'
import type { Watch } from './watch.ts'

export function wording(watch: Watch, { truth, reading }: { truth: Truth; reading: Reading }): Text {
  const { point, value } = reading
  const { level, limit } = watch
  const name = pointName(point)
  const bound = quantity(limit, point.unit)
  if (truth === 'unknown') {
    return {
      zh: `${name.zh} 数据无效，无法判断是否仍达到“${level.name}”限值 ${bound}`,
      en: `${name.en}: no valid value, so whether "${level.name}" ${bound} still holds is unknown`,
    }
  }
  const found = quantity(value as number, point.unit)
  const high = level.high !== undefined
  if (truth === 'inactive') {
    const clear = quantity(watch.clear, point.unit)
    return {
      zh: `${name.zh} ${found}，已${high ? '低于' : '高于'}“${level.name}”解除值 ${clear}`,
      en: `${name.en} ${found}, back ${high ? 'below' : 'above'} ${clear} ("${level.name}")`,
    }
  }
  // Between the limit and the clear value the alarm stands though the value has turned back.
  const reached = high ? (value as number) >= limit : (value as number) <= limit
  return reached
    ? {
        zh: `${name.zh} ${found}，${high ? '达到或超过' : '达到或低于'}“${level.name}”限值 ${bound}`,
        en: `${name.en} ${found}, at or ${high ? 'above' : 'below'} "${level.name}" ${bound}`,
      }
    : {
        zh: `${name.zh} ${found}，尚未${high ? '低于' : '高于'}“${level.name}”解除值 ${quantity(watch.clear, point.unit)}`,
        en: `${name.en} ${found}, not yet ${high ? 'below' : 'above'} ${quantity(watch.clear, point.unit)} ("${level.name}" ${bound})`,
      }
}
