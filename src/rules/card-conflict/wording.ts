/** How the alarms of `card-conflict` are worded: by numbers of card and person, never by name. */
import type { Point } from '../../model/point.ts'
import { durationText, type Text } from '../../model/text.ts'
import { pointName } from '../names.ts'
import type { Way } from './speed.ts'

export function conflictText(card: string, { way, from, to }: { way: Way; from: Point; to: Point }): Text {
  const a = pointName(from)
  const b = pointName(to)
  const time = durationText(way.time)
  return {
    zh: `标识卡 ${card} 在 ${time.zh} 内先后出现于${a.zh}和${b.zh}，相距至少 ${way.metres} 米，疑似一卡多用`,
    en: `Card ${card} was seen at ${a.en} and ${b.en} within ${time.en}, at least ${way.metres} m apart: one of them is another card`,
  }
}

export function ownerText(card: string, { person, owner, gate }: { person: string; owner: string; gate: Point }): Text {
  const { zh, en } = pointName(gate)
  return {
    zh: `${person} 持 ${owner} 的标识卡 ${card} 通过${zh}`,
    en: `${person} passed ${en} with card ${card}, which is held by ${owner}`,
  }
}

export function overText(card: string): Text {
  return { zh: `标识卡 ${card} 无新的冲突`, en: `Card ${card}: nothing contradicts it any more` }
}
