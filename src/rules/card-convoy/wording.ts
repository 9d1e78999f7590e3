/** How the alarms of `card-convoy` are worded: by numbers of cards and persons, never by name. */
import type { Point, PointRef } from '../../model/point.ts'
import type { Site } from '../../model/site.ts'
import { durationText, type Text } from '../../model/text.ts'
import type { Duration } from '../../model/time.ts'
import { pointName } from '../names.ts'
import type { Pair } from './state.ts'

interface Together {
  readonly readers: number
  readonly gap: Duration
  readonly site: Site
  readonly last: PointRef
}

export function togetherText({ a, b }: Pair, { readers, gap, site, last }: Together): Text {
  const point: Point | undefined = site.points.get(last.id)
  const where = point ? pointName(point) : { zh: last.id, en: last.id }
  const card = (name: string): Text => {
    const person = site.cards.get(name)
    return person ? { zh: `${name}（${person.id}）`, en: `${name} (${person.id})` } : { zh: name, en: name }
  }
  const [one, two] = [card(a), card(b)]
  const within = durationText(gap)
  return {
    zh: `标识卡 ${one.zh} 与 ${two.zh} 同序经过 ${readers} 个分站，每次相差不超过 ${within.zh}，最后在${where.zh}，疑似一人携多卡`,
    en: `Cards ${one.en} and ${two.en} passed ${readers} readers in the same order, each within ${within.en}, the last at ${where.en}: one person may carry both`,
  }
}

export function partedText({ a, b }: Pair): Text {
  return { zh: `标识卡 ${a} 与 ${b} 已分开`, en: `Cards ${a} and ${b} parted` }
}
