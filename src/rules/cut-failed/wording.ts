/** How the alarms of `cut-failed` are worded: which gas is over which level, and what is known of each feeder. */
import type { EntryRef } from '../../model/entry.ts'
import { durationText, type Text } from '../../model/text.ts'
import type { Instant } from '../../model/time.ts'
import { refOf } from '../evidence.ts'
import { areaName, pointName, quantity } from '../names.ts'
import type { Feeder, Gas, Spot, State } from './state.ts'

interface Words {
  readonly text: Text
  /** The first gas point that is over, and the level it is held against. */
  readonly value?: number
  readonly limit?: number
}

export function wording(state: State, spot: Spot, now: Instant): Words {
  const area = areaName(spot.area)
  const over = overOf(state, spot)
  const live = liveOf(state, spot)
  const [first] = over
  if (!first) {
    return {
      text: {
        zh: `${area.zh} 瓦斯已低于复电值`,
        en: `${area.en}: the gas is back at values at which power may return`,
      },
    }
  }
  const gas = over.map((one) => overText(one))
  const zh = `${area.zh} ${gas.map((one) => one.zh).join('、')}`
  const en = `${area.en}: ${gas.map((one) => one.en).join(', ')}`
  const figures = { value: first.last!.value as number, limit: heldOf(first) }
  if (live.length === 0) return { ...figures, text: { zh: `${zh}，已断电`, en: `${en}; power is off` } }
  const feeders = live.map((one) => feederText(one, now))
  const text = {
    zh: `${zh}，但${feeders.map((one) => one.zh).join('、')}`,
    en: `${en}, but ${feeders.map((one) => one.en).join(', ')}`,
  }
  return { ...figures, text }
}

function overText(gas: Gas): Text {
  const { point, last } = gas
  const name = pointName(point)
  const [value, bound] = [last!.value as number, heldOf(gas)].map((n) => quantity(n, point.unit))
  return { zh: `${name.zh} ${value}（断电值 ${bound}）`, en: `${name.en} ${value} (power cut at ${bound})` }
}

/** The bound of the first level that is held; at a restored moment there is none and the first level stands for it. */
function heldOf({ cuts, held }: Gas): number {
  return cuts[Math.max(0, held.indexOf(true))]!.bound
}

function feederText({ point, last, heard, silentAfter }: Feeder, now: Instant): Text {
  if (!last) return { zh: `${point.id} 馈电状态未知`, en: `feeder ${point.id} of unknown state` }
  if (heard + silentAfter <= now) {
    const after = durationText(silentAfter)
    return {
      zh: `${point.id} 超过 ${after.zh} 无有效馈电状态`,
      en: `feeder ${point.id} of unknown state, silent for more than ${after.en}`,
    }
  }
  return { zh: `${point.id} 仍有电`, en: `feeder ${point.id} still energised` }
}

function overOf({ gases }: State, { over }: Spot): readonly Gas[] {
  return gases.filter(({ point, last }) => last && over.has(point.id))
}

function liveOf({ feeders }: State, { live }: Spot): readonly Feeder[] {
  return feeders.filter(({ point }) => live.has(point.id))
}

export function evidenceOf(state: State, spot: Spot): readonly EntryRef[] {
  return [...overOf(state, spot), ...liveOf(state, spot)].flatMap(({ last }) => (last ? [refOf(last)] : []))
}
