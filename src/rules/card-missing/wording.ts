/** How the alarms of `card-missing` are worded: by number of person or card, never by name. */
import type { Site } from '../../model/site.ts'
import { durationText, type Text } from '../../model/text.ts'
import { pointName } from '../names.ts'
import type { CardMissingParams } from './params.ts'
import type { Expected } from './state.ts'

export function missingText(
  { key, anonymous, gate }: Expected,
  { site, params }: { site: Site; params: CardMissingParams },
): Text {
  const point = site.points.get(gate)
  const { zh, en } = point ? pointName(point) : { zh: gate, en: gate }
  const within = durationText(params.within)
  if (anonymous) {
    return {
      zh: `有人经${zh}入井，${within.zh} 内未见新的标识卡`,
      en: `Somebody went in by ${en}, and no card newly appeared underground within ${within.en}`,
    }
  }
  const cardless = site.people.has(key) && site.people.get(key)!.cards.length === 0
  return {
    zh: `${key} 经${zh}入井，${within.zh} 内未见其标识卡${cardless ? '（未登记标识卡）' : ''}`,
    en: `${key} went in by ${en}, and no card of theirs was seen within ${within.en}${cardless ? ' (none is registered)' : ''}`,
  }
}

export function foundText(key: string, anonymous: boolean): Text {
  return anonymous
    ? {
        zh: `经 ${key} 入井者的标识卡已出现，或已出井`,
        en: `Whoever went in by ${key} was seen with a card, or is out`,
      }
    : { zh: `${key} 的标识卡已出现，或已出井`, en: `${key} was seen with a card, or is out` }
}
