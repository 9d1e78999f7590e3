/** How the alarms of `suspect` are worded: what was seen, what is usual, and what the peers did meanwhile. */
import type { EntryRef } from '../../model/entry.ts'
import { durationText, type Text } from '../../model/text.ts'
import { refOf } from '../evidence.ts'
import { pointName, quantity } from '../names.ts'
import type { State } from './state.ts'
import { type Track, variability } from './track.ts'

/** Peers named at most. */
const SHOWN = 3

/** Figures of a statistic: two digits are as exact as it is. */
export function rounded(value: number): number {
  return Number(value.toPrecision(2))
}

export function suspectText(state: State, track: Track, lively: readonly Track[]): Text {
  const { point, usual, level, last } = track
  const name = pointName(point)
  const each = durationText(state.pace.slice)
  const window = durationText(state.scope.params.window)
  const [found, expected, about] = [variability(track), usual, level].map((n) => quantity(rounded(n), point.unit))
  const stands = last!.value as number
  const now = quantity(stands, point.unit)
  const stepped = Math.abs(stands - level) > 2 * usual
  const ids = lively.slice(0, SHOWN).map((peer) => peer.point.id)
  const more = lively.length > SHOWN ? lively.length - SHOWN : 0
  const zh = [
    `${name.zh} 近 ${window.zh} 内每 ${each.zh} 仅变化 ${found}（平时 ${expected}），`,
    stepped ? `由平时约 ${about} 跳变并停在 ${now}` : `停在 ${now}`,
    lively.length > 0 ? `；同类测点 ${ids.join('、')}${more > 0 ? ` 等 ${lively.length} 个` : ''} 变化如常` : '',
    '。疑似探头被包裹、冻结或移动，须现场核实',
  ]
  const en = [
    `${name.en}: within the last ${window.en} it moved by ${found} in ${each.en} (usually ${expected}) and `,
    stepped ? `stepped from about ${about} to ${now}` : `stands at ${now}`,
    lively.length > 0 ? `, while its peers ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''} move as usual` : '',
    '. A probe may be wrapped, frozen or moved: look on the spot',
  ]
  return { zh: zh.join(''), en: en.join('') }
}

export function livelyText(state: State, track: Track): Text {
  const { point, usual } = track
  const name = pointName(point)
  const each = durationText(state.pace.slice)
  const [found, expected] = [variability(track), usual].map((n) => quantity(rounded(n), point.unit))
  return {
    zh: `${name.zh} 恢复变化：每 ${each.zh} 变化 ${found}（平时 ${expected}）`,
    en: `${name.en} moves again: by ${found} in ${each.en} (usually ${expected})`,
  }
}

export function evidenceOf(track: Track, lively: readonly Track[]): readonly EntryRef[] {
  return [track, ...lively.slice(0, SHOWN)].flatMap(({ last }) => (last ? [refOf(last)] : []))
}
