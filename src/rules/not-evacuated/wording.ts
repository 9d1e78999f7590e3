/** How the alarms of `not-evacuated` are worded: how many, where, and which gas. Numbers and places only. */
import type { EntryRef } from '../../model/entry.ts'
import { durationText, type Text } from '../../model/text.ts'
import { refOf } from '../evidence.ts'
import { areaName, pointName, quantity } from '../names.ts'
import type { Gas, Spot, State } from './state.ts'

export function wording(state: State, spot: Spot): Text {
  const { zh, en } = areaName(spot.area)
  const cut = gasesOf(state, spot).map(gasText)
  if (cut.length === 0) return { zh: `${zh} 瓦斯已恢复正常`, en: `${en}: the gas is back below its level` }
  const gas = { zh: cut.map((c) => c.zh).join('、'), en: cut.map((c) => c.en).join(', ') }
  const count = spot.inside.size
  if (count === 0) return { zh: `${zh} 人员已撤离；${gas.zh}`, en: `${en} is empty; ${gas.en}` }
  const within = durationText(state.scope.params.within)
  const persons = count === 1 ? '1 person is' : `${count} persons are`
  return {
    zh: `${zh} 达到断电值已超过 ${within.zh}，仍有 ${count} 人未撤离；${gas.zh}`,
    en: `${en}: ${persons} there more than ${within.en} after the power was to be cut; ${gas.en}`,
  }
}

function gasText({ point, last }: Gas): Text {
  const { zh, en } = pointName(point)
  const value = typeof last?.value === 'number' ? ` ${quantity(last.value, point.unit)}` : ''
  return { zh: `${zh}${value}`, en: `${en}${value}` }
}

function gasesOf({ gases }: State, { over }: Spot): readonly Gas[] {
  return [...over].sort().flatMap((id) => gases.get(id) ?? [])
}

/** Persons shown. */
const SHOWN = 40

export function evidenceOf(state: State, spot: Spot): readonly EntryRef[] {
  const people = [...spot.inside].sort().slice(0, SHOWN)
  return [...gasesOf(state, spot).map(({ last }) => last), ...people.map((id) => state.scope.crew.member(id)?.evidence)]
    .filter((found) => found !== undefined)
    .map(refOf)
}
