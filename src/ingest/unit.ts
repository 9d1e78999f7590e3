/** Stage between shape and stamp: a number in the unit that its point declares, whichever the source says it is in. */
import type { Point } from '../model/point.ts'
import type { Value } from '../model/reading.ts'
import { factorOf, scale } from '../model/unit.ts'
import { label } from './grade.ts'
import { describe, type Refusal, refuse } from './refusal.ts'

/** Limits are numbers in the point's unit, so a unit that is said must be that one, or convert into it. What is no number has none, and
 *  a point that declares none is measured in whatever its source uses. */
export function convert(
  value: Value | null,
  { unit: raw, point }: { readonly unit: unknown; readonly point: Point },
): Value | null | Refusal {
  const unit = label(raw, 'unit')
  if (unit === undefined || typeof unit === 'object') return unit ?? value
  if (point.shape !== 'number' || point.unit === undefined) return value
  // Of a lower explosive limit (爆炸下限) a per cent is a per cent of it, with or without the word; of gas itself it never is.
  const said = (written: string) => (point.kind === 'gas.lel' ? written.replace(/lel$/i, '') : written)
  const factor = factorOf({ from: said(unit), to: said(point.unit) })
  if (factor === undefined) {
    return refuse('unit-mismatch', `unit ${describe(unit)}: ${point.id} is in ${describe(point.unit)}`)
  }
  // A sentinel is declared as the device says it, and means "no value" in any unit.
  return typeof value !== 'number' || point.sentinels?.includes(value) ? value : scale(value, factor)
}
