/** What stands in a point's value cell. */
import type { PointBody } from '../api/types.ts'
import type { Lang } from '../i18n/words.ts'
import { valueText, withUnit } from './value.ts'

/** `struck`: the value is not the place's present state and must be shown struck through; calibration gas is no value at all. */
export function pointValue(
  point: Pick<PointBody, 'kind' | 'unit' | 'state' | 'value' | 'quality'>,
  lang: Lang,
): { readonly text: string; readonly struck: boolean } {
  const text = withUnit(valueText(point.value, { kind: point.kind, lang }), point.unit)
  if (text === '—') return { text, struck: false }
  return { text, struck: point.state !== 'live' || point.quality === 'bad' }
}
