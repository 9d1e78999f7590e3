/** How the alarms of `head-count` are worded: numbers and places only. */
import type { EntryRef } from '../../model/entry.ts'
import type { Scope } from '../../model/rule.ts'
import type { Site } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { refOf } from '../evidence.ts'
import { areaName } from '../names.ts'
import type { HeadCountParams } from './params.ts'
import type { Counter, Spot } from './state.ts'

export function wording(spot: Spot, { site, counters }: { site: Site; counters: readonly Counter[] }): Text {
  const { zh, en } = spot.area ? areaName(spot.area) : site.name
  const said = counters.map((counter) => sourceText(counter))
  const known = counters.find(({ differs, heads }) => differs && heads !== undefined)
  const verdict = !known ? { zh: '', en: '' } : known.heads! > known.cards ? HIDDEN : EMPTY
  return {
    zh: `${zh}：${said.map((s) => s.zh).join('；')}${verdict.zh}`,
    en: `${en}: ${said.map((s) => s.en).join('; ')}${verdict.en}`,
  }
}

const HIDDEN: Text = { zh: '，疑似有人未带卡（隐瞒入井人数）', en: ': somebody is there without a card' }
const EMPTY: Text = { zh: '，疑似有卡无人（一人多卡）', en: ': somebody carries more than their own card' }

function sourceText({ point, heads, cards }: Counter): Text {
  const source = !point
    ? { zh: '出入口统计', en: 'the gates' }
    : point.kind === 'count.lamps'
      ? { zh: `矿灯 ${point.id}`, en: `the lamps (${point.id})` }
      : { zh: `清点 ${point.id}`, en: `the count ${point.id}` }
  if (heads === undefined) return { zh: `${source.zh} 无有效数据`, en: `${source.en} cannot tell` }
  const [head, card] = [heads === 1 ? '1 head' : `${heads} heads`, cards === 1 ? '1 card' : `${cards} cards`]
  return { zh: `${source.zh} ${heads} 人，定位卡 ${cards} 张`, en: `${source.en}: ${head} and ${card}` }
}

/** Cards shown beside the counts. */
const SHOWN = 20

export function evidenceOf(
  spot: Spot,
  { counters, scope }: { counters: readonly Counter[]; scope: Scope<HeadCountParams> },
): readonly EntryRef[] {
  const counts = counters.flatMap(({ last }) => (last ? [refOf(last)] : []))
  const cards = [...spot.cards].sort().slice(0, SHOWN)
  const seen = cards.flatMap((id) => scope.crew.member(id)?.evidence ?? [])
  return [...counts, ...seen.map(refOf)]
}
